"""Examines a response with both locks and reports what each check found (SAML profiles 4.1.4.3)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from lxml import etree

from sso.identity import VerifiedIdentity
from sso.refusals import Check, Refusal, Refused
from sso.saml.attributes import read_attributes
from sso.saml.checks import check_assertion, confirmed_until, session_ends_at, status_codes, status_message
from sso.saml.names import STATUS_SUCCESS
from sso.saml.report import CheckReport, CheckResult, Outcome, complete, failed, passed, refused_by
from sso.saml.second_lock import require_second_verdict
from sso.saml.signature import verify
from sso.saml.subject import email_of, read_identity
from sso.saml.types import AnsweredRequest, ConnectionConfig, SignedAssertion, UnverifiedResponse

# These need our own records, so they are checked after the examination.
CHECKED_AFTERWARDS = frozenset({Check.DOMAIN, Check.MEMBER})
_MAX_STATUS_LENGTH = 600


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A response that both locks accept.

    The assertion must be remembered as used until `valid_until` (aware, with clock skew): profiles 4.1.4.5.
    """

    identity: VerifiedIdentity
    assertion_id: str
    valid_until: datetime
    certificate_sha256: str


@dataclass(frozen=True, slots=True)
class Examination:
    """The report of every check. `acceptance` is None if any has failed.

    `email`, `attributes` and `person` are read from signed bytes, and are there even if another check has failed. Use
    them only to say what would happen. Only `acceptance` may sign somebody in.
    """

    report: CheckReport
    acceptance: Acceptance | None = None
    email: str = ""
    attributes: dict[str, list[str]] = field(default_factory=dict)
    person: VerifiedIdentity | None = None

    @property
    def signature_verified(self) -> bool:
        return any(
            row.check is Check.SIGNATURE and row.outcome is Outcome.PASSED for row in self.report.results
        )


def unreadable(refused: Refused) -> Examination:
    """The examination of something that `decode` has refused."""
    return Examination(complete((refused_by(refused),)))


def examine(
    unverified: UnverifiedResponse, config: ConnectionConfig, request: AnsweredRequest, now: datetime
) -> Examination:
    """Examine a response with both locks. `now` is aware. Raises nothing: a refusal is a failed check."""
    if status_codes(unverified.root)[0] != STATUS_SUCCESS:
        return _refused_by_idp(unverified.root)
    try:
        signed = verify(unverified, config)
    except Refused as refused:
        return Examination(complete((passed(Check.RESPONSE), passed(Check.STATUS), refused_by(refused))))
    results = [passed(Check.STATUS), *check_assertion(signed, config, request, now)]
    # The second lock is asked only about what our own checks accept, so that its reason never hides ours.
    if not any(result.outcome is Outcome.FAILED for result in results):
        results.append(_second_verdict(unverified, config, request))
    return _examined(signed, config, complete(tuple(results)))


def _refused_by_idp(response: etree._Element) -> Examination:
    codes = [code.rpartition(":")[2] for code in status_codes(response)]
    received = " / ".join([*codes, status_message(response)])[:_MAX_STATUS_LENGTH].strip(" /")
    failure = failed(Refusal.IDP_REFUSED, expected="Success", received=received)
    return Examination(complete((passed(Check.RESPONSE), failure)))


def _second_verdict(
    unverified: UnverifiedResponse, config: ConnectionConfig, request: AnsweredRequest
) -> CheckResult:
    try:
        require_second_verdict(unverified, config, request.request_id)
    except Refused as refused:
        return refused_by(refused)
    return passed(Check.SECOND_LOCK)


def _examined(signed: SignedAssertion, config: ConnectionConfig, report: CheckReport) -> Examination:
    person = _person(signed, report)
    examination = Examination(
        report,
        email=email_of(signed.element),
        attributes=read_attributes(signed.element),
        person=person,
    )
    so_far = CheckReport(tuple(row for row in report.results if row.check not in CHECKED_AFTERWARDS))
    if person is None or not so_far.passed:
        return examination
    acceptance = Acceptance(
        identity=person,
        assertion_id=signed.assertion_id,
        valid_until=confirmed_until(signed) + config.clock_skew,
        certificate_sha256=signed.certificate.sha256,
    )
    return replace(examination, acceptance=acceptance)


def _person(signed: SignedAssertion, report: CheckReport) -> VerifiedIdentity | None:
    if any(row.check in (Check.NAME_ID, Check.EMAIL) for row in report.failures):
        return None
    return read_identity(signed.element, session_ends_at(signed))
