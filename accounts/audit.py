"""The audit trail: who changed which setting of an organization, from what to what."""

from __future__ import annotations

from typing import Any

from accounts.models import AuditEntry, Organization, User

Changes = dict[str, list[Any]]


def record(
    organization: Organization,
    actor: User | None,
    action: str,
    changes: Changes | None = None,
    *,
    subject: str = "",
) -> AuditEntry:
    """Write one entry, in the transaction of the change itself.

    No actor: JustCall did it by itself. `changes` is {field: [before, after]}, without secrets. `subject` is the e-mail
    address or domain that it was done to.
    """
    return AuditEntry.objects.create(
        organization=organization, actor=actor, action=action, changes=changes or {}, subject=subject
    )
