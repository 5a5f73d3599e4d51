"""The story of one sign-in.

HTTP form → UnverifiedResponse → SignedAssertion → CheckReport → VerifiedIdentity → Decision → session + event
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from sso import connection_test, events, pending, provisioning
from sso.availability import refusal_of
from sso.connection_config import config_of
from sso.models import Connection, Flow, PendingLogin, SignInEvent
from sso.refusals import Refusal, Refused
from sso.replay import consume_assertion
from sso.saml.envelope import decode
from sso.saml.examination import Acceptance, Examination, examine, unreadable
from sso.saml.report import Check, CheckReport, failed, passed
from sso.saml.types import UnverifiedResponse


@dataclass(frozen=True, slots=True)
class Arrival:
    """A response as it arrived.

    `saml_response` reads the form field, and raises Refused if there is none to read; `browser_secret` gives the secret
    this browser holds for a request, or ''.
    """

    saml_response: Callable[[], str]
    browser_secret: Callable[[str], str]
    now: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is in: start the session, bounded by `ends_at`, and go where they wanted to go."""

    user: User
    ends_at: datetime | None
    event: SignInEvent
    request: PendingLogin | None


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Nobody is in; members, sessions and settings are as they were."""

    refusal: Refusal
    event: SignInEvent


@dataclass(frozen=True, slots=True)
class Tested:
    """The response belonged to a test of the connection, whose report is written."""

    public_id: str


Outcome = SignedIn | TurnedAway | Tested


def receive(connection: Connection, arrival: Arrival) -> Outcome:
    """Take in one response posted to the ACS URL of a connection, and say what came of it."""
    now = arrival.now
    try:
        unverified = decode(arrival.saml_response())
    except Refused as refused:
        return _turn_away(connection, refused, unreadable(refused), None, None, now)

    claimed = unverified.claimed_in_response_to
    asked = pending.find(connection, claimed)
    answered = pending.state_of(asked, claimed, arrival.browser_secret(claimed or ""), now)
    examination = examine(unverified, config_of(connection), answered, now)

    try:
        if asked is not None and asked.test is not None:
            connection_test.require_listener(answered)
            connection_test.finish(connection, asked.test, asked, examination, unverified, now)
            return Tested(asked.test.public_id)
        return _sign_in(connection, examination, unverified, asked, now)
    except Refused as refused:
        return _turn_away(connection, refused, examination, unverified, asked, now)


def _sign_in(
    connection: Connection,
    examination: Examination,
    unverified: UnverifiedResponse,
    asked: PendingLogin | None,
    now: datetime,
) -> SignedIn:
    acceptance = _accepted(examination)
    unavailable = refusal_of(connection)
    if unavailable is not None:
        raise Refused(unavailable, expected="single sign-on turned on", received=unavailable.value)
    with transaction.atomic():
        consume_assertion(connection, acceptance.assertion_id, acceptance.valid_until, now)
        if asked is not None:
            pending.consume(asked, now)
        user = provisioning.admit(connection, acceptance.identity, now)
        connection.certificates.filter(sha256=acceptance.certificate_sha256).update(last_used_at=now)
        domain = acceptance.identity.email.rpartition("@")[2]
        event = events.record(
            flow=_flow(asked),
            now=now,
            organization=connection.organization,
            connection=connection,
            user=user,
            examination=examination,
            report=examination.report.with_results(
                passed(Check.DOMAIN, domain), passed(Check.MEMBER, user.email)
            ),
            unverified=unverified,
            pending=asked,
        )
    return SignedIn(user, acceptance.identity.session_ends_at, event, asked)


def _accepted(examination: Examination) -> Acceptance:
    if examination.acceptance is None:
        failure = examination.report.failures[0]
        raise Refused(
            failure.refusal or Refusal.OUR_FAULT, expected=failure.expected, received=failure.received
        )
    return examination.acceptance


_DECIDED_AT = {
    Refusal.DOMAIN_NOT_VERIFIED: Check.DOMAIN,
    Refusal.REPLAYED: Check.REQUEST,
    Refusal.UNKNOWN_REQUEST: Check.REQUEST,
}


def with_refusal(report: CheckReport, refused: Refused) -> CheckReport:
    """The report with a refusal that was decided after the checks, unless a check has already said it."""
    if report.failures:
        return report
    at = _DECIDED_AT.get(refused.refusal, Check.MEMBER)
    return report.with_results(
        failed(at, refused.refusal, expected=refused.expected, received=refused.received)
    )


def _turn_away(
    connection: Connection,
    refused: Refused,
    examination: Examination,
    unverified: UnverifiedResponse | None,
    asked: PendingLogin | None,
    now: datetime,
) -> TurnedAway:
    event = events.record(
        flow=_flow(asked),
        now=now,
        organization=connection.organization,
        connection=connection,
        refusal=refused.refusal,
        examination=examination,
        report=with_refusal(examination.report, refused),
        unverified=unverified,
        pending=asked,
    )
    return TurnedAway(refused.refusal, event)


def _flow(asked: PendingLogin | None) -> Flow:
    if asked is None:
        return Flow.TILE
    return Flow.TEST if asked.test_id else Flow.SSO_PAGE
