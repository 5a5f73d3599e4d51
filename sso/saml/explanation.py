"""Explains what comes of a response now, or would have come of it at another time.

`explain` runs the same checks as a sign-in. It never returns an Acceptance, so nobody can sign in with its result, and
no room that signs people in may import this module (import-linter holds it).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from sso.identity import VerifiedIdentity
from sso.phrases import Phrase
from sso.refusals import Check, Refusal, Refused
from sso.saml.confirmations import nearest_confirmation
from sso.saml.examination import examine, unreadable
from sso.saml.hints import with_hints
from sso.saml.instants import in_largest_unit, read_instant, write_instant
from sso.saml.names import identifier, saml
from sso.saml.report import CheckReport, CheckResult, Outcome
from sso.saml.signature import verify
from sso.saml.statuses import is_success
from sso.saml.times import bounded
from sso.saml.types import AnsweredRequest, ConnectionConfig, UnverifiedResponse


@dataclass(frozen=True, slots=True)
class Explanation:
    """The report of every check at the time `judged_at` (aware).

    Everything else is read from signed bytes only, and empty if the signature does not verify.
    """

    report: CheckReport
    judged_at: datetime
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    assertion_id: str = ""
    person: VerifiedIdentity | None = None
    attributes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_out_of_time(self) -> bool:
        return any(row.check is Check.TIME for row in self.report.failures)


def made_at(unverified: UnverifiedResponse) -> datetime | None:
    """The IssueInstant of a response, or None. It is not trusted.

    Use it only to show it, and as the time to judge the response at.
    """
    return read_instant(unverified.root.get("IssueInstant", ""))


def claimed_addresses(unverified: UnverifiedResponse) -> list[str]:
    """Destination, Recipients and Audiences of a response. They are not trusted.

    Use them only to guess the connection of a response when the person who asks does not name one.
    """
    root = unverified.root
    destination = [root.get("Destination", "")]
    recipients = [node.get("Recipient", "") for node in root.iter(saml("SubjectConfirmationData"))]
    audiences = [identifier(node) for node in root.iter(saml("Audience"))]
    return [address for address in (*destination, *recipients, *audiences) if address]


def explain_unreadable(refused: Refused, *, at: datetime) -> Explanation:
    """The explanation of something that `decode` has refused."""
    return Explanation(unreadable(refused).report, at)


def explain(
    unverified: UnverifiedResponse,
    config: ConnectionConfig,
    request: AnsweredRequest,
    *,
    at: datetime,
    now: datetime,
) -> Explanation:
    """Examine a response as of the time `at`. `now` is the present time; both are aware.

    The second lock reads the system's clock, so it counts as not reached unless `at` equals `now`. Raises nothing.
    """
    examination = examine(unverified, config, request, at)
    report = examination.report
    if not is_success(unverified.root):
        return Explanation(report, at)
    if not examination.signature_verified:
        return Explanation(with_hints(report, unverified, config), at)
    signed = verify(unverified, config)
    starts, ends = _validity(bounded(signed, nearest_confirmation(signed, config, request, at)))
    changed = [_time_in_words(row, starts, ends, at) for row in report.results if row.check is Check.TIME]
    if at != now:
        changed.append(
            CheckResult(
                Check.SECOND_LOCK,
                Outcome.NOT_REACHED,
                received=Phrase.NO_VERDICT(),
            )
        )
    return Explanation(
        report.with_results(*changed),
        at,
        valid_from=starts,
        valid_until=ends,
        assertion_id=signed.assertion_id,
        person=examination.person,
        attributes=examination.attributes,
    )


def _validity(nodes: list[etree._Element]) -> tuple[datetime | None, datetime | None]:
    """From when and until when all bounds of an assertion hold, without clock skew. None: no such bound."""
    starts = [moment for node in nodes if (moment := _moment(node, "NotBefore"))]
    ends = [
        moment
        for node in nodes
        for name in ("NotOnOrAfter", "SessionNotOnOrAfter")
        if (moment := _moment(node, name))
    ]
    return max(starts, default=None), min(ends, default=None)


def _moment(node: etree._Element, name: str) -> datetime | None:
    return read_instant(node.get(name, ""))


def _time_in_words(
    row: CheckResult, starts: datetime | None, ends: datetime | None, at: datetime
) -> CheckResult:
    """The result of the time check, in words for somebody who reads the message long after it was sent."""
    if starts is None or ends is None:
        return row
    judged, good = write_instant(at), {"start": write_instant(starts), "end": write_instant(ends)}
    if row.outcome is Outcome.PASSED:
        return CheckResult(row.check, row.outcome, received=Phrase.JUDGED_GOOD(at=judged, **good))
    if row.refusal is Refusal.EXPIRED and at >= ends:
        received = Phrase.JUDGED_LATE(at=judged, span=in_largest_unit(at - ends))
    elif row.refusal is Refusal.NOT_YET_VALID:
        received = Phrase.JUDGED_EARLY(at=judged, span=in_largest_unit(starts - at))
    else:
        # A bound is missing or can't be read, and the result already says which.
        return row
    expected = Phrase.GOOD_FROM_TO(**good)
    return CheckResult(row.check, row.outcome, row.refusal, expected=expected, received=received)
