"""The failures of the last seven days, by cause."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organization
from sso.health.failures import SPAN, failures_by_cause
from sso.models import Connection, Flow
from sso.refusals import Refusal
from sso.signing_in import pending
from tests.cast import connect
from tests.recording import record_event, refuse


def test_causes_are_grouped_with_count_newest_references_and_cure(connection: Connection) -> None:
    now = timezone.now()
    times = [now - timedelta(hours=hour) for hour in range(5)]
    references = [refuse(connection, Refusal.WRONG_AUDIENCE, at).reference for at in times]
    one = refuse(connection, Refusal.NO_SEAT, now - timedelta(days=6)).reference
    refuse(connection, None, now)
    refuse(connection, Refusal.EXPIRED, now - SPAN - timedelta(minutes=1))
    audience, seats = failures_by_cause(connection.organization, connection, now)
    assert (audience.refusal, audience.count, audience.last_seen) == (Refusal.WRONG_AUDIENCE, 5, times[0])
    assert audience.references == tuple(references[:3])
    assert audience.title == "Invalid audience"
    assert audience.fix
    assert audience.fix.menu_path.endswith("Audience (EntityID)")
    assert (seats.count, seats.references) == (1, (one,))


def test_attempts_without_an_entry_of_their_own_count(connection: Connection) -> None:
    refuse(connection, Refusal.NOT_A_RESPONSE, timezone.now())
    connection.events.update(repeated=40)
    refuse(connection, Refusal.NOT_A_RESPONSE, timezone.now())
    (cause,) = failures_by_cause(connection.organization, connection, timezone.now())
    assert (cause.count, len(cause.references)) == (42, 2)


def test_a_request_nobody_answered_is_one_of_them(connection: Connection) -> None:
    now = timezone.now()
    ages = [timedelta(minutes=1), timedelta(minutes=6), timedelta(hours=3), SPAN + timedelta(minutes=1)]
    for age in ages:
        pending.start(connection, now - age)
    answered = pending.start(connection, now - timedelta(hours=1))
    row = connection.pending_logins.get(request_id=answered.request_id)
    record_event(
        flow=Flow.SSO_PAGE,
        now=now,
        organization=connection.organization,
        connection=connection,
        refusal=Refusal.WRONG_ISSUER,
        request=row,
    )
    causes = {cause.refusal: cause for cause in failures_by_cause(connection.organization, connection, now)}
    assert set(causes) == {Refusal.WRONG_ISSUER, Refusal.NO_RESPONSE}
    assert causes[Refusal.NO_RESPONSE].count == 2
    assert causes[Refusal.NO_RESPONSE].last_seen == now - timedelta(minutes=6)


def test_a_code_of_another_release_is_shown_bare(connection: Connection) -> None:
    reference = refuse(connection, Refusal.EXPIRED, timezone.now()).reference
    connection.events.filter(reference=reference).update(refusal="of_tomorrow")
    (cause,) = failures_by_cause(connection.organization, connection, timezone.now())
    assert (cause.title, cause.refusal, cause.fix) == ("of_tomorrow", None, None)


def test_only_ones_own_company_counts(connection: Connection, globex: Organization) -> None:
    refuse(connect(globex), Refusal.EXPIRED, timezone.now())
    assert failures_by_cause(connection.organization, connection, timezone.now()) == []


@pytest.mark.parametrize("failures", [1, 40])
def test_however_many_there_are_it_takes_three_queries(connection: Connection, failures: int) -> None:
    for number in range(failures):
        refuse(connection, list(Refusal)[number % 30], timezone.now())
    with CaptureQueriesContext(
        database,
    ) as queries:
        failures_by_cause(connection.organization, connection, timezone.now())
    assert len(queries) == 3
