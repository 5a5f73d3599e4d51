"""How long the log keeps what it keeps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import AuditEntry
from sso.housekeeping import Stale, before
from sso.models import SignInEvent

EVENTS_KEPT = timedelta(days=90)
# The message of a sign-in and the attributes in it.
MESSAGES_KEPT = timedelta(days=30)
AUDIT_KEPT = timedelta(days=365)


def stale(now: datetime) -> list[Stale]:
    """Events, messages and audit entries past their time."""
    return [
        Stale("sign-in events", before(SignInEvent, "occurred_at", now - EVENTS_KEPT)),
        Stale(
            "messages of sign-ins",
            # "IN (true)" is a comparison SQLite finds in an index; a bare boolean is not.
            before(SignInEvent, "occurred_at", now - MESSAGES_KEPT).filter(has_message__in=[True]),
            _forget_message,
        ),
        Stale("audit entries", before(AuditEntry, "at", now - AUDIT_KEPT)),
    ]


def _forget_message(rows: QuerySet[Any]) -> None:
    rows.update(redacted_xml="", attributes={})
