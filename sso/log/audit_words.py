"""The audit trail in words: a sentence for each action, a label for each field, values as people know them.

A code nobody has words for is shown as it is: an entry of another release is still an entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from accounts.roles import Role
from sso.refusals import gettext_noop as _

_SENTENCES = {
    "sso.enabled": _("Enabled single sign-on as a draft"),
    "sso.configuration_saved": _("Saved the configuration"),
    "sso.change_staged": _("Saved a change that waits for its test"),
    "sso.change_applied": _("Applied a tested change"),
    "sso.change_applied_untested": _("Applied a change without testing it"),
    "sso.change_discarded": _("Discarded a change that waited for its test"),
    "sso.guide_chosen": _("Chose the identity provider"),
    "sso.sha1_changed": _("Changed whether SHA-1 signatures are accepted"),
    "sso.turned_on": _("Turned single sign-on on"),
    "sso.turned_off": _("Turned single sign-on off"),
    "sso.deleted": _("Deleted the single sign-on configuration"),
    "sso.link_reset": _("Reset the SSO link of %(subject)s"),
    "domain.added": _("Added the domain %(subject)s"),
    "domain.verified": _("Verified the domain %(subject)s"),
    "domain.lapsed": _("The domain %(subject)s lapsed: its TXT record was missing for 7 days"),
    "domain.removed": _("Removed the domain %(subject)s"),
    "member.role_changed": _("Changed the role of %(subject)s"),
    "member.deactivated": _("Deactivated %(subject)s"),
    "member.reactivated": _("Reactivated %(subject)s"),
    "member.signed_out_everywhere": _("Signed %(subject)s out everywhere"),
    "invitation.sent": _("Invited %(subject)s"),
    "invitation.revoked": _("Revoked the invitation of %(subject)s"),
}

_FIELDS = {
    "protocol": _("Protocol"),
    "enabled": _("Single sign-on"),
    "sso_url": _("SSO URL"),
    "idp_entity_id": _("Issuer / Entity ID"),
    "certificate": _("Certificate"),
    "acs_url": _("ACS URL"),
    "default_role": _("Default Role"),
    "allow_idp_initiated": _("Allow sign-in from the tile"),
    "create_members": _("Create members automatically"),
    "allow_sha1": _("Accept SHA-1 signatures"),
    "guide": _("Identity provider"),
    "role": _("Role"),
    "status": _("Status"),
}
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_ROLES = {"role", "default_role"}
_STATES = {"verified": _("Verified"), "pending": _("Pending")}


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
        return gettext(Role(value).label)
    if field == "status" and value in _STATES:
        return gettext(_STATES[value])
    return _FINGERPRINT.sub(_short_fingerprint, str(value))


def _short_fingerprint(found: re.Match[str]) -> str:
    """The first eight bytes of a SHA-256 fingerprint, as a certificate's card shows them."""
    digits = found[0][:16].upper()
    return ":".join(digits[at : at + 2] for at in range(0, 16, 2)) + "…"
