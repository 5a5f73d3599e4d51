"""What comes of a response, and would have come of it at another time: for people who look for a cause.

`explain` runs the very checks of a sign-in, and hands out what they found without the Acceptance that alone signs
somebody in. Nothing that signs in may import this module (import-linter holds it), and nothing here relaxes a check.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from sso.identity import VerifiedIdentity
from sso.refusals import Check, Refusal, Refused
from sso.saml.examination import examine, unreadable
from sso.saml.hints import with_hints
from sso.saml.instants import in_words, read_instant, write_instant
from sso.saml.names import saml
from sso.saml.report import CheckReport, CheckResult, Outcome
from sso.saml.signature import verify
from sso.saml.types import AnsweredRequest, ConnectionConfig, SignedAssertion, UnverifiedResponse


@dataclass(frozen=True, slots=True)
class Explanation:
    """The report of every check at `judged_at`. Person, attributes, times and assertion ID are from signed bytes only."""

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
    """When a response says it was made. Good for words and for a time to judge at, for nothing else."""
    return read_instant(unverified.root.get("IssueInstant", ""))


def claimed_addresses(unverified: UnverifiedResponse) -> list[str]:
    """The addresses a response says it is for. Good for guessing whose it is where nobody says so, for nothing else."""
    root = unverified.root
    destination = [root.get("Destination", "")]
    recipients = [node.get("Recipient", "") for node in root.iter(saml("SubjectConfirmationData"))]
    audiences = [(node.text or "").strip() for node in root.iter(saml("Audience"))]
    return [address for address in (*destination, *recipients, *audiences) if address]


def explain_unreadable(refused: Refused, *, at: datetime) -> Explanation:
    """The explanation of something that is not even a response."""
    return Explanation(unreadable(refused).report, at)


def explain(
    unverified: UnverifiedResponse,
    config: ConnectionConfig,
    request: AnsweredRequest,
    *,
    at: datetime,
    now: datetime,
) -> Explanation:
    """Every check of a response as it would be judged `at` a time (aware). `now` is the time it is.

    The second lock reads the system's clock: where `at` is another time it has no verdict to give, and counts as not
    reached. Raises nothing.
    """
    examination = examine(unverified, config, request, at)
    report = examination.report
    if not examination.signature_verified:
        return Explanation(with_hints(report, unverified, config), at)
    signed = verify(unverified, config)
    starts, ends = _validity(signed)
    changed = [_time_in_words(row, starts, ends, at) for row in report.results if row.check is Check.TIME]
    if at != now:
        changed.append(
            CheckResult(
                Check.SECOND_LOCK,
                Outcome.NOT_REACHED,
                received="It goes by the clock of this moment, so it has no say about another time.",
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


def _validity(signed: SignedAssertion) -> tuple[datetime | None, datetime | None]:
    """The span in which all bounds of an assertion hold, without skew; None where there is no bound that can be read."""
    starts = [moment for node in signed.element.iter() if (moment := _moment(node, "NotBefore"))]
    ends = [
        moment
        for node in signed.element.iter()
        for name in ("NotOnOrAfter", "SessionNotOnOrAfter")
        if (moment := _moment(node, name))
    ]
    return max(starts, default=None), min(ends, default=None)


def _moment(node: etree._Element, name: str) -> datetime | None:
    return read_instant(node.get(name, ""))


def _time_in_words(
    row: CheckResult, starts: datetime | None, ends: datetime | None, at: datetime
) -> CheckResult:
    """The result of the time check as somebody reads it who looks at a message long after it was sent."""
    if starts is None or ends is None:
        return row
    good = f"good from {write_instant(starts)} to {write_instant(ends)}"
    judged = f"judged as of {write_instant(at)}"
    if row.outcome is Outcome.PASSED:
        return CheckResult(row.check, row.outcome, received=f"{judged}; {good}")
    if row.refusal is Refusal.EXPIRED and at >= ends:
        judged += f", {in_words(at - ends)} after it had expired"
    elif row.refusal is Refusal.NOT_YET_VALID:
        judged += f", {in_words(starts - at)} too early"
    else:
        # A bound that is missing or can't be read: the check has said which.
        return row
    return CheckResult(row.check, row.outcome, row.refusal, expected=good, received=judged)
