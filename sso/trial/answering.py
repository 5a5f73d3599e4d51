"""The story of a test: its response is examined, reported and used up, and signs nobody in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sso.connection import staging
from sso.log import events
from sso.log.events import Attempt
from sso.models import Connection, ConnectionTest
from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.saml.examination import Acceptance
from sso.saml.hints import with_hints
from sso.saml.report import CheckReport, CheckResult, refused_by
from sso.saml.types import AnsweredRequest, ConnectionConfig, RequestState
from sso.signing_in import pending
from sso.signing_in.arrived import Arrived, examined
from sso.signing_in.replay import consume_assertion
from sso.signing_in.turning_away import TurnedAway, turn_away
from sso.trial.foreseeing import foresee
from sso.trial.starting import config_under_test


@dataclass(frozen=True, slots=True)
class Tested:
    """The response belonged to a test, whose report is written."""

    test: ConnectionTest


def answer_test(arrived: Arrived, test: ConnectionTest) -> Tested | TurnedAway:
    """Examine a response and write the report of its test, or say why the test takes no answer."""
    config = config_under_test(arrived.connection, test)
    attempt = examined(arrived, config)
    try:
        _require_waiting(test, arrived.answered)
        _finish(arrived.connection, test, attempt, _report(arrived.connection, attempt, config))
    except Refused as refused:
        return turn_away(attempt, refused)
    return Tested(test)


def _require_waiting(test: ConnectionTest, answered: AnsweredRequest) -> None:
    """A test may be answered once, in time, by the browser that started it. Raises Refused."""
    if test.is_of_change and test.candidate is None:
        raise Refused(
            Refusal.UNKNOWN_REQUEST,
            expected=Phrase.A_WAITING_TEST(),
            received=Phrase.TEST_OF_GONE_CHANGE(),
        )
    if test.is_of_tile:
        return
    if answered.state is RequestState.OTHER_BROWSER:
        raise Refused(
            Refusal.OTHER_BROWSER,
            expected=Phrase.BROWSER_OF_TEST(),
            received=Phrase.ANOTHER_BROWSER(),
        )
    if answered.state is not RequestState.MATCHED:
        raise Refused(
            Refusal.UNKNOWN_REQUEST, expected=Phrase.A_WAITING_TEST(), received=answered.state.words
        )


def _report(connection: Connection, attempt: Attempt, config: ConnectionConfig) -> CheckReport:
    """What the checks have found, what would happen to the person, and what else would fail."""
    person = attempt.examination.person if attempt.examination else None
    report = attempt.report.with_results(*foresee(connection, person, attempt.now))
    if attempt.unverified is not None and not attempt.is_signed:
        report = with_hints(report, attempt.unverified, config)
    return report


def _finish(connection: Connection, test: ConnectionTest, attempt: Attempt, report: CheckReport) -> None:
    """Write the report, and vouch for what was tested if everything passed.

    Raises Refused(UNKNOWN_REQUEST) if the test has been answered already.
    """
    acceptance = attempt.examination.acceptance if attempt.examination else None
    with transaction.atomic():
        _close(test, attempt)
        if acceptance is not None:
            # Whoever holds a copy of this response can't sign in with it afterwards.
            report = report.with_results(*_use_up(connection, acceptance, attempt.now))
        refusal = report.failures[0].refusal if report.failures else None
        event = events.record(attempt, report, refusal=refusal)
        test.finished_at, test.passed, test.event = attempt.now, report.passed, event
        test.save(update_fields=["passed", "event"])
        if report.passed:
            _vouch(connection, test, attempt.now)


def _close(test: ConnectionTest, attempt: Attempt) -> None:
    """Of several answers at once only one gets through."""
    if attempt.request is not None:
        pending.consume(attempt.request, attempt.now)
    if not ConnectionTest.objects.filter(pk=test.pk, finished_at__isnull=True).update(
        finished_at=attempt.now
    ):
        raise Refused(
            Refusal.UNKNOWN_REQUEST, expected=Phrase.A_WAITING_TEST(), received=Phrase.ALREADY_ANSWERED()
        )


def _use_up(connection: Connection, acceptance: Acceptance, now: datetime) -> list[CheckResult]:
    try:
        consume_assertion(connection, acceptance.assertion_id, acceptance.valid_until, now)
    except Refused as refused:
        return [refused_by(refused)]
    return []


def _vouch(connection: Connection, test: ConnectionTest, now: datetime) -> None:
    """Only for what the test ran against: not if anybody has changed it since."""
    if test.is_of_tile:
        # A click on the tile never uses the SSO URL, so it can't vouch for all of it.
        return
    if test.candidate is not None and test.candidate_version is not None:
        staging.vouch(connection, test.candidate, version=test.candidate_version, beside=test.version)
        return
    Connection.objects.filter(pk=connection.pk, version=test.version).update(
        tested_version=test.version, tested_at=now
    )
