"""The audit trail: who changed which setting of an organization, from what to what."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from accounts.models import AuditEntry, Organization, User

Changes = dict[str, list[Any]]


class Action(StrEnum):
    """What was done. The values are stored: never change one. Its words are in sso/log/audit_words.py."""

    SSO_ENABLED = "sso.enabled"
    CONFIGURATION_SAVED = "sso.configuration_saved"
    CHANGE_STAGED = "sso.change_staged"
    CHANGE_APPLIED = "sso.change_applied"
    CHANGE_APPLIED_UNTESTED = "sso.change_applied_untested"
    CHANGE_DISCARDED = "sso.change_discarded"
    GUIDE_CHOSEN = "sso.guide_chosen"
    SHA1_CHANGED = "sso.sha1_changed"
    SSO_TURNED_ON = "sso.turned_on"
    SSO_TURNED_OFF = "sso.turned_off"
    SSO_DELETED = "sso.deleted"
    SSO_LINK_RESET = "sso.link_reset"
    DOMAIN_ADDED = "domain.added"
    DOMAIN_VERIFIED = "domain.verified"
    DOMAIN_LAPSED = "domain.lapsed"
    DOMAIN_REMOVED = "domain.removed"
    MEMBER_ROLE_CHANGED = "member.role_changed"
    MEMBER_DEACTIVATED = "member.deactivated"
    MEMBER_REACTIVATED = "member.reactivated"
    MEMBER_SIGNED_OUT_EVERYWHERE = "member.signed_out_everywhere"
    INVITATION_SENT = "invitation.sent"
    INVITATION_REVOKED = "invitation.revoked"


def record(
    organization: Organization,
    actor: User | None,
    action: Action,
    changes: Changes | None = None,
    *,
    subject: str = "",
) -> AuditEntry:
    """Write one entry, in the transaction of the change itself.

    No actor: JustCall did it by itself. `changes` is {field: [before, after]}, in codes and values, without secrets.
    `subject` is the e-mail address or domain that it was done to.
    """
    return AuditEntry.objects.create(
        organization=organization, actor=actor, action=action.value, changes=changes or {}, subject=subject
    )
