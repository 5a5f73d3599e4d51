"""The checks of a signed assertion. All of them are evaluated (SAML profiles 4.1.4.2, 4.1.4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from lxml import etree

from sso.phrases import Phrase, Said, Several, Text
from sso.refusals import Check, Refusal
from sso.saml.instants import read_instant, write_instant
from sso.saml.names import BEARER, ENTITY_FORMAT, saml, samlp
from sso.saml.report import CheckResult, failed, passed, warning
from sso.saml.subject import check_subject
from sso.saml.types import AnsweredRequest, ConnectionConfig, RequestState, SignedAssertion

_TIME_BOUNDS = frozenset({"NotBefore", "NotOnOrAfter", "SessionNotOnOrAfter"})


def check_assertion(
    signed: SignedAssertion, config: ConnectionConfig, request: AnsweredRequest, now: datetime
) -> list[CheckResult]:
    """One result for each check of a signed assertion, in any order. `now` is aware."""
    return [
        _version(signed),
        passed(Check.SIGNATURE),
        _certificate(signed, now),
        _issuer(signed, config),
        _audience(signed, config),
        _destination(signed, config),
        _recipient(signed, config),
        _time(signed, config, now),
        _request(signed, config, request),
        _authentication(signed),
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
        issuer = _exact(node)
        if issuer != config.idp_entity_id or node.get("Format", ENTITY_FORMAT) != ENTITY_FORMAT:
            return failed(Refusal.WRONG_ISSUER, expected=config.idp_entity_id, received=issuer)
    return passed(Check.ISSUER, config.idp_entity_id)


def _audience(signed: SignedAssertion, config: ConnectionConfig) -> CheckResult:
    restrictions = signed.element.findall(f"{saml('Conditions')}/{saml('AudienceRestriction')}")
    # Every restriction must name us (SAML core 2.5.1.4).
    for restriction in restrictions:
        audiences = [_exact(node) for node in restriction.iterfind(saml("Audience"))]
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


def _confirmations(signed: SignedAssertion) -> Iterator[etree._Element]:
    for node in signed.element.iterfind(f"{saml('Subject')}/{saml('SubjectConfirmation')}"):
        data = node.find(saml("SubjectConfirmationData"))
        if node.get("Method") == BEARER and data is not None:
            yield data


def _recipient(signed: SignedAssertion, config: ConnectionConfig) -> CheckResult:
    recipients = [data.get("Recipient", "") for data in _confirmations(signed)]
    if not recipients:
        return failed(Refusal.NOT_CONFIRMED, expected=Phrase.A_CONFIRMATION(), received=Phrase.NONE())
    if set(recipients) != {config.acs_url}:
        received = Several(tuple(recipient or Phrase.NO_RECIPIENT() for recipient in recipients))
        return failed(Refusal.WRONG_RECIPIENT, expected=config.acs_url, received=received)
    return passed(Check.RECIPIENT, config.acs_url)


def _time(signed: SignedAssertion, config: ConnectionConfig, now: datetime) -> CheckResult:
    """Each time bound must hold, and a confirmation must have a NotOnOrAfter (profiles 4.1.4.2)."""
    bounded = [
        *signed.element.iterfind(saml("Conditions")),
        *_confirmations(signed),
        *signed.element.iterfind(saml("AuthnStatement")),
    ]
    for node in bounded:
        for name, value in node.attrib.items():
            if name in _TIME_BOUNDS and (
                failure := _failed_bound(str(name), str(value), config.clock_skew, now)
            ):
                return failure
    if any(data.get("NotOnOrAfter") is None for data in _confirmations(signed)):
        return failed(Refusal.NOT_CONFIRMED, expected="NotOnOrAfter", received=Phrase.NO_END(), at=Check.TIME)
    return passed(Check.TIME, write_instant(now))


def _failed_bound(name: str, value: str, clock_skew: timedelta, now: datetime) -> CheckResult | None:
    """The failure of one bound, or None. NotBefore is inclusive, the others are not (SAML core 2.5.1.2)."""
    instant = read_instant(value)
    if instant is None:
        return failed(Refusal.EXPIRED, expected=Phrase.A_UTC_TIME(attribute=name), received=value)
    arrived = write_instant(now)
    if name == "NotBefore":
        if now >= instant - clock_skew:
            return None
        return failed(
            Refusal.NOT_YET_VALID,
            expected=Phrase.VALID_FROM(at=value),
            received=Phrase.ARRIVED_EARLY(at=arrived, span=_seconds(instant - now)),
        )
    # The end of the session gets no clock skew: a session that ends before it begins helps nobody.
    skew = timedelta(0) if name == "SessionNotOnOrAfter" else clock_skew
    if now < instant + skew:
        return None
    return failed(
        Refusal.EXPIRED,
        expected=Phrase.VALID_UNTIL(at=value),
        received=Phrase.ARRIVED_LATE(at=arrived, span=_seconds(now - instant)),
    )


def _request(signed: SignedAssertion, config: ConnectionConfig, request: AnsweredRequest) -> CheckResult:
    claims = {signed.response.get("InResponseTo", "")}
    claims.update(data.get("InResponseTo", "") for data in _confirmations(signed))
    if request.state is RequestState.UNSOLICITED:
        if claims != {""}:
            return failed(Refusal.UNKNOWN_REQUEST, expected=Phrase.NO_REQUEST(), received=_joined(claims))
        if not config.allow_idp_initiated:
            return failed(
                Refusal.TILE_NOT_ALLOWED,
                expected=Phrase.STARTED_HERE(),
                received=Phrase.STARTED_THERE(),
            )
        return passed(Check.REQUEST)
    if request.state is RequestState.OTHER_BROWSER:
        return failed(
            Refusal.OTHER_BROWSER,
            expected=Phrase.BROWSER_OF_SIGN_IN(),
            received=Phrase.ANOTHER_BROWSER(),
        )
    if request.state is not RequestState.MATCHED or claims != {request.request_id}:
        return failed(
            Refusal.UNKNOWN_REQUEST,
            expected=request.request_id or Phrase.OPEN_REQUEST(),
            received=Phrase.CLAIMED_REQUESTS(requests=_joined(claims), state=request.state.words),
        )
    return passed(Check.REQUEST, request.request_id)


def _authentication(signed: SignedAssertion) -> CheckResult:
    if signed.element.find(saml("AuthnStatement")) is None:
        return failed(Refusal.NOT_AUTHENTICATED, expected=Phrase.AN_AUTHN_STATEMENT(), received=Phrase.NONE())
    return passed(Check.AUTHENTICATION)


def session_ends_at(signed: SignedAssertion) -> datetime | None:
    """The earliest SessionNotOnOrAfter, or None (SAML core 2.7.2)."""
    ends = (
        read_instant(node.get("SessionNotOnOrAfter", ""))
        for node in signed.element.iterfind(saml("AuthnStatement"))
    )
    return min(filter(None, ends), default=None)


def confirmed_until(signed: SignedAssertion) -> datetime:
    """The latest NotOnOrAfter of the confirmations of a checked assertion, without clock skew."""
    ends = [read_instant(data.get("NotOnOrAfter", "")) for data in _confirmations(signed)]
    return max(filter(None, ends))


def status_codes(response: etree._Element) -> list[str]:
    """The status codes of a Response, outermost first (SAML core 3.2.2.2)."""
    return [node.get("Value", "") for node in response.iterfind(f".//{samlp('StatusCode')}")]


def status_message(response: etree._Element) -> str:
    """The StatusMessage without white space around it, or empty (SAML core 3.2.2.3)."""
    found = response.find(f"{samlp('Status')}/{samlp('StatusMessage')}")
    return "" if found is None else str(found.text or found.get("Value", "")).strip()


def _exact(node: etree._Element) -> str:
    """The text with white space around it: it counts as a difference, as it does for the second lock."""
    return node.text or ""


def _joined(claims: set[str]) -> Several:
    none: tuple[Text, ...] = (Phrase.NO_REQUEST(),) if "" in claims else ()
    return Several((*sorted(filter(None, claims)), *none))


def _seconds(delta: timedelta) -> Said:
    return Phrase.SECONDS(count=int(delta.total_seconds()))
