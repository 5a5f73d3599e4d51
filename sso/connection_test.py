"""Test Connection: a real round trip that writes a report, and never makes a session or a member."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from sso import events, pending
from sso.connection_config import config_of
from sso.models import Connection, ConnectionTest, Flow, PendingLogin
from sso.policy import Create, Decision, Refuse, SignIn, TakeUpInvitation, decide
from sso.provisioning import gather_facts
from sso.refusals import Refusal, Refused
from sso.saml.examination import Examination
from sso.saml.report import Check, CheckReport, CheckResult, failed, passed
from sso.saml.requests import authn_request, redirect_url
from sso.saml.types import AnsweredRequest, RequestState, UnverifiedResponse

PATIENCE = timedelta(minutes=5)


def start(
    connection: Connection, actor: User, now: datetime
) -> tuple[ConnectionTest, pending.StartedLogin, str]:
    """Begin a test: the test, what its browser must bring back, and the address to send the admin to.

    Asks the identity provider for a fresh sign-in (ForceAuthn), so that the whole way is tested.
    """
    with transaction.atomic():
        test = connection.tests.create(version=connection.version, started_by=actor, started_at=now)
        started = pending.start(connection, now, test=test)
    config = config_of(connection)
    request = authn_request(config, started.request_id, now, force_authn=True)
    return test, started, redirect_url(config, request)


def require_listener(answered: AnsweredRequest) -> None:
    """A test may be answered once, in time, by the browser that started it. Raises Refused."""
    if answered.state is RequestState.OTHER_BROWSER:
        raise Refused(Refusal.OTHER_BROWSER)
    if answered.state is not RequestState.MATCHED:
        raise Refused(Refusal.UNKNOWN_REQUEST, received=answered.state.value)


def finish(
    connection: Connection,
    test: ConnectionTest,
    asked: PendingLogin,
    examination: Examination,
    unverified: UnverifiedResponse,
    now: datetime,
) -> None:
    """Write the report of a test, and vouch for the configuration it ran against if everything passed."""
    report = examination.report.with_results(*foresee(connection, examination, now))
    first = report.failures[0].refusal if report.failures else None
    with transaction.atomic():
        pending.consume(asked, now)
        event = events.record(
            flow=Flow.TEST,
            now=now,
            organization=connection.organization,
            connection=connection,
            refusal=first,
            examination=examination,
            report=report,
            unverified=unverified,
            pending=asked,
        )
        test.finished_at, test.passed, test.event = now, report.passed, event
        test.save(update_fields=["finished_at", "passed", "event"])
        if report.passed:
            # Only if nobody has changed the configuration since the test began.
            Connection.objects.filter(pk=connection.pk, version=test.version).update(
                tested_version=test.version, tested_at=now
            )


def foresee(connection: Connection, examination: Examination, now: datetime) -> list[CheckResult]:
    """What would happen to this person, without doing it."""
    if examination.acceptance is None:
        return []
    identity = examination.acceptance.identity
    facts = gather_facts(connection, identity, now)
    return _foreseen(decide(identity, facts), identity.email)


def _foreseen(decision: Decision, email: str) -> list[CheckResult]:
    domain = passed(Check.DOMAIN, email.rpartition("@")[2])
    match decision:
        case Refuse(Refusal.DOMAIN_NOT_VERIFIED as refusal, expected, received):
            return [failed(Check.DOMAIN, refusal, expected=expected, received=received)]
        case Refuse(refusal, expected, received):
            return [domain, failed(Check.MEMBER, refusal, expected=expected, received=received)]
        case SignIn():
            return [domain, passed(Check.MEMBER, f"would sign in as {email}")]
        case TakeUpInvitation():
            return [domain, passed(Check.MEMBER, f"would take up the invitation of {email}")]
        case Create(role):
            return [domain, passed(Check.MEMBER, f"{email} would be created as {role.capitalize()}")]


def report_of(test: ConnectionTest) -> CheckReport | None:
    """The report of a finished test."""
    return CheckReport.from_list(test.event.checks) if test.event else None
