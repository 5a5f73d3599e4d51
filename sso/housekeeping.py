"""How long things are kept, and forgetting what is past its time.

In batches, so that no lock is held for long. Two runs at once share the work: a row one of them is about to delete is
left out by the other, and what neither got is there for the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.models import AuditEntry, Throttle
from sso.models import ConnectionTest, ConsumedAssertion, PendingLogin, SignInEvent

EVENTS_KEPT = timedelta(days=90)
# The message of a sign-in and the attributes in it.
XML_KEPT = timedelta(days=30)
AUDIT_KEPT = timedelta(days=365)
REQUESTS_KEPT = timedelta(days=1)
BATCH = 1000


def _delete(rows: QuerySet[Any]) -> None:
    rows.delete()


def _forget_message(rows: QuerySet[Any]) -> None:
    rows.update(redacted_xml="", attributes={})


@dataclass(frozen=True, slots=True)
class Stale:
    """Rows past their time, in the order of the index that finds them, and what becomes of them."""

    name: str
    rows: QuerySet[Any]
    forget: Callable[[QuerySet[Any]], None] = _delete


def stale(now: datetime) -> list[Stale]:
    """Everything that may be forgotten at this moment."""
    past_events, past_messages = now - EVENTS_KEPT, now - XML_KEPT
    return [
        Stale("answered requests", _before(PendingLogin, "answered_at", now - REQUESTS_KEPT)),
        # The others are lines of the sign-in log: "Started, no response".
        Stale("unanswered requests", _before(PendingLogin, "expires_at", past_events)),
        # Its time has run out, skew included: a copy would be refused as expired.
        Stale("consumed assertions", _before(ConsumedAssertion, "expires_at", now)),
        Stale("connection tests", _before(ConnectionTest, "started_at", past_events)),
        Stale("sign-in events", _before(SignInEvent, "occurred_at", past_events)),
        Stale(
            "messages of sign-ins",
            # "IN (true)" is a comparison SQLite finds in an index; a bare boolean is not.
            _before(SignInEvent, "occurred_at", past_messages).filter(has_message__in=[True]),
            _forget_message,
        ),
        Stale("audit entries", _before(AuditEntry, "at", now - AUDIT_KEPT)),
        Stale("counters", _before(Throttle, "window_ends_at", now)),
    ]


def _before(model: type[Model], time: str, moment: datetime) -> QuerySet[Any]:
    return model._default_manager.filter(**{f"{time}__lt": moment}).order_by(time)


def forget(now: datetime) -> Iterator[tuple[str, int]]:
    """Forget what is past its time. Yields each name with how many rows went, after every batch; 0 at its end."""
    for kind in stale(now):
        while gone := _forget_batch(kind):
            yield kind.name, gone
        yield kind.name, 0


def _forget_batch(kind: Stale) -> int:
    with transaction.atomic():
        batch = kind.rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH]
        keys = list(batch)
        kind.forget(kind.rows.model._default_manager.filter(pk__in=keys))
    return len(keys)
