"""The findings of `manage.py sso_check`: what works, what will fail, what keeps people out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from accounts.domains import GRACE
from accounts.models import EmailDomain, Organization
from accounts.roles import Role
from accounts.sealing import CannotUnseal
from justcall_sso.moments import in_utc
from sso.connection.configuration import LABELS
from sso.connection.own_connection import connection_of
from sso.connection.sp_keys import private_key_pem
from sso.connection.state import State, state_of_connection
from sso.guides import guide_named
from sso.health.failures import Cause, failures_by_cause
from sso.models import Connection, Flow, IdpCertificate
from sso.refusals import CATALOGUE, Refusal, Stops
from sso.saml.fingerprints import shortened
from sso.saml.validity import Validity, days_left, validity_of

_SSO_PAGE = "Settings → Security → Single Sign-On"
_DOMAINS_PAGE = "Settings → Security → Verified domains"


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked. `cure` says what to do if it is not OK. `is_cured`: it was not, some days ago."""

    level: Level
    subject: str
    words: str
    cure: str = ""
    is_cured: bool = False


def findings_of(organization: Organization, now: datetime) -> list[Finding]:
    """All findings, the plan first. The number of queries is constant."""
    connection = connection_of(organization)
    if connection is None:
        return [
            _plan(organization),
            Finding(Level.FAIL, "state", _("no single sign-on configuration"), _on_page(_("Enable SSO"))),
        ]
    return findings_of_connection(connection, now)


def findings_of_connection(connection: Connection, now: datetime) -> list[Finding]:
    """All findings about a company that has a connection."""
    organization = connection.organization
    found = [_plan(organization), _state(connection)]
    for check in _CHECKS:
        found += check(connection, now)
    return found


def _on_page(what: str, page: str = _SSO_PAGE) -> str:
    """What to do, and the page where it is done."""
    return f"{what}: {page}"


def _to_test() -> str:
    return _on_page(_("An admin clicks Test Connection"))


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
        _("%(plan)s does not include single sign-on; sign-in is paused") % {"plan": plan.label},
        _("Move the organization to Business. The configuration works again at once."),
    )


def _state(connection: Connection) -> Finding:
    state = state_of_connection(connection)
    level = {State.ON: Level.OK, State.PAUSED: Level.FAIL}.get(state, Level.WARN)
    cure = {
        State.DRAFT: _on_page(_("An admin turns it on")),
        State.ON_NOT_TESTED: _to_test(),
        State.PAUSED: _("See plan."),
    }
    return Finding(level, "state", state.label, cure.get(state, ""))


def _details(connection: Connection, _now: datetime) -> Iterator[Finding]:
    missing = [
        gettext(label)
        for label, value in (
            (LABELS["sso_url"], connection.sso_url),
            (LABELS["idp_entity_id"], connection.idp_entity_id),
        )
        if not value
    ]
    guide = guide_named(connection.guide)
    if missing:
        level = Level.FAIL if connection.is_enabled else Level.WARN
        cure = _on_page(_("An admin enters %(idp)s's details") % {"idp": guide.title})
        yield Finding(level, "details", _("missing: %(fields)s") % {"fields": ", ".join(missing)}, cure)
    else:
        words = _("%(idp)s, issuer %(issuer)s") % {"idp": guide.label, "issuer": connection.idp_entity_id}
        yield Finding(Level.OK, "details", words)


def _domains(connection: Connection, _now: datetime) -> Iterator[Finding]:
    verified = [row for row in connection.organization.domains.order_by("name") if row.is_verified]
    if not verified:
        cure = _on_page(_("An admin verifies the company's email domain"), _DOMAINS_PAGE)
        level = Level.FAIL if connection.is_enabled else Level.WARN
        yield Finding(level, "domain", _("no verified domain, so nobody can be let in"), cure)
    for row in verified:
        yield _domain(row)


def _domain(row: EmailDomain) -> Finding:
    if row.missing_since is None:
        return Finding(Level.OK, "domain", _("%(domain)s verified") % {"domain": row.name})
    words = _("%(domain)s: the DNS record is missing; sign-in goes on until %(until)s") % {
        "domain": row.name,
        "until": in_utc(row.missing_since + GRACE),
    }
    return Finding(Level.WARN, "domain", words, _on_page(_("Put the TXT record back"), _DOMAINS_PAGE))


def _certificates(connection: Connection, now: datetime) -> Iterator[Finding]:
    rows = list(connection.certificates.all())
    path = {"path": guide_named(connection.guide).certificate.menu_path}
    if not rows:
        level = Level.FAIL if connection.is_enabled else Level.WARN
        yield Finding(level, "certificate", _("none saved"), _("Copy it from %(path)s") % path)
    for row in rows:
        yield _certificate(row, now, _on_page(_("Copy the next one from %(path)s, save it") % path))


def _certificate(row: IdpCertificate, now: datetime, cure: str) -> Finding:
    days, validity = days_left(row, now), validity_of(row, now)
    used = _("never used")
    if row.last_used_at:
        used = _("last used %(at)s") % {"at": in_utc(row.last_used_at)}
    told = {"name": shortened(row.sha256), "used": used, "days": abs(days)}
    if validity is Validity.EXPIRED:
        words = ngettext(
            "%(name)s expired %(days)s day ago, %(used)s; sign-in goes on",
            "%(name)s expired %(days)s days ago, %(used)s; sign-in goes on",
            abs(days),
        )
        return Finding(Level.WARN, "certificate", words % told, cure)
    if validity is Validity.NOT_YET:
        told["start"] = in_utc(row.not_before)
        words = _("%(name)s not valid before %(start)s, %(used)s") % told
        return Finding(Level.WARN, "certificate", words, _("Check the clocks, or wait."))
    words = (
        ngettext("%(name)s %(days)s day left, %(used)s", "%(name)s %(days)s days left, %(used)s", days) % told
    )
    if validity is Validity.SOON:
        return Finding(Level.WARN, "certificate", words, cure)
    return Finding(Level.OK, "certificate", words)


