"""The audit trail in words, a page at a time, newest first.

Like the sign-in log it is read by key: a page begins below the last row of the page before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import AuditEntry, Organization
from sso.log.audit_words import Change, changes_in_words, sentence_of
from sso.log.cursor import Cursor, below, between

PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry in words. No actor: JustCall did it itself, or the person's account was deleted."""

    at: datetime
    actor: str
    sentence: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the trail, and where the next, older one begins."""

    lines: list[AuditLine]
    older: Cursor | None


def page(
    organization: Organization,
    actors: list[int] | None,
    since: datetime | None,
    until: datetime | None,
    *,
    before: Cursor | None = None,
    size: int = PAGE,
) -> Page:
    """The page below `before`, of what these members did, or anybody (None). One query."""
    rows = organization.audit_entries.order_by("-at", "-pk").select_related("actor")
    if actors is not None:
        rows = rows.filter(actor__in=actors)
    found = list(below(between(rows, "at", since, until), "at", before)[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page([_line(entry) for entry in found[:size]], Cursor(last.at, last.pk) if last else None)


def _line(entry: AuditEntry) -> AuditLine:
    actor = entry.actor.get_full_name() if entry.actor else ""
    return AuditLine(
        entry.at, actor, sentence_of(entry.action, entry.subject), changes_in_words(entry.changes)
    )
