"""The findings of `manage.py sso_check`: what works, what will fail, what keeps people out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.domains import GRACE
from accounts.models import EmailDomain, Organization
from accounts.roles import Role
from sso.connection.configuration import LABELS
from sso.connection.own_connection import connection_of
from sso.connection.sealing import CannotUnseal
from sso.connection.sp_keys import private_key_pem
from sso.connection.state import State, state_of_connection
from sso.guides import guide_named
from sso.health.failures import Cause, failures_by_cause
from sso.models import Connection, Flow, IdpCertificate
from sso.refusals import CATALOGUE, Refusal, Stops
from sso.saml.validity import Validity, days_left, validity_of

_SSO_PAGE = "Settings → Security → Single Sign-On"
_DOMAINS_PAGE = "Settings → Security → Verified domains"
_MOMENT = "%Y-%m-%d %H:%M UTC"


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked. `cure` says what to do if it is not OK."""

    level: Level
    subject: str
    words: str
    cure: str = ""


def findings_of(organization: Organization, now: datetime) -> list[Finding]:
    """All findings, the plan first. The number of queries is constant."""
    connection = connection_of(organization)
    if connection is None:
        return [
            _plan(organization),
            Finding(Level.FAIL, "state", "no single sign-on configuration", f"Enable SSO: {_SSO_PAGE}"),
        ]
    found = [_plan(organization), _state(connection)]
    for look in _LOOKS:
        found += look(connection, now)
    return found


def worst(findings: list[Finding]) -> Level:
    """The worst level of all findings."""
    levels = {finding.level for finding in findings}
    return next(level for level in (Level.FAIL, Level.WARN, Level.OK) if level in levels)


def _plan(organization: Organization) -> Finding:
    plan = organization.current_plan
    if plan.includes_sso:
        return Finding(Level.OK, "plan", plan.label)
    return Finding(
        Level.FAIL,
        "plan",
        f"{plan.label} does not include single sign-on; sign-in is paused",
        "Move the organization to Business. The configuration works again at once.",
    )


def _state(connection: Connection) -> Finding:
    state = state_of_connection(connection)
    level = {State.ON: Level.OK, State.PAUSED: Level.FAIL}.get(state, Level.WARN)
    cure = {
        State.DRAFT: f"An admin turns it on: {_SSO_PAGE}",
        State.ON_NOT_TESTED: f"An admin clicks Test Connection: {_SSO_PAGE}",
        State.PAUSED: "See plan.",
    }
    return Finding(level, "state", state.label, cure.get(state, ""))


def _details(connection: Connection, _now: datetime) -> Iterator[Finding]:
    missing = [
        label
        for label, value in (
            (LABELS["sso_url"], connection.sso_url),
            (LABELS["idp_entity_id"], connection.idp_entity_id),
        )
        if not value
    ]
    title = guide_named(connection.guide).title
    if missing:
        level = Level.FAIL if connection.is_enabled else Level.WARN
        cure = f"An admin enters {title}'s details: {_SSO_PAGE}"
        yield Finding(level, "details", f"missing: {', '.join(missing)}", cure)
    else:
        yield Finding(Level.OK, "details", f"{title}, issuer {connection.idp_entity_id}")


def _domains(connection: Connection, _now: datetime) -> Iterator[Finding]:
    verified = [row for row in connection.organization.domains.order_by("name") if row.is_verified]
    if not verified:
        cure = f"An admin verifies the company's email domain: {_DOMAINS_PAGE}"
        level = Level.FAIL if connection.is_enabled else Level.WARN
        yield Finding(level, "domain", "no verified domain, so nobody can be let in", cure)
    for row in verified:
        yield _domain(row)


def _domain(row: EmailDomain) -> Finding:
    if row.missing_since is None:
        return Finding(Level.OK, "domain", f"{row.name} verified")
    until = (row.missing_since + GRACE).strftime(_MOMENT)
    words = f"{row.name}: the DNS record is missing; sign-in goes on until {until}"
    return Finding(Level.WARN, "domain", words, f"Put the TXT record back: {_DOMAINS_PAGE}")


def _certificates(connection: Connection, now: datetime) -> Iterator[Finding]:
    rows = list(connection.certificates.all())
    path = guide_named(connection.guide).certificate.menu_path
    if not rows:
        level = Level.FAIL if connection.is_enabled else Level.WARN
        yield Finding(level, "certificate", "none saved", f"Copy it from {path}")
    for row in rows:
        yield _certificate(row, now, f"Copy the next one from {path}, save it: {_SSO_PAGE}")


def _certificate(row: IdpCertificate, now: datetime, cure: str) -> Finding:
    days, validity = days_left(row, now), validity_of(row, now)
    used = f"last used {row.last_used_at.strftime(_MOMENT)}" if row.last_used_at else "never used"
    name = f"{row.sha256[:8]}…"
    if validity is Validity.EXPIRED:
        return Finding(
            Level.WARN, "certificate", f"{name} expired {-days} days ago, {used}; sign-in goes on", cure
        )
    if validity is Validity.NOT_YET:
        words = f"{name} not valid before {row.not_before.strftime(_MOMENT)}, {used}"
        return Finding(Level.WARN, "certificate", words, "Check the clocks, or wait.")
    words = f"{name} {days} days left, {used}"
    if validity is Validity.SOON:
        return Finding(Level.WARN, "certificate", words, cure)
    return Finding(Level.OK, "certificate", words)


