"""How long events, messages and audit entries are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import AuditEntry
from sso.forgetting import Stale, before
from sso.models import DailyCount, SignInEvent

EVENTS_KEPT = timedelta(days=90)
# The XML of a sign-in, and its attributes.
MESSAGES_KEPT = timedelta(days=30)
AUDIT_KEPT = timedelta(days=365)


def stale(now: datetime) -> list[Stale]:
    """What housekeeping deletes: events, messages and audit entries that are too old."""
    return [
        Stale("sign-in events", before(SignInEvent, "occurred_at", now - EVENTS_KEPT)),
        Stale(
            "messages of sign-ins",
            # Not `has_message=True`: SQLite uses the index for "IN (true)", but not for a bare boolean.
            before(SignInEvent, "occurred_at", now - MESSAGES_KEPT).filter(has_message__in=[True]),
            _forget_message,
        ),
        Stale("daily counts", before(DailyCount, "day", (now - EVENTS_KEPT).date())),
        Stale("audit entries", before(AuditEntry, "at", now - AUDIT_KEPT)),
    ]


def _forget_message(rows: QuerySet[Any]) -> None:
    rows.update(redacted_xml="", attributes={})
