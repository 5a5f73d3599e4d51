"""A response explained after the fact: the same checks, at a time of choice, and nothing that could sign anybody in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from sso.refusals import Check, Refusal, Refused
from sso.report_words.words import in_words
from sso.saml.envelope import decode
from sso.saml.examination import Acceptance
from sso.saml.explanation import Explanation, claimed_addresses, explain, explain_unreadable, made_at
from sso.saml.instants import in_largest_unit
from sso.saml.report import CheckResult, Outcome
from sso.saml.types import UNSOLICITED
from tests.saml.messages import ACS_URL, ENTITY_ID, IdentityProvider, Message, encode

IDP = IdentityProvider()
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    """The second lock reads the system's clock: it stands still, however long the suite takes to get here."""
    with time_machine.travel(NOW, tick=False):
        yield


def explained(message: Message, at: datetime, *, now: datetime = NOW, **signing: Any) -> Explanation:
    return explain(decode(IDP.response(message, **signing)), IDP.config(), UNSOLICITED, at=at, now=now)


def row(explanation: Explanation, check: Check) -> CheckResult:
    return next(result for result in explanation.report.results if result.check is check)


def test_a_fresh_response_passes_both_locks() -> None:
    # The second lock reads the system's clock, so this is the time it really is.
    now = datetime.now(UTC).replace(microsecond=0)
    explanation = explained(Message(now=now), now, now=now)
    assert not explanation.report.failures
    assert row(explanation, Check.SECOND_LOCK).outcome is Outcome.PASSED
    assert explanation.person
    assert explanation.person.email == "nora@acme.example"
    assert explanation.attributes["firstName"] == ["Nora"]
    assert not explanation.is_out_of_time


def test_an_old_response_is_said_to_have_been_good_and_until_when() -> None:
    explanation = explained(Message(now=NOW - timedelta(hours=3, minutes=10)), NOW)
    assert explanation.is_out_of_time
    assert "judged" not in in_words(row(explanation, Check.AUDIENCE).received)
    time = row(explanation, Check.TIME)
    assert time.refusal is Refusal.EXPIRED
    assert in_words(time.expected).startswith("good from ")
    assert "3 hours after it had expired" in in_words(time.received)
    assert [failure.refusal for failure in explanation.report.failures] == [Refusal.EXPIRED]


def test_it_has_expired_from_the_very_second_on() -> None:
    unverified = decode(IDP.response(Message(now=NOW)))
    ends = NOW + timedelta(minutes=3)
    to_the_second = IDP.config(clock_skew=timedelta(0))
    explanation = explain(unverified, to_the_second, UNSOLICITED, at=ends, now=NOW)
    assert "0 seconds after it had expired" in in_words(row(explanation, Check.TIME).received)


def test_the_end_of_a_session_is_an_end() -> None:
    explanation = explained(Message(now=NOW, session_until="+1"), NOW)
    assert explanation.valid_until == NOW + timedelta(minutes=1)


def test_judged_when_it_was_made_it_passes_and_the_second_lock_has_no_say() -> None:
    made = NOW - timedelta(days=2)
    unverified = decode(IDP.response(Message(now=made)))
    assert made_at(unverified) == made
    explanation = explain(unverified, IDP.config(), UNSOLICITED, at=made, now=NOW)
    assert not explanation.report.failures
    second = row(explanation, Check.SECOND_LOCK)
    assert second.outcome is Outcome.NOT_REACHED
    assert in_words(second.received)
    assert "good from" in in_words(row(explanation, Check.TIME).received)
    assert explanation.valid_from == made - timedelta(minutes=3)
    assert explanation.valid_until == made + timedelta(minutes=3)


def test_a_response_from_the_future_is_said_to_be_early() -> None:
    explanation = explained(Message(now=NOW), NOW - timedelta(hours=1))
    assert row(explanation, Check.TIME).refusal is Refusal.NOT_YET_VALID
    assert "57 minutes too early" in in_words(row(explanation, Check.TIME).received)


