"""Examines a response with both locks and reports what each check found (SAML profiles 4.1.4.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sso.identity import VerifiedIdentity
from sso.refusals import Check, Refusal, Refused
from sso.saml.attributes import read_attributes
from sso.saml.checks import check_assertion, session_ends_at, status_codes, status_message, valid_until
from sso.saml.names import STATUS_SUCCESS
from sso.saml.report import CheckReport, Outcome, complete, failed, passed, refused_by
from sso.saml.second_lock import require_second_verdict
from sso.saml.signature import verify
from sso.saml.subject import email_of, read_identity
from sso.saml.types import AnsweredRequest, ConnectionConfig, SignedAssertion, UnverifiedResponse

# These are checked after the examination, from our own records.
AFTERWARDS = frozenset({Check.DOMAIN, Check.MEMBER})


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
    codes = status_codes(unverified.root)
    if codes[0] != STATUS_SUCCESS:
        received = " / ".join([*(code.rpartition(":")[2] for code in codes), status_message(unverified.root)])
        status = failed(Refusal.IDP_REFUSED, expected="Success", received=received[:600].strip(" /"))
        return Examination(complete((passed(Check.RESPONSE), status)))
    success = passed(Check.STATUS)
    try:
        signed = verify(unverified, config)
    except Refused as refused:
        return Examination(complete((passed(Check.RESPONSE), success, refused_by(refused))))
    results = [success, *check_assertion(signed, config, request, now)]
    if not any(result.outcome is Outcome.FAILED for result in results):
        try:
            require_second_verdict(unverified, config, request.request_id)
            results.append(passed(Check.SECOND_LOCK))
        except Refused as refused:
            results.append(refused_by(refused))
    report = complete(tuple(results))
    email, received_attributes = email_of(signed.element), read_attributes(signed.element)
    person = _person(signed, report)
    reached = CheckReport(tuple(result for result in report.results if result.check not in AFTERWARDS))
    if person is None or not reached.passed:
        return Examination(report, email=email, attributes=received_attributes, person=person)
    acceptance = Acceptance(
        identity=person,
        assertion_id=signed.assertion_id,
        valid_until=valid_until(signed) + config.clock_skew,
        certificate_sha256=signed.certificate.sha256,
    )
    return Examination(report, acceptance, email, received_attributes, person)


def _person(signed: SignedAssertion, report: CheckReport) -> VerifiedIdentity | None:
    if any(row.check in (Check.NAME_ID, Check.EMAIL) for row in report.failures):
        return None
    return read_identity(signed.element, session_ends_at(signed))
