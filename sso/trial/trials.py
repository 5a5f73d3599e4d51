"""Test Connection and Test the tile: a real round trip that writes a report, and never makes a session or a member."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from accounts.models import Invitation, User
from accounts.roles import Permission, Role
from sso.connection import staging
from sso.connection.config import config_of
from sso.identity import VerifiedIdentity
from sso.log import events
from sso.models import Connection, ConnectionTest, Flow, PendingLogin
from sso.policy import Create, Decision, Refuse, SignIn, TakeUpInvitation, decide
from sso.refusals import Refusal, Refused
from sso.saml.examination import Examination
from sso.saml.hints import with_hints
from sso.saml.report import Check, CheckReport, CheckResult, failed, passed
from sso.saml.requests import authn_request, redirect_url
from sso.saml.types import AnsweredRequest, ConnectionConfig, RequestState, UnverifiedResponse
from sso.signing_in import pending
from sso.signing_in.provisioning import gather_facts
from sso.signing_in.replay import consume_assertion


class TestState(StrEnum):
    """Where a test stands."""

    __test__ = False

    WAITING = "waiting"
    LATE = "late"
    PASSED = "passed"
    FAILED = "failed"


def state_of(test: ConnectionTest, now: datetime) -> TestState:
    """Waiting, after five minutes late, or finished one way or the other."""
    if test.finished_at is not None:
        return TestState.PASSED if test.passed else TestState.FAILED
    return TestState.LATE if now - test.started_at > ConnectionTest.PATIENCE else TestState.WAITING


def start(
    connection: Connection, actor: User, now: datetime, *, window: str = ""
) -> tuple[ConnectionTest, pending.StartedLogin, str]:
    """Begin a test: the test, what its browser must bring back, and the address to send the admin to.

    Tests the staged change if there is one, else what is saved. Asks the identity provider for a fresh sign-in
    (ForceAuthn), so that the whole way is tested. `window` names the page that waits for the result.
    """
    candidate = connection.staged
    with transaction.atomic():
        test = connection.tests.create(
            version=connection.version,
            candidate=candidate,
            candidate_version=candidate.version if candidate else None,
            window=window,
            started_by=actor,
            started_at=now,
        )
        started = pending.start(connection, now, test=test)
    config = config_under_test(connection, test)
    request = authn_request(config, started.request_id, now, force_authn=True)
    return test, started, redirect_url(config, request)


@dataclass(frozen=True, slots=True)
class Listening:
    """A test of the tile that has begun, and the secret by which its browser is known again."""

    test: ConnectionTest
    secret: str


def start_tile(connection: Connection, actor: User, now: datetime, *, window: str = "") -> Listening:
    """Listen for a click on the tile, in this admin's browser and for five minutes. For a connection that is not on."""
    secret = secrets.token_urlsafe(32)
    test = connection.tests.create(
        version=connection.version,
        listener_hash=_hash(secret),
        window=window,
        started_by=actor,
        started_at=now,
    )
    return Listening(test, secret)


def listening(connection: Connection, secret: str, now: datetime) -> ConnectionTest | None:
    """The test of the tile this browser waits for. None for everybody else, and whenever single sign-on is on."""
    if connection.is_enabled or not secret:
        return None
    waiting = connection.tests.select_related("started_by").filter(
        listener_hash=_hash(secret), finished_at__isnull=True, started_at__gt=now - ConnectionTest.PATIENCE
    )
    test = waiting.order_by("-pk").first()
    if test is None:
        return None
    admin = test.started_by
    is_still_admin = (
        admin is not None
        and admin.is_active
        and admin.organization_id == connection.organization_id
        and admin.may(Permission.MANAGE_SSO)
    )
    return test if is_still_admin else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def config_under_test(connection: Connection, test: ConnectionTest | None) -> ConnectionConfig:
    """What a response is examined with: the staged change if the test is of one, else what is live."""
    if test is not None and test.candidate is not None:
        return staging.config_of_change(connection, test.candidate)
    return config_of(connection)


