"""The page of one sign-in: a timeline of request, response, checks and decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sso.guides import guide_named
from sso.log.cured import cure_of_event
from sso.log.lines import SignInLine, event_line
from sso.log.retention import MESSAGES_KEPT
from sso.models import Admission, Flow, SignInEvent
from sso.refusals import Check, Refusal
from sso.report_words.rows import Row, rows_of, summary_of
from sso.saml.report import CheckReport, CheckResult, Outcome

# Of these nothing could be read at all.
_UNREADABLE = frozenset(
    {Refusal.NOT_A_RESPONSE, Refusal.NOT_BASE64, Refusal.TOO_LARGE, Refusal.FORBIDDEN_XML}
)


@dataclass(frozen=True, slots=True)
class Story:
    """One sign-in in words. Without a response, single sign-on was refused before it started.

    `nobody` says why the person is not known. `rows` are the checks.
    `is_explained_there`: one of the rows shows the cause and its cure.
    """

    line: SignInLine
    started: str
    before: str
    nobody: str
    is_signed: bool
    cured: str
    has_response: bool
    waited: str
    rows: list[Row]
    summary: str
    decision: str
    is_explained_there: bool
    is_message_forgotten: bool


def story_of(event: SignInEvent, now: datetime) -> Story:
    """An event in words, in the terms of its identity provider."""
    guide = event.connection.guide if event.connection else ""
    report = report_of(event)
    rows = rows_of(report, guide)
    has_response, cured = has_response_of(event), cure_of_event(event)
    return Story(
        line=event_line(event, guide),
        started=_started(event, guide),
        before=_before(event, report, has_response=has_response),
        nobody=why_nobody(report, has_response=has_response),
        is_signed=report.is_signed,
        cured=cured.words if cured else "",
        has_response=has_response,
        waited=_waited(event),
        rows=rows,
        summary=summary_of(report, guide) if rows else "",
        decision=_decision(event),
        is_explained_there=has_response and any(row.title and row.outcome == "failed" for row in rows),
        is_message_forgotten=event.occurred_at < now - MESSAGES_KEPT and not event.redacted_xml,
    )


def has_response_of(event: SignInEvent) -> bool:
    """Whether a response came. An answer to a request has the time of the request: only the start page writes none."""
    return event.flow != Flow.SSO_PAGE or event.requested_at is not None


def report_of(event: SignInEvent) -> CheckReport:
    """The stored checks. A check or refusal that only another release knows is left out."""
    return CheckReport(tuple(filter(None, (_result_of(row) for row in event.checks))))


def _result_of(stored: dict[str, str]) -> CheckResult | None:
    try:
        return CheckResult.from_dict(stored)
    except (KeyError, ValueError):
        return None


def _started(event: SignInEvent, guide: str) -> str:
    if event.flow == Flow.TILE:
        return _("Started at the %(tile)s") % {"tile": _(guide_named(guide).tile)}
    if event.flow == Flow.TEST:
        return _("Started by Test Connection")
    if event.flow == Flow.UNKNOWN:
        return _("Start not known")
    return _("Started by Sign in with SSO")


def _before(event: SignInEvent, report: CheckReport, *, has_response: bool) -> str:
    """What is known of the time before the response, where no request is."""
    if not has_response:
        return _("No request was sent.")
    if event.flow != Flow.UNKNOWN:
        return _("No request of JustCall came before it.")
    was_read = any(row.check is Check.RESPONSE and row.outcome is Outcome.PASSED for row in report.results)
    if was_read or event.redacted_xml:
        return _("It is not known where this began: it answers a request that JustCall does not know.")
    if event.refusal in _UNREADABLE:
        return _("It is not known where this began: the message could not be read.")
    return _("It is not known where this began: nothing of the message was believed.")


def why_nobody(report: CheckReport, *, has_response: bool) -> str:
    """Why an event names no person."""
    if not has_response:
        return _("Unknown: there was no response to name anybody.")
    if report.is_signed:
        return _("Unknown: the response is signed, but names nobody by an email address that can be used.")
    return _("Unknown: no signature verified, so no name could be believed.")


def _waited(event: SignInEvent) -> str:
    if event.requested_at is None:
        return ""
    seconds = max(0, round((event.occurred_at - event.requested_at).total_seconds()))
    if seconds < 120:
        return ngettext("%d second after the request", "%d seconds after the request", seconds) % seconds
    minutes = seconds // 60
    return ngettext("%d minute after the request", "%d minutes after the request", minutes) % minutes


def _decision(event: SignInEvent) -> str:
    person = {"person": event.user.get_full_name() if event.user else event.email or _("a deleted member")}
    if event.flow == Flow.TEST:
        return _("Nobody was signed in: this was a test.")
    if not event.succeeded:
        return _("Nobody was signed in, and nothing was changed.")
    if event.admission == Admission.CREATED:
        return _("Created as a new member and signed in: %(person)s") % person
    if event.admission == Admission.INVITED:
        return _("Took up the invitation and signed in: %(person)s") % person
    return _("Signed in as %(person)s") % person
