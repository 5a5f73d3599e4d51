"""Explains a sign-in afterwards, by its reference or by the message itself. Nothing is written.

The result cannot be turned into a sign-in: see sso/saml/explanation.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Organization
from justcall_sso.moments import in_utc
from sso.connection.availability import why_unavailable
from sso.guides import Fix, fix_for
from sso.log.cured import cure_of_event
from sso.log.entry import has_response_of, report_of, why_nobody
from sso.log.lines import flow_label, person_of, presumed_of
from sso.models import Connection, PendingLogin, SignInEvent
from sso.refusals import Check, Refusal, Refused
from sso.saml.envelope import decode
from sso.saml.explanation import Explanation, explain, explain_unreadable, made_at
from sso.saml.pasted.message_kinds import PastedForm
from sso.saml.pasted.messages import PastedResponse, RecordedRequest
from sso.saml.redaction import redact
from sso.saml.report import CheckReport, CheckResult, Outcome, refused_by
from sso.saml.types import UNSOLICITED, AnsweredRequest, RequestState, UnverifiedResponse
from sso.signing_in import pending, replay
from sso.signing_in.retention import ANSWERED_REQUESTS_KEPT
from sso.trial.foreseeing import foresee
from sso.trial.starting import config_under_test

_NEVER_SENT = AnsweredRequest(RequestState.UNKNOWN)
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """How one sign-in ended, or would end.

    `facts` are labels with texts. `notes` are sentences about the way it was pasted. `made_at` is when the message was
    made, if it says so and was judged at another time.
    """

    report: CheckReport
    facts: Facts
    notes: tuple[str, ...] = ()
    attributes: dict[str, list[str]] = field(default_factory=dict)
    redacted_xml: str = ""
    is_out_of_time: bool = False
    made_at: datetime | None = None

    @property
    def is_good(self) -> bool:
        """Whether no check failed. Checks that were not reached do not count."""
        return not self.report.failures


def find_event(organization: Organization, reference: str) -> SignInEvent | None:
    """The company's own sign-in with this reference. Another company's is unknown, too."""
    events = organization.sign_in_events.select_related("user", "connection")
    return events.filter(reference=reference).first()


def diagnose_event(event: SignInEvent) -> Diagnosis:
    """The diagnosis that was stored with the event."""
    guide = event.connection.guide if event.connection else ""
    report = report_of(event)
    has_response = has_response_of(event)
    person = person_of(event) or presumed_of(event) or why_nobody(report, has_response=has_response)
    return Diagnosis(
        report,
        (
            (_("When"), in_utc(event.occurred_at, "second")),
            (_("Person"), person),
            (_("Started by"), flow_label(event.flow, guide)),
            *([(_("Since then"), cured.words)] if (cured := cure_of_event(event)) else []),
            *([(_("Request sent"), in_utc(event.requested_at, "second"))] if event.requested_at else []),
        ),
        attributes=event.attributes,
        redacted_xml=event.redacted_xml,
    )


def cure_of(event: SignInEvent, guide: str) -> Fix | None:
    """The cure of an event's refusal, as precise as the received value allows; None if not refused."""
    if event.refusal not in set(Refusal):
        return None
    failed_row = (row.received for row in report_of(event).results if row.refusal == event.refusal)
    return fix_for(guide, Refusal(event.refusal), next(failed_row, ""))


def diagnose_response(
    connection: Connection,
    pasted: PastedResponse,
    now: datetime,
    *,
    at: datetime | None = None,
    when_made: bool = False,
) -> Diagnosis:
    """Every check of a pasted response, judged `at` a time, `when_made`, or now. Nothing is used up."""
    where = _where(pasted.form, pasted.entry)
    try:
        unverified = decode(pasted.encoded)
    except Refused as refused:
        report = explain_unreadable(refused, at=at or now).report
        return Diagnosis(report, where, _notes(pasted.form, refused.refusal))
    made = made_at(unverified)
    judged = (made if when_made else at) or now
    asked = pending.find(connection, unverified.claimed_in_response_to)
    config = config_under_test(connection, asked.test if asked else None)
    request = _request(unverified, asked, now)
    explanation = explain(unverified, config, request, at=judged, now=now)
    report = explanation.report.with_results(*foresee(connection, explanation.person, now))
    used_at = replay.used_at(connection, explanation.assertion_id)
    history = _history(unverified, asked, used_at, now)
    is_known = asked is not None or request.state is RequestState.UNSOLICITED
    report = _with_history(report, history, is_known=is_known)
    report = _with_availability(report, connection, asked)
    first = report.failures[0].refusal if report.failures else None
    return Diagnosis(
        report,
        (*where, *_times(explanation, made, now), *history),
        _notes(pasted.form, first),
        explanation.attributes,
        redact(unverified.root),
        explanation.is_out_of_time,
        None if made == judged else made,
    )