def require_listener(test: ConnectionTest, answered: AnsweredRequest) -> None:
    """A test may be answered once, in time, by the browser that started it. Raises Refused."""
    if test.is_of_change and test.candidate is None:
        raise Refused(
            Refusal.UNKNOWN_REQUEST,
            expected="a test that waits",
            received="a test of a change that is gone",
        )
    if test.is_of_tile:
        return
    if answered.state is RequestState.OTHER_BROWSER:
        raise Refused(
            Refusal.OTHER_BROWSER,
            expected="the browser that started the test",
            received="another browser, or one that has lost its cookie",
        )
    if answered.state is not RequestState.MATCHED:
        raise Refused(Refusal.UNKNOWN_REQUEST, expected="a test that waits", received=answered.state.value)


def finish(
    connection: Connection,
    test: ConnectionTest,
    asked: PendingLogin | None,
    examination: Examination,
    unverified: UnverifiedResponse | None,
    config: ConnectionConfig,
    now: datetime,
) -> None:
    """Write the report of a test, and vouch for the configuration it ran against if everything passed.

    Raises Refused(UNKNOWN_REQUEST) if it has been answered already.
    """
    report = examination.report.with_results(*foresee(connection, examination.person, now))
    if unverified is not None and not examination.signature_verified:
        report = with_hints(report, unverified, config)
    with transaction.atomic():
        _close(test, asked, now)
        if examination.acceptance is not None:
            # Whoever holds a copy of this response can't sign in with it afterwards.
            report = report.with_results(*_use_up(connection, examination, now))
        event = events.record(
            flow=Flow.TEST,
            now=now,
            organization=connection.organization,
            connection=connection,
            refusal=report.failures[0].refusal if report.failures else None,
            examination=examination,
            report=report,
            unverified=unverified,
            pending=asked,
        )
        test.finished_at, test.passed, test.event = now, report.passed, event
        test.save(update_fields=["passed", "event"])
        if report.passed:
            _vouch(connection, test, now)


def _close(test: ConnectionTest, asked: PendingLogin | None, now: datetime) -> None:
    """Of several answers at once only one gets through."""
    if asked is not None:
        pending.consume(asked, now)
    if not ConnectionTest.objects.filter(pk=test.pk, finished_at__isnull=True).update(finished_at=now):
        raise Refused(Refusal.UNKNOWN_REQUEST, expected="a test that waits", received="already answered")


def _use_up(connection: Connection, examination: Examination, now: datetime) -> list[CheckResult]:
    assert examination.acceptance is not None
    try:
        consume_assertion(
            connection, examination.acceptance.assertion_id, examination.acceptance.valid_until, now
        )
    except Refused as refused:
        return [failed(Check.REQUEST, refused.refusal, expected=refused.expected, received=refused.received)]
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


def foresee(connection: Connection, person: VerifiedIdentity | None, now: datetime) -> list[CheckResult]:
    """What would happen to the person a signed message names, without doing it."""
    if person is None:
        return []
    return _foreseen(decide(person, gather_facts(connection, person, now)), person.email)


def _foreseen(decision: Decision, email: str) -> list[CheckResult]:
    domain = passed(Check.DOMAIN, email.rpartition("@")[2])
    match decision:
        case Refuse(Refusal.DOMAIN_NOT_VERIFIED as refusal, expected, received):
            return [failed(Check.DOMAIN, refusal, expected=expected, received=received)]
        case Refuse(refusal, expected, received):
            return [domain, failed(Check.MEMBER, refusal, expected=expected, received=received)]
        case SignIn(member_id):
            member = User.objects.get(pk=member_id)
            who = f"{email} would sign in as {member.get_full_name()}, {Role(member.role).label}"
        case TakeUpInvitation(invitation_id):
            role = Role(Invitation.objects.get(pk=invitation_id).role)
            who = f"{email} would take up the invitation as {role.label}"
        case Create(role_name):
            who = f"{email} would be created as {Role(role_name).label}"
    return [domain, passed(Check.MEMBER, who)]


def report_of(test: ConnectionTest) -> CheckReport | None:
    """The report of a finished test."""
    return CheckReport.from_list(test.event.checks) if test.event else None
