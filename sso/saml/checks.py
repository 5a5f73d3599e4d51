"""The checks of a signed assertion. All of them are evaluated (SAML profiles 4.1.4.2, 4.1.4.3)."""

from __future__ import annotations

from datetime import datetime

from sso.phrases import Phrase
from sso.refusals import Check, Refusal
from sso.saml.confirmations import check_recipient, nearest_confirmation
from sso.saml.in_response_to import check_request
from sso.saml.instants import write_instant
from sso.saml.names import ENTITY_FORMAT, identifier, saml
from sso.saml.report import CheckResult, failed, passed, warning
from sso.saml.subject import check_subject
from sso.saml.times import check_authentication, check_time
from sso.saml.types import AnsweredRequest, ConnectionConfig, SignedAssertion


def check_assertion(
    signed: SignedAssertion, config: ConnectionConfig, request: AnsweredRequest, now: datetime
) -> list[CheckResult]:
    """One result for each check of a signed assertion, in any order. `now` is aware."""
    confirmation = nearest_confirmation(signed, config, request, now)
    return [
        _version(signed),
        passed(Check.SIGNATURE),
        _certificate(signed, now),
        _issuer(signed, config),
        _audience(signed, config),
        _destination(signed, config),
        check_recipient(confirmation, config),
        check_time(signed, confirmation, config, now),
        check_request(signed, confirmation, config, request),
        check_authentication(signed, config, now),
        *check_subject(signed.element),
    ]


def _version(signed: SignedAssertion) -> CheckResult:
    versions = {signed.response.get("Version", ""), signed.element.get("Version", "")}
    if versions != {"2.0"}:
        return failed(Refusal.WRONG_VERSION, expected="2.0", received=", ".join(sorted(versions)))
    return passed(Check.RESPONSE)


def _certificate(signed: SignedAssertion, now: datetime) -> CheckResult:
    certificate = signed.certificate
    if now > certificate.not_after:
        return warning(
            Refusal.CERTIFICATE_EXPIRED,
            expected=Phrase.A_VALID_CERTIFICATE(),
            received=Phrase.EXPIRED_AT(at=write_instant(certificate.not_after)),
        )
    return passed(Check.CERTIFICATE, certificate.sha256)


def _issuer(signed: SignedAssertion, config: ConnectionConfig) -> CheckResult:
    nodes = [signed.response.find(saml("Issuer")), signed.element.find(saml("Issuer"))]
    for node in nodes:
        if node is None:
            continue  # Only the Response may leave it out; require_known_shape has checked the Assertion.
        issuer = identifier(node)
        if issuer != config.idp_entity_id or node.get("Format", ENTITY_FORMAT) != ENTITY_FORMAT:
            return failed(Refusal.WRONG_ISSUER, expected=config.idp_entity_id, received=issuer)
    return passed(Check.ISSUER, config.idp_entity_id)


def _audience(signed: SignedAssertion, config: ConnectionConfig) -> CheckResult:
    restrictions = signed.element.findall(f"{saml('Conditions')}/{saml('AudienceRestriction')}")
    # Every restriction must name us (SAML core 2.5.1.4).
    for restriction in restrictions:
        audiences = [identifier(node) for node in restriction.iterfind(saml("Audience"))]
        if config.entity_id not in audiences:
            return failed(
                Refusal.WRONG_AUDIENCE,
                expected=config.entity_id,
                received=", ".join(audiences) or Phrase.NO_AUDIENCE(),
            )
    if not restrictions:
        return failed(Refusal.WRONG_AUDIENCE, expected=config.entity_id, received=Phrase.NO_AUDIENCE())
    return passed(Check.AUDIENCE, config.entity_id)


def _destination(signed: SignedAssertion, config: ConnectionConfig) -> CheckResult:
    destination = signed.response.get("Destination")
    # Bindings 3.5.5.2: a signed message must name its destination.
    if destination is None and not signed.response_is_signed:
        return passed(Check.DESTINATION)
    if destination != config.acs_url:
        received = (
            Phrase.NO_DESTINATION() if destination is None else destination or Phrase.EMPTY_DESTINATION()
        )
        return failed(Refusal.WRONG_DESTINATION, expected=config.acs_url, received=received)
    return passed(Check.DESTINATION, config.acs_url)
