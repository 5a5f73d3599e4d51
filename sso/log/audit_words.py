"""The audit trail in words: a sentence for each action, a label for each field.

A code without words, of another release, is shown as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

from accounts.audit import Action
from accounts.roles import Role
from sso.connection.configuration import LABELS
from sso.guides import GUIDES
from sso.saml.fingerprints import shortened

_SENTENCES = {
    Action.SSO_ENABLED: gettext_noop("Enabled single sign-on as a draft"),
    Action.CONFIGURATION_SAVED: gettext_noop("Saved the configuration"),
    Action.CHANGE_STAGED: gettext_noop("Saved a change that waits for its test"),
    Action.CHANGE_APPLIED: gettext_noop("Applied a tested change"),
    Action.CHANGE_APPLIED_UNTESTED: gettext_noop("Applied a change without testing it"),
    Action.CHANGE_DISCARDED: gettext_noop("Discarded a change that waited for its test"),
    Action.GUIDE_CHOSEN: gettext_noop("Chose the identity provider"),
    Action.SHA1_CHANGED: gettext_noop("Changed whether SHA-1 signatures are accepted"),
    Action.SSO_TURNED_ON: gettext_noop("Turned single sign-on on"),
    Action.SSO_TURNED_OFF: gettext_noop("Turned single sign-on off"),
    Action.SSO_DELETED: gettext_noop("Deleted the single sign-on configuration"),
    Action.SSO_LINK_RESET: gettext_noop("Reset the SSO link of %(subject)s"),
    Action.DOMAIN_ADDED: gettext_noop("Added the domain %(subject)s"),
    Action.DOMAIN_VERIFIED: gettext_noop("Verified the domain %(subject)s"),
    Action.DOMAIN_LAPSED: gettext_noop(
        "The domain %(subject)s lapsed: its TXT record was missing for 7 days"
    ),
    Action.DOMAIN_REMOVED: gettext_noop("Removed the domain %(subject)s"),
    Action.MEMBER_ROLE_CHANGED: gettext_noop("Changed the role of %(subject)s"),
    Action.MEMBER_DEACTIVATED: gettext_noop("Deactivated %(subject)s"),
    Action.MEMBER_REACTIVATED: gettext_noop("Reactivated %(subject)s"),
    Action.MEMBER_SIGNED_OUT_EVERYWHERE: gettext_noop("Signed %(subject)s out everywhere"),
    Action.INVITATION_SENT: gettext_noop("Invited %(subject)s"),
    Action.INVITATION_REVOKED: gettext_noop("Revoked the invitation of %(subject)s"),
}

_FIELDS = {
    "protocol": gettext_noop("Protocol"),
    "enabled": gettext_noop("Single sign-on"),
    **LABELS,
    # Entries of earlier releases.
    "certificate": LABELS["certificates"],
    "acs_url": gettext_noop("ACS URL"),
    "allow_sha1": gettext_noop("Accept SHA-1 signatures"),
    "guide": gettext_noop("Identity provider"),
    "role": gettext_noop("Role"),
    "status": gettext_noop("Status"),
}
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_ROLES = {"role", "default_role"}
_PROTOCOLS = {"saml2": "SAML 2.0"}
_STATES = {"verified": gettext_noop("Verified"), "pending": gettext_noop("Pending")}


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after. Empty: there was nothing, or there is nothing any more."""

    label: str
    before: str
    after: str


def sentence_of(action: str, subject: str) -> str:
    """What was done, in a sentence without its doer."""
    if action not in set(Action):
        return f"{action} {subject}".strip()
    return gettext(_SENTENCES[Action(action)]) % {"subject": subject}


def changes_in_words(changes: Any) -> list[Change]:
    """Each field before and after. What is not shaped like a change is left out."""
    if not isinstance(changes, dict):
        return []
    return [
        Change(_label(field), _value(field, pair[0]), _value(field, pair[1]))
        for field, pair in changes.items()
        if isinstance(pair, list) and len(pair) == 2
    ]


def _label(field: str) -> str:
    return gettext(_FIELDS[field]) if field in _FIELDS else field


def _value(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("On") if value else gettext("Off")
    if value is None:
        return ""
    if field in _ROLES and value in set(Role):
        return Role(value).label
    if field == "status" and value in _STATES:
        return gettext(_STATES[value])
    # What an earlier release stored was the title.
    if field == "guide" and value in GUIDES:
        return gettext(GUIDES[value].label)
    if field == "protocol" and value in _PROTOCOLS:
        return _PROTOCOLS[value]
    return _FINGERPRINT.sub(lambda found: shortened(found[0]), str(value))