def _role(connection: Connection, _now: datetime) -> Iterator[Finding]:
    role, plan = Role(connection.default_role), connection.organization.current_plan
    if role in plan.roles:
        yield Finding(Level.OK, "default role", role.label)
    else:
        words = f"{role.label} is not a role of the {plan.label} plan"
        yield Finding(Level.WARN, "default role", words, f"Choose another Default Role: {_SSO_PAGE}")


def _own_key(connection: Connection, _now: datetime) -> Iterator[Finding]:
    keys = list(connection.sp_keys.all())
    if not keys:
        yield Finding(Level.WARN, "own key", "none: encrypted assertions can't be opened", "Enable SSO anew.")
    for key in keys:
        try:
            private_key_pem(key)
        except CannotUnseal:
            yield Finding(
                Level.FAIL,
                "own key",
                f"made {key.created_at.strftime(_MOMENT)}: can't be unsealed, so encrypted assertions can't be opened",
                "Put the key it was sealed with back into KEY_ENCRYPTION_KEYS, behind the first one.",
            )
        else:
            yield Finding(Level.OK, "own key", f"made {key.created_at.strftime(_MOMENT)}, can be unsealed")


def _staged_change(connection: Connection, _now: datetime) -> Iterator[Finding]:
    change = connection.staged
    if change is not None:
        tested = "passed its test, not applied" if change.is_tested else "waits for its test"
        words = f"a change of {change.staged_at.strftime(_MOMENT)} {tested}"
        yield Finding(
            Level.WARN, "staged change", words, f"An admin tests and applies it, or discards it: {_SSO_PAGE}"
        )


def _last_test(connection: Connection, now: datetime) -> Iterator[Finding]:
    test = connection.tests.order_by("-started_at", "-pk").first()
    cure = f"An admin clicks Test Connection: {_SSO_PAGE}"
    if test is None:
        yield Finding(Level.WARN, "last test", "none", cure)
        return
    of = "of this configuration" if test.version == connection.version else "of an older configuration"
    words = f"{test.started_at.strftime(_MOMENT)}, {of}"
    if test.finished_at is None:
        yield Finding(Level.WARN, "last test", f"started, no response: {words}", cure)
    elif not test.passed:
        yield Finding(Level.WARN, "last test", f"failed: {words}", cure)
    else:
        level = Level.OK if test.version == connection.version else Level.WARN
        yield Finding(level, "last test", f"passed: {words}", "" if level is Level.OK else cure)


def _sign_ins(connection: Connection, now: datetime) -> Iterator[Finding]:
    successes = connection.organization.sign_in_events.filter(refusal="").exclude(flow=Flow.TEST)
    last = successes.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
    if last is not None:
        yield Finding(Level.OK, "last sign-in", last.strftime(_MOMENT))
    else:
        level = Level.WARN if connection.is_enabled else Level.OK
        yield Finding(level, "last sign-in", "none yet", "")
    causes = failures_by_cause(connection.organization, connection, now, with_tests=False)
    if not causes:
        yield Finding(Level.OK, "failures", "none in the last 7 days")
    for cause in causes:
        yield _failure(cause, connection, last)


def _failure(cause: Cause, connection: Connection, last_success: datetime | None) -> Finding:
    """FAIL if the cause may keep everybody out: a wrong setting, and nobody has signed in since."""
    refusal = cause.refusal
    everybody = refusal is not None and CATALOGUE[refusal].stops is Stops.EVERYBODY
    since = last_success is None or cause.last_seen > last_success
    level = Level.FAIL if everybody and since and connection.is_enabled else Level.WARN
    words = f"{cause.count} × {cause.title}, last {cause.last_seen.strftime(_MOMENT)}"
    references = f" ({', '.join(cause.references)})" if cause.references else ""
    cure = ""
    if cause.fix is not None:
        where = ": ".join(part for part in (cause.fix.system, cause.fix.menu_path) if part)
        cure = f"{where}. {cause.fix.instruction}" if where else cause.fix.instruction
    subject = "unanswered" if refusal is Refusal.NO_RESPONSE else "failures"
    return Finding(level, subject, words + references, cure)


def _seats(connection: Connection, _now: datetime) -> Iterator[Finding]:
    organization = connection.organization
    taken, limit = organization.seats_taken(), organization.seat_limit
    words = f"{max(limit - taken, 0)} free, {taken} of {limit} taken"
    if taken >= limit and connection.create_members:
        cure = "Deactivate members who have left, or add seats: nobody new can come in."
        yield Finding(Level.WARN, "seats", words, cure)
    else:
        yield Finding(Level.OK, "seats", words)


_LOOKS: tuple[Callable[[Connection, datetime], Iterator[Finding]], ...] = (
    _details,
    _domains,
    _certificates,
    _role,
    _own_key,
    _staged_change,
    _last_test,
    _sign_ins,
    _seats,
)