def _request(unverified: UnverifiedResponse, asked: PendingLogin | None, now: datetime) -> AnsweredRequest:
    """The request that the message answered when it was made. That it is answered by now is no failure."""
    claimed = unverified.claimed_in_response_to
    if claimed is None:
        return UNSOLICITED
    made = made_at(unverified)
    if asked is None:
        # The request may be deleted by now. Then only check that the message names the same one everywhere.
        is_forgotten = _is_forgotten(made, now)
        return AnsweredRequest(RequestState.MATCHED, claimed) if is_forgotten else _NEVER_SENT
    late = made is not None and made >= asked.expires_at
    return AnsweredRequest(RequestState.EXPIRED if late else RequestState.MATCHED, asked.request_id)


def _is_forgotten(made: datetime | None, now: datetime) -> bool:
    return made is not None and made < now - ANSWERED_REQUESTS_KEPT


def _history(
    unverified: UnverifiedResponse, asked: PendingLogin | None, used_at: datetime | None, now: datetime
) -> Facts:
    facts: list[tuple[str, str]] = []
    if unverified.claimed_in_response_to is None:
        facts.append((_("Request"), _("none, started at the identity provider (the tile)")))
    elif asked is not None:
        sent = {"sent": in_utc(asked.created_at, "second")}
        words = _("sent %(sent)s, not answered yet") % sent
        if asked.consumed_at is not None:
            words = _("sent %(sent)s, answered %(answered)s") % (
                sent | {"answered": in_utc(asked.consumed_at, "second")}
            )
        facts.append((_("Request"), words))
    elif _is_forgotten(made_at(unverified), now):
        facts.append((_("Request"), _("too long ago to be known: requests are kept for a day")))
    else:
        facts.append((_("Request"), _("not one that JustCall sent for this company")))
    if used_at is not None:
        facts.append((_("Used"), _("already, at %(at)s") % {"at": in_utc(used_at, "second")}))
    return tuple(facts)


def _with_history(report: CheckReport, history: Facts, *, is_known: bool) -> CheckReport:
    """The report with what we know of the request beside its check, if that found nothing wrong."""
    if not any(row.check is Check.REQUEST and row.outcome is Outcome.PASSED for row in report.results):
        return report
    words = ". ".join(f"{label}: {text}" for label, text in history)
    outcome = Outcome.PASSED if is_known else Outcome.NOT_REACHED
    return report.with_results(CheckResult(Check.REQUEST, outcome, received=words))


def _with_availability(
    report: CheckReport, connection: Connection, asked: PendingLogin | None
) -> CheckReport:
    """The report with a refusal if single sign-on is off. A connection test works even then."""
    unavailable = why_unavailable(connection)
    is_test = asked is not None and asked.test_id is not None
    would_do = any(row.check is Check.MEMBER and row.outcome is Outcome.PASSED for row in report.results)
    if unavailable is None or is_test or not would_do:
        return report
    return report.with_results(refused_by(unavailable))


def _where(form: PastedForm, entry: RecordedRequest | None) -> Facts:
    found = _(form.words)
    if entry is None:
        return ((_("What it is"), found),)
    place = _("Entry %(number)d of %(total)d: %(method)s %(url)s") % {
        "number": entry.number,
        "total": entry.total,
        "method": entry.method,
        "url": entry.url,
    }
    sent = ((_("Posted"), entry.started),) if entry.started else ()
    return ((_("What it is"), found), (_("Found in"), place), *sent)


def _times(explanation: Explanation, made: datetime | None, now: datetime) -> Facts:
    judged = in_utc(explanation.judged_at, "second")
    if explanation.judged_at == now:
        judged = _("%(time)s (now)") % {"time": judged}
    facts = [(_("Made"), in_utc(made, "second"))] if made else []
    if explanation.valid_from and explanation.valid_until:
        span = {
            "start": in_utc(explanation.valid_from, "second"),
            "end": in_utc(explanation.valid_until, "second"),
        }
        facts.append((_("Good"), _("from %(start)s to %(end)s") % span))
    return (*facts, (_("Judged as of"), judged))


def _notes(form: PastedForm, first: Refusal | None) -> tuple[str, ...]:
    """How the way it was pasted may have changed the result."""
    notes = []
    if form is PastedForm.URL:
        notes.append(
            _("This response was in a web address. JustCall takes responses by POST only: choose HTTP-POST.")
        )
    if form is PastedForm.XML and first is Refusal.SIGNATURE_INVALID:
        notes.append(
            _(
                "Viewers often indent XML anew, and that alone breaks its signature. Paste the SAMLResponse as it was "
                "posted, in base64, to be sure."
            )
        )
    return tuple(notes)
