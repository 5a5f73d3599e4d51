"""How many signed in and how many were refused, day by day (UTC). A day that is over is counted once, and kept.

Junk that anybody can post, and tests, are left out: they say nothing about whether people get in.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import Organization
from sso.models import Connection, DailyCount, Flow, SignInEvent

DAYS = 30
# A sign-in that began before midnight is written by then.
_SETTLED = timedelta(minutes=10)
_NEWEST = 200


@dataclass(frozen=True, slots=True)
class Day:
    """One day: those who signed in from the tile and by request, and those who were refused."""

    day: date
    tile: int = 0
    sso_page: int = 0
    refused: int = 0

    @property
    def signed_in(self) -> int:
        return self.tile + self.sso_page


def last_days(connection: Connection, now: datetime) -> list[Day]:
    """The last 30 days, today last. Four statements at most, whatever was counted before."""
    today = now.astimezone(UTC).date()
    counted = count_days(connection, now)
    first = today - timedelta(days=DAYS - 1)
    kept = DailyCount.objects.filter(organization=connection.organization, day__range=(first, counted))
    rows = list(kept.values_list("day", "flow", "is_refused", "count"))
    rows += _counts(connection.organization, counted + timedelta(days=1), today + timedelta(days=1))
    found: dict[date, dict[str, int]] = {}
    for day, flow, is_refused, count in rows:
        of_day = found.setdefault(day, {})
        kind = "refused" if is_refused else str(flow)
        of_day[kind] = of_day.get(kind, 0) + count
    days = (first + timedelta(days=number) for number in range(DAYS))
    return [Day(day, **found.get(day, {})) for day in days]


def count_days(connection: Connection, now: datetime) -> date:
    """Count the days that are over and not counted yet. Returns the last day that is counted."""
    last = (now - _SETTLED).astimezone(UTC).date() - timedelta(days=1)
    first = last - timedelta(days=DAYS - 2)
    if connection.counted_until is not None:
        if connection.counted_until >= last:
            return connection.counted_until
        first = max(first, connection.counted_until + timedelta(days=1))
    rows = [
        DailyCount(
            organization=connection.organization, day=day, flow=flow, is_refused=is_refused, count=count
        )
        for day, flow, is_refused, count in _counts(connection.organization, first, last + timedelta(days=1))
    ]
    with transaction.atomic():
        # Two pages at once count the same.
        DailyCount.objects.bulk_create(rows, ignore_conflicts=True)
        Connection.objects.filter(pk=connection.pk).update(counted_until=last)
    connection.counted_until = last
    return last


def seconds_at_identity_provider(organization: Organization) -> int | None:
    """The median of the newest 200 requests that were answered by a sign-in; None without any."""
    answered = organization.sign_in_events.filter(flow=Flow.SSO_PAGE, refusal="", requested_at__isnull=False)
    newest = answered.order_by("-occurred_at", "-pk").values_list("requested_at", "occurred_at")[:_NEWEST]
    seconds = [(came - went).total_seconds() for went, came in newest if went is not None]
    return round(statistics.median(seconds)) if seconds else None


def _counts(organization: Organization, first: date, behind: date) -> Iterator[tuple[Any, ...]]:
    """Day, flow, whether refused, and how many, from the first day up to the one behind the last."""
    events: QuerySet[SignInEvent] = (
        organization.sign_in_events.filter(
            occurred_at__gte=_midnight(first), occurred_at__lt=_midnight(behind), repeated__isnull=True
        )
        .exclude(flow=Flow.TEST)
        .order_by()
    )
    counted = events.annotate(day=TruncDate("occurred_at", tzinfo=UTC))
    return iter(
        counted.values("day", "flow", "refused")
        .annotate(count=Count("pk"))
        .values_list("day", "flow", "refused", "count")
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
