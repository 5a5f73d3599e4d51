"""The audit trail in words: sentences for actions, labels for fields, values as people know them.

A code nobody has words for is shown as it is: an entry of another release is still an entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

from accounts.roles import Role
from sso.connection.configuration import LABELS
from sso.saml.fingerprints import shortened

_SENTENCES = {
    "sso.enabled": gettext_noop("Enabled single sign-on as a draft"),
    "sso.configuration_saved": gettext_noop("Saved the configuration"),
    "sso.change_staged": gettext_noop("Saved a change that waits for its test"),
    "sso.change_applied": gettext_noop("Applied a tested change"),
    "sso.change_applied_untested": gettext_noop("Applied a change without testing it"),
    "sso.change_discarded": gettext_noop("Discarded a change that waited for its test"),
    "sso.guide_chosen": gettext_noop("Chose the identity provider"),
    "sso.sha1_changed": gettext_noop("Changed whether SHA-1 signatures are accepted"),
    "sso.turned_on": gettext_noop("Turned single sign-on on"),
    "sso.turned_off": gettext_noop("Turned single sign-on off"),
    "sso.deleted": gettext_noop("Deleted the single sign-on configuration"),
    "sso.link_reset": gettext_noop("Reset the SSO link of %(subject)s"),
    "domain.added": gettext_noop("Added the domain %(subject)s"),
    "domain.verified": gettext_noop("Verified the domain %(subject)s"),
    "domain.lapsed": gettext_noop("The domain %(subject)s lapsed: its TXT record was missing for 7 days"),
    "domain.removed": gettext_noop("Removed the domain %(subject)s"),
    "member.role_changed": gettext_noop("Changed the role of %(subject)s"),
    "member.deactivated": gettext_noop("Deactivated %(subject)s"),
    "member.reactivated": gettext_noop("Reactivated %(subject)s"),
    "member.signed_out_everywhere": gettext_noop("Signed %(subject)s out everywhere"),
    "invitation.sent": gettext_noop("Invited %(subject)s"),
    "invitation.revoked": gettext_noop("Revoked the invitation of %(subject)s"),
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
_STATES = {"verified": gettext_noop("Verified"), "pending": gettext_noop("Pending")}


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after. Empty: there was nothing, or there is nothing any more."""

    label: str
    before: str
    after: str


def sentence_of(action: str, subject: str) -> str:
    """What was done, in a sentence without its doer."""
    sentence = _SENTENCES.get(action)
    if sentence is None:
        return f"{action} {subject}".strip()
    return gettext(sentence) % {"subject": subject}


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
    return _FINGERPRINT.sub(lambda found: shortened(found[0]), str(value))
