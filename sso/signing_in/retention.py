"""How long requests and used assertions are remembered."""

from __future__ import annotations

from datetime import datetime, timedelta

from sso.forgetting import Stale, before
from sso.log.retention import EVENTS_KEPT
from sso.models import ConsumedAssertion, PendingLogin

ANSWERED_REQUESTS_KEPT = timedelta(days=1)

_ON_THE_WAY = timedelta(hours=1)


def stale(now: datetime) -> list[Stale]:
    """Requests and used assertions past their time."""
    return [
        Stale("answered requests", before(PendingLogin, "answered_at", now - ANSWERED_REQUESTS_KEPT)),
        # The others are lines of the sign-in log: "Started, no response".
        Stale("unanswered requests", before(PendingLogin, "expires_at", now - EVENTS_KEPT)),
        # Its time has run out, skew included: a copy would be refused as expired. One that arrived in time may still be
        # on its way through a slow database.
        Stale("consumed assertions", before(ConsumedAssertion, "expires_at", now - _ON_THE_WAY)),
    ]
