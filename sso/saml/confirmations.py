"""The bearer confirmations of an assertion: one that holds is enough (SAML profiles 4.1.4.2, 4.1.4.3, errata 05)."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from sso.phrases import Phrase
from sso.refusals import Check, Refusal
from sso.saml.in_response_to import check_request
from sso.saml.instants import read_instant
from sso.saml.names import BEARER, saml
from sso.saml.report import CheckResult, Outcome, failed, passed
from sso.saml.times import failed_time
from sso.saml.types import AnsweredRequest, ConnectionConfig, SignedAssertion


def nearest_confirmation(
    signed: SignedAssertion, config: ConnectionConfig, request: AnsweredRequest, now: datetime
) -> etree._Element | None:
    """The data of the bearer confirmation that holds, or of the one that fails least; None without any.

    Recipient, times and InResponseTo must all hold in this one. Nothing else reads the others.
    """

    def failures(data: etree._Element) -> tuple[bool, bool, bool]:
        return (
            check_recipient(data, config).outcome is Outcome.FAILED,
            check_request(signed, data, config, request).outcome is Outcome.FAILED,
            failed_time(data, config.clock_skew, now) is not None,
        )

    return min(_bearer_confirmations(signed), key=failures, default=None)


def check_recipient(confirmation: etree._Element | None, config: ConnectionConfig) -> CheckResult:
    """The recipient of a confirmation must be our ACS URL to the letter (profiles 4.1.4.2)."""
    if confirmation is None:
        return failed(Refusal.NOT_CONFIRMED, expected=Phrase.A_CONFIRMATION(), received=Phrase.NONE())
    recipient = confirmation.get("Recipient", "")
    if recipient != config.acs_url:
        return failed(
            Refusal.WRONG_RECIPIENT, expected=config.acs_url, received=recipient or Phrase.NO_RECIPIENT()
        )
    return passed(Check.RECIPIENT, config.acs_url)


def confirmed_until(signed: SignedAssertion) -> datetime:
    """The latest NotOnOrAfter of all confirmations of a checked assertion, without clock skew.

    Of all: one that does not hold now may hold later, and the assertion must be remembered as used then, too.
    """
    ends = [read_instant(data.get("NotOnOrAfter", "")) for data in _bearer_confirmations(signed)]
    return max(filter(None, ends))


def _bearer_confirmations(signed: SignedAssertion) -> list[etree._Element]:
    nodes = signed.element.iterfind(f"{saml('Subject')}/{saml('SubjectConfirmation')}[@Method='{BEARER}']")
    return [data for node in nodes for data in node.iterfind(saml("SubjectConfirmationData"))]
