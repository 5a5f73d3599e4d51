"""The last 30 days: each day is counted once, when it is over; junk and tests are left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from sso.health.chart import HEIGHT, chart_of
from sso.health.daily import Day, count_days, last_days, seconds_at_identity_provider
from sso.models import Connection, DailyCount, Flow, SignInEvent
from sso.refusals import Refusal
from tests.recording import refuse

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


@pytest.fixture
def busy(connection: Connection) -> Connection:
    """Yesterday: two sign-ins, one by each flow, and a refusal. Today: one of each."""
    for at in (NOON - timedelta(days=1), NOON):
        refuse(connection, None, at)
        refuse(connection, Refusal.NO_SEAT, at)
    refuse(connection, None, NOON - timedelta(days=1), Flow.SSO_PAGE)
    return connection


def test_today_is_the_last_of_thirty_days(busy: Connection) -> None:
    days = last_days(busy, NOON)
    assert [day.day for day in days] == [(NOON - timedelta(days=29 - number)).date() for number in range(30)]
    assert days[-2:] == [
        Day((NOON - timedelta(days=1)).date(), tile=1, sso_page=1, refused=1),
        Day(NOON.date(), tile=1, refused=1),
    ]
    assert all(day.signed_in + day.refused == 0 for day in days[:-2])


def test_junk_and_tests_are_left_out(busy: Connection) -> None:
    before = last_days(busy, NOON)
    refuse(busy, None, NOON, Flow.TEST)
    junk = refuse(busy, Refusal.NOT_A_RESPONSE, NOON)
    SignInEvent.objects.filter(pk=junk.pk).update(repeated=0)
    assert last_days(busy, NOON) == before


def test_a_day_that_is_over_is_counted_once_and_outlives_its_events(busy: Connection) -> None:
    before = last_days(busy, NOON)
    SignInEvent.objects.all().delete()
    after = last_days(Connection.objects.get(), NOON)
    assert after[:-1] == before[:-1]
    assert after[-1] == Day(NOON.date())
    # Today is not kept: it is not over.
    assert {row.day for row in DailyCount.objects.all()} == {before[-2].day}


def test_yesterday_waits_until_its_last_sign_ins_are_written(busy: Connection) -> None:
    midnight = NOON.replace(hour=0)
    last = count_days(busy, midnight + timedelta(minutes=9))
    assert last == (NOON - timedelta(days=2)).date()
    assert last_days(busy, midnight + timedelta(minutes=9))[-2].signed_in == 2
    assert count_days(busy, midnight + timedelta(minutes=10)) == (NOON - timedelta(days=1)).date()


def test_a_day_nobody_looked_at_is_counted_later(busy: Connection) -> None:
    count_days(busy, NOON - timedelta(days=1))
    assert last_days(Connection.objects.get(), NOON + timedelta(days=3))[-5:-3] == [
        Day((NOON - timedelta(days=1)).date(), tile=1, sso_page=1, refused=1),
        Day(NOON.date(), tile=1, refused=1),
    ]


def test_two_who_count_at_once_count_the_same(busy: Connection) -> None:
    stale = Connection.objects.select_related("organization").get()
    first = last_days(busy, NOON)
    assert last_days(stale, NOON) == first
    assert DailyCount.objects.count() == 3


def test_what_was_counted_is_not_read_again(busy: Connection) -> None:
    last_days(busy, NOON)
    with CaptureQueriesContext(database) as caught:
        last_days(busy, NOON)
    assert len(caught) == 2


def test_the_time_at_the_identity_provider_is_a_median(busy: Connection, agent: User) -> None:
    assert seconds_at_identity_provider(busy.organization) is None
    for seconds in (1, 4, 60):
        event = refuse(busy, None, timezone.now(), Flow.SSO_PAGE)
        SignInEvent.objects.filter(pk=event.pk).update(
            requested_at=event.occurred_at - timedelta(seconds=seconds)
        )
    assert seconds_at_identity_provider(busy.organization) == 4


class TestChart:
    TODAY = NOON.date()

    def test_the_highest_day_fills_it_and_one_of_many_is_seen(self) -> None:
        chart = chart_of([Day(self.TODAY, tile=999, refused=1), Day(self.TODAY)])
        high, none = chart.bars
        assert (high.signed_in, high.refused) == (f"M3 {HEIGHT}h14v-83h-14z", f"M3 {HEIGHT - 83}h14v-2h-14z")
        assert (none.slot_x, none.signed_in, none.refused) == (20, "", "")
        assert chart.width == 40

    @pytest.mark.parametrize(
        ("signed_in", "refused", "percent"), [(0, 0, None), (1, 0, 100), (999, 1, 99), (0, 3, 0)]
    )
    def test_success_is_only_whole_when_it_is(
        self, signed_in: int, refused: int, percent: int | None
    ) -> None:
        chart = chart_of([Day(self.TODAY, sso_page=signed_in, refused=refused)])
        assert chart.success_percent == percent
