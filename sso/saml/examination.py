"""Examines a response with both locks and reports what each check found (SAML profiles 4.1.4.3)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from sso.identity import VerifiedIdentity
from sso.refusals import Check, Refused
from sso.saml.attributes import read_attributes
from sso.saml.checks import check_assertion
from sso.saml.confirmations import confirmed_until
from sso.saml.report import CheckReport, CheckResult, Outcome, complete, passed, refused_by
from sso.saml.second_lock import require_second_verdict
from sso.saml.signature import verify, verify_response
from sso.saml.statuses import is_success, refused_status
from sso.saml.subject import email_of, read_identity
from sso.saml.times import session_ends_at
from sso.saml.types import AnsweredRequest, ConnectionConfig, SignedAssertion, UnverifiedResponse

# These need our own records, so they are checked after the examination.
CHECKED_AFTERWARDS = frozenset({Check.DOMAIN, Check.MEMBER})


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
    if not is_success(unverified.root):
        return _refused_by_idp(unverified, config)
    try:
        signed = verify(unverified, config)
    except Refused as refused:
        return Examination(complete((passed(Check.RESPONSE), passed(Check.STATUS), refused_by(refused))))
    results = [passed(Check.STATUS), *check_assertion(signed, config, request, now)]
    # The second lock is asked only about what our own checks accept, so that its reason never hides ours.
    if not any(result.outcome is Outcome.FAILED for result in results):
        results.append(_second_verdict(unverified, config, request))
    return _examined(signed, config, complete(tuple(results)))


def _refused_by_idp(unverified: UnverifiedResponse, config: ConnectionConfig) -> Examination:
    """What it said; and whether a trusted key has signed it, as of the Response alone."""
    results = [passed(Check.RESPONSE), refused_status(unverified.root)]
    try:
        verify_response(unverified, config)
    except Refused:
        # Most statuses are not signed, and nobody signs in with one.
        return Examination(complete(tuple(results)))
    return Examination(complete((*results, passed(Check.SIGNATURE))))


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
