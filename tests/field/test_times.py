"""Times with an offset, without a zone, over or still to come: met with pysaml2 and SimpleSAMLphp."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.test import Client

from tests.cast import Newest
from tests.field.filling import Edit, Field, replaced
from tests.field.told import ADMIN_CAN_FIX_IT, START_AGAIN, admin_reads, person_reads

CASE = "times-with-offset"
STATEMENT = 'AuthnInstant="{NOW-20s}"'


def _with_offset(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}+00:00"


def _with_offset_and_seven_digits(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.1234567+00:00"


def _without_zone(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def _two_hours_east(moment: datetime) -> str:
    return moment.astimezone(timezone(timedelta(hours=2))).isoformat(timespec="seconds")


@pytest.mark.parametrize("write", [_with_offset, _with_offset_and_seven_digits])
def test_an_offset_of_zero_is_the_same_instant(
    write: Callable[[datetime], str], field: Field, last_event: Newest
) -> None:
    browser = Client()
    assert field.post(field.case(CASE, field.ask(browser), time=write), browser).status_code == 303
    assert last_event().email == "adam@acme.example"


@pytest.mark.parametrize("write", [_without_zone, _two_hours_east])
def test_a_time_that_is_not_utc_is_told_as_that(
    write: Callable[[datetime], str], field: Field, last_event: Newest
) -> None:
    browser = Client()
    page = person_reads(field.post(field.case(CASE, field.ask(browser), time=write), browser))
    assert ADMIN_CAN_FIX_IT in page
    event = last_event()
    told = admin_reads(event)
    assert event.refusal == "time_not_utc"
    assert told.row.title == "Time not in UTC"
    assert "must write every time in UTC with a Z" in told.cure


# What the template says instead; the cause, and what the admin reads of it.
OUT_OF_TIME: dict[str, tuple[Edit, str, str, str]] = {
    "session over": (
        replaced(STATEMENT, STATEMENT + ' SessionNotOnOrAfter="{NOW-30s}"'),
        "session_over",
        "a session that ended",
        "Let sessions last longer",
    ),
    "session over for hours": (
        replaced(STATEMENT, STATEMENT + ' SessionNotOnOrAfter="{NOW-36000s}"'),
        "session_over",
        "36000 seconds before",
        "Let sessions last longer",
    ),
    "authenticated in the future": (
        replaced(STATEMENT, 'AuthnInstant="{NOW+7200s}"'),
        "authenticated_later",
        "seconds from now",
        "clock is ahead",
    ),
    "not yet valid": (
        replaced('NotBefore="{NOW-60s}"', 'NotBefore="{NOW+200s}"'),
        "not_yet_valid",
        "seconds early",
        "SAML not valid before",
    ),
}


@pytest.mark.parametrize("name", OUT_OF_TIME)
def test_what_starting_again_cannot_mend_is_the_admins_matter(
    name: str, field: Field, last_event: Newest
) -> None:
    edit, refusal, received, cure = OUT_OF_TIME[name]
    browser = Client()
    page = person_reads(field.post(field.case(CASE, field.ask(browser), edit), browser))
    assert ADMIN_CAN_FIX_IT in page
    assert START_AGAIN not in page
    event = last_event()
    told = admin_reads(event)
    assert event.refusal == refusal
    assert received in told.row.received
    assert cure in told.cure
    assert "Start again" not in told.cure


def test_a_response_that_came_late_is_started_again(field: Field, last_event: Newest) -> None:
    browser = Client()
    edit = replaced('NotBefore="{NOW-60s}" NotOnOrAfter="{NOW+300s}"', 'NotOnOrAfter="{NOW-90s}"')
    assert START_AGAIN in person_reads(field.post(field.case(CASE, field.ask(browser), edit), browser))
    assert last_event().refusal == "expired"


def test_a_clock_a_little_ahead_is_no_matter(field: Field, last_event: Newest) -> None:
    browser = Client()
    edit = replaced(STATEMENT, 'AuthnInstant="{NOW+50s}"')
    assert field.post(field.case(CASE, field.ask(browser), edit), browser).status_code == 303