def _role(connection: Connection, _now: datetime) -> Iterator[Finding]:
    role, plan = Role(connection.default_role), connection.organization.current_plan
    if role in plan.roles:
        yield Finding(Level.OK, "default role", role.label)
    else:
        words = _("%(role)s is not a role of the %(plan)s plan") % {"role": role.label, "plan": plan.label}
        yield Finding(Level.WARN, "default role", words, _on_page(_("Choose another Default Role")))


def _own_key(connection: Connection, _now: datetime) -> Iterator[Finding]:
    keys = list(connection.sp_keys.all())
    if not keys:
        words = _("none: encrypted assertions can't be opened")
        yield Finding(Level.WARN, "own key", words, _("Enable SSO anew."))
    for key in keys:
        made = {"at": in_utc(key.created_at)}
        try:
            private_key_pem(key)
        except CannotUnseal:
            yield Finding(
                Level.FAIL,
                "own key",
                _("made %(at)s: can't be unsealed, so encrypted assertions can't be opened") % made,
                _("Put the key it was sealed with back into KEY_ENCRYPTION_KEYS, behind the first one."),
            )
        else:
            yield Finding(Level.OK, "own key", _("made %(at)s, can be unsealed") % made)


def _staged_change(connection: Connection, _now: datetime) -> Iterator[Finding]:
    change = connection.staged
    if change is not None:
        words = (
            _("a change of %(at)s passed its test, not applied")
            if change.is_tested
            else _("a change of %(at)s waits for its test")
        ) % {"at": in_utc(change.staged_at)}
        cure = _on_page(_("An admin tests and applies it, or discards it"))
        yield Finding(Level.WARN, "staged change", words, cure)


def _last_test(connection: Connection, now: datetime) -> Iterator[Finding]:
    test = connection.tests.order_by("-started_at", "-pk").first()
    if test is None:
        yield Finding(Level.WARN, "last test", _("none"), _to_test())
        return
    is_current = test.version == connection.version
    which = _("%(at)s, of this configuration") if is_current else _("%(at)s, of an older configuration")
    told = {"test": which % {"at": in_utc(test.started_at)}}
    if test.finished_at is None:
        yield Finding(Level.WARN, "last test", _("started, no response: %(test)s") % told, _to_test())
    elif not test.passed:
        yield Finding(Level.WARN, "last test", _("failed: %(test)s") % told, _to_test())
    elif is_current:
        yield Finding(Level.OK, "last test", _("passed: %(test)s") % told)
    else:
        yield Finding(Level.WARN, "last test", _("passed: %(test)s") % told, _to_test())


def _sign_ins(connection: Connection, now: datetime) -> Iterator[Finding]:
    successes = connection.organization.sign_in_events.filter(refusal="").exclude(flow=Flow.TEST)
    last = successes.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
    if last is not None:
        yield Finding(Level.OK, "last sign-in", in_utc(last))
    else:
        level = Level.WARN if connection.is_enabled else Level.OK
        yield Finding(level, "last sign-in", _("none yet"))
    causes = failures_by_cause(connection.organization, connection, now, with_tests=False)
    if not causes:
        yield Finding(Level.OK, "failures", _("none in the last 7 days"))
    for cause in causes:
        yield _failure(cause, connection, last)


def _failure(cause: Cause, connection: Connection, last_success: datetime | None) -> Finding:
    """FAIL if the cause may keep everybody out: a wrong setting, and nobody has signed in since. OK if it was cured."""
    refusal = cause.refusal
    everybody = refusal is not None and CATALOGUE[refusal].stops is Stops.EVERYBODY
    since = last_success is None or cause.last_seen > last_success
    level = Level.FAIL if everybody and since and connection.is_enabled else Level.WARN
    if cause.cured is not None:
        level = Level.OK
    words = _("%(count)s × %(title)s, last %(at)s") % {
        "count": cause.count,
        "title": cause.title,
        "at": in_utc(cause.last_seen),
    }
    references = f" ({', '.join(cause.references)})" if cause.references else ""
    cure = ""
    if cause.fix is not None:
        where = ": ".join(part for part in (cause.fix.system, cause.fix.menu_path) if part)
        source = _("What to copy is in %(place)s") % {"place": cause.fix.copied_from}
        instruction = gettext(cause.fix.instruction)
        cure = ". ".join(part for part in (where, cause.fix.copied_from and source, instruction) if part)
    subject = "unanswered" if refusal is Refusal.NO_RESPONSE else "failures"
    if cause.cured is not None:
        return Finding(level, subject, f"{words}{references}. {cause.cured.words}", is_cured=True)
    return Finding(level, subject, words + references, cure)


def _seats(connection: Connection, _now: datetime) -> Iterator[Finding]:
    organization = connection.organization
    taken, limit = organization.seats_taken(), organization.seat_limit
    free = {"free": max(limit - taken, 0), "taken": taken, "limit": limit}
    words = _("%(free)s free, %(taken)s of %(limit)s taken") % free
    if taken >= limit and connection.create_members:
        cure = _("Deactivate members who have left, or add seats: nobody new can come in.")
        yield Finding(Level.WARN, "seats", words, cure)
    else:
        yield Finding(Level.OK, "seats", words)


_CHECKS: tuple[Callable[[Connection, datetime], Iterator[Finding]], ...] = (
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
