"""What may be forgotten: answered requests, used assertions past their time, old events and counters.

Deletes in batches, so that no lock is held for long; safe to run twice at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import Throttle
from sso.models import ConnectionTest, ConsumedAssertion, PendingLogin, SignInEvent

EVENTS_KEPT = timedelta(days=90)
XML_KEPT = timedelta(days=30)
REQUESTS_KEPT = timedelta(days=1)
BATCH = 1000


def forgettable(now: datetime) -> dict[str, QuerySet[Any]]:
    """What can be deleted at this moment, by name."""
    return {
        "pending logins": PendingLogin.objects.filter(expires_at__lt=now - REQUESTS_KEPT),
        # Its time has run out, skew included: a copy would be refused as expired.
        "consumed assertions": ConsumedAssertion.objects.filter(expires_at__lt=now),
        "connection tests": ConnectionTest.objects.filter(started_at__lt=now - EVENTS_KEPT),
        "sign-in events": SignInEvent.objects.filter(occurred_at__lt=now - EVENTS_KEPT),
        "counters": Throttle.objects.filter(window_ends_at__lt=now),
    }


def forget(now: datetime) -> Iterator[tuple[str, int]]:
    """Delete what may be forgotten; yields each name with how many rows went."""
    for name, rows in forgettable(now).items():
        gone = 0
        while batch := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
            gone += rows.model._default_manager.filter(pk__in=batch).delete()[0]
        yield name, gone
    stale = SignInEvent.objects.filter(occurred_at__lt=now - XML_KEPT).exclude(redacted_xml="")
    yield "redacted messages", stale.update(redacted_xml="", attributes={})
