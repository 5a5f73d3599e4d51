"""How long requests and used assertions are remembered."""

from __future__ import annotations

from datetime import datetime, timedelta

from sso.forgetting import Stale, before
from sso.log.retention import EVENTS_KEPT
from sso.models import ConsumedAssertion, PendingLogin

ANSWERED_REQUESTS_KEPT = timedelta(days=1)


def stale(now: datetime) -> list[Stale]:
    """Requests and used assertions past their time."""
    return [
        Stale("answered requests", before(PendingLogin, "answered_at", now - ANSWERED_REQUESTS_KEPT)),
        # The others are lines of the sign-in log: "Started, no response".
        Stale("unanswered requests", before(PendingLogin, "expires_at", now - EVENTS_KEPT)),
        # Its time has run out, skew included: a copy would be refused as expired.
        Stale("consumed assertions", before(ConsumedAssertion, "expires_at", now)),
    ]
