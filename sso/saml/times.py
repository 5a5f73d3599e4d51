"""The times of an assertion, held against the clock (SAML core 2.5.1.2, 2.7.2; profiles 4.1.4.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from lxml import etree

from sso.phrases import Phrase, Said
from sso.refusals import Check, Refusal
from sso.saml.instants import read_instant, write_instant
from sso.saml.names import saml
from sso.saml.report import CheckResult, failed, passed
from sso.saml.types import ConnectionConfig, SignedAssertion

_BOUNDS = frozenset({"NotBefore", "NotOnOrAfter", "SessionNotOnOrAfter"})


def check_time(
    signed: SignedAssertion, confirmation: etree._Element | None, config: ConnectionConfig, now: datetime
) -> CheckResult:
    """Each time bound must hold, and a confirmation must have a NotOnOrAfter (profiles 4.1.4.2)."""
    for node in bounded(signed, confirmation):
        if failure := failed_time(node, config.clock_skew, now):
            return failure
    return passed(Check.TIME, write_instant(now))


def bounded(signed: SignedAssertion, confirmation: etree._Element | None) -> list[etree._Element]:
    """The elements whose time bounds count, with the one confirmation that counts."""
    return [
        *signed.element.iterfind(saml("Conditions")),
        *([] if confirmation is None else [confirmation]),
        *signed.element.iterfind(saml("AuthnStatement")),
    ]


def failed_time(node: etree._Element, clock_skew: timedelta, now: datetime) -> CheckResult | None:
    """The failure of the first time bound of an element that does not hold or is missing, or None."""
    if node.tag == saml("SubjectConfirmationData") and node.get("NotOnOrAfter") is None:
        return failed(Refusal.NOT_CONFIRMED, expected="NotOnOrAfter", received=Phrase.NO_END(), at=Check.TIME)
    for name, value in node.attrib.items():
        if name in _BOUNDS and (failure := _failed_bound(str(name), str(value), clock_skew, now)):
            return failure
    return None


def check_authentication(signed: SignedAssertion, config: ConnectionConfig, now: datetime) -> CheckResult:
    """Somebody was authenticated, and not later than now (SAML core 2.7.2)."""
    statements = signed.element.findall(saml("AuthnStatement"))
    if not statements:
        return failed(Refusal.NOT_AUTHENTICATED, expected=Phrase.AN_AUTHN_STATEMENT(), received=Phrase.NONE())
    for statement in statements:
        instant = read_instant(statement.get("AuthnInstant", ""))
        if instant is not None and instant - config.clock_skew > now:
            return failed(
                Refusal.AUTHENTICATED_LATER,
                expected=Phrase.AUTHENTICATED_BY(at=write_instant(now)),
                received=Phrase.AUTHENTICATED_EARLY(at=write_instant(instant), span=_seconds(instant - now)),
            )
    return passed(Check.AUTHENTICATION)


def session_ends_at(signed: SignedAssertion) -> datetime | None:
    """The earliest SessionNotOnOrAfter, or None (SAML core 2.7.2)."""
    ends = (
        read_instant(node.get("SessionNotOnOrAfter", ""))
        for node in signed.element.iterfind(saml("AuthnStatement"))
    )
    return min(filter(None, ends), default=None)


def _failed_bound(name: str, value: str, clock_skew: timedelta, now: datetime) -> CheckResult | None:
    """The failure of one bound, or None. NotBefore is inclusive, the others are not (SAML core 2.5.1.2)."""
    instant = read_instant(value)
    if instant is None:
        return failed(Refusal.TIME_NOT_UTC, expected=Phrase.A_UTC_TIME(attribute=name), received=value)
    match name:
        case "NotBefore":
            return _too_early(value, instant, clock_skew, now)
        case "SessionNotOnOrAfter":
            return _session_over(value, instant, now)
    if now < instant + clock_skew:
        return None
    return failed(
        Refusal.EXPIRED,
        expected=Phrase.VALID_UNTIL(at=value),
        received=Phrase.ARRIVED_LATE(at=write_instant(now), span=_seconds(now - instant)),
    )


def _too_early(value: str, instant: datetime, clock_skew: timedelta, now: datetime) -> CheckResult | None:
    if now >= instant - clock_skew:
        return None
    return failed(
        Refusal.NOT_YET_VALID,
        expected=Phrase.VALID_FROM(at=value),
        received=Phrase.ARRIVED_EARLY(at=write_instant(now), span=_seconds(instant - now)),
    )


def _session_over(value: str, instant: datetime, now: datetime) -> CheckResult | None:
    # The end of the session gets no clock skew: a session that ends before it begins helps nobody.
    if now < instant:
        return None
    return failed(
        Refusal.SESSION_OVER,
        expected=Phrase.SESSION_BEYOND(at=write_instant(now)),
        received=Phrase.SESSION_ENDED(at=value, span=_seconds(now - instant)),
    )


def _seconds(delta: timedelta) -> Said:
    return Phrase.SECONDS(count=int(delta.total_seconds()))