def test_a_response_that_ends_before_it_begins_is_said_to_be_early() -> None:
    explanation = explained(Message(now=NOW, not_before="+10", not_on_or_after="-5"), NOW)
    assert "10 minutes too early" in in_words(row(explanation, Check.TIME).received)


@pytest.mark.parametrize(
    "says",
    [
        {"not_on_or_after": "soon"},
        {"confirmed_until": None},
        {"not_before": None, "confirmed_until": None},
        {"not_on_or_after": None, "confirmed_until": None, "session_until": None},
    ],
)
def test_a_bound_that_is_missing_or_unreadable_keeps_its_own_words(says: dict[str, Any]) -> None:
    explanation = explained(Message(now=NOW, **says), NOW)
    assert row(explanation, Check.TIME).outcome is Outcome.FAILED
    assert "judged as of" not in in_words(row(explanation, Check.TIME).received)


def test_without_a_signature_only_hints_are_given() -> None:
    explanation = explained(Message(now=NOW, audiences=("https://other.example/",)), NOW, sign="nothing")
    assert row(explanation, Check.SIGNATURE).refusal is Refusal.NOT_SIGNED
    assert row(explanation, Check.AUDIENCE).outcome is Outcome.NOT_REACHED
    assert explanation.person is None
    assert not explanation.attributes
    assert not explanation.assertion_id


def test_no_explanation_holds_an_acceptance() -> None:
    explanation = explained(Message(now=NOW), NOW)
    values = [getattr(explanation, name) for name in Explanation.__dataclass_fields__]
    assert not any(isinstance(value, Acceptance) for value in values)


def test_the_addresses_it_claims_to_be_for_are_named() -> None:
    unverified = decode(IDP.response(Message(destination=None), sign="nothing"))
    assert claimed_addresses(unverified) == [ACS_URL, ENTITY_ID]
    elsewhere = Message(destination="https://other.example/acs", audiences=(f"\n {ENTITY_ID}\n", ""))
    unverified = decode(IDP.response(elsewhere, sign="nothing"))
    assert claimed_addresses(unverified) == ["https://other.example/acs", ACS_URL, ENTITY_ID]


def test_what_is_no_response_has_one_failure() -> None:
    refused = Refused(Refusal.NOT_A_RESPONSE, expected="base64", received="nothing")
    report = explain_unreadable(refused, at=NOW).report
    assert [failure.refusal for failure in report.failures] == [Refusal.NOT_A_RESPONSE]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=59), "59 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=-3), "3 days"),
    ],
)
def test_a_span_in_words(span: timedelta, words: str) -> None:
    assert in_words(in_largest_unit(span)) == words


def test_a_signed_no_is_explained_like_any_other() -> None:
    unverified = decode(
        IDP.response(Message(now=NOW, status=("Responder", "RequestDenied")), sign="response")
    )
    found = explain(unverified, IDP.config(), UNSOLICITED, at=NOW, now=NOW)
    assert [row.refusal for row in found.report.failures] == [Refusal.IDP_REFUSED]
    outcomes = {row.check: row.outcome for row in found.report.results}
    assert (outcomes[Check.SIGNATURE], outcomes[Check.TIME]) == (Outcome.PASSED, Outcome.NOT_REACHED)


def test_the_times_are_those_of_the_confirmation_that_counts() -> None:
    others = (
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData'
        ' NotBefore="2000-01-01T00:00:00Z" NotOnOrAfter="2000-01-02T00:00:00Z"/></saml:SubjectConfirmation>'
    )
    xml = (
        Message(now=NOW).xml().replace("<saml:SubjectConfirmation ", f"{others}<saml:SubjectConfirmation ", 1)
    )
    unverified = decode(encode(IDP.sign(xml)))
    found = explain(unverified, IDP.config(), UNSOLICITED, at=NOW, now=NOW)
    assert (found.valid_from, found.valid_until) == (NOW - timedelta(minutes=3), NOW + timedelta(minutes=3))
