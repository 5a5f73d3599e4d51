"""Nobody gets past one lock alone: each refuses what the other lets through, and neither can be left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from sso.refusals import Check, Refusal, Refused
from sso.saml.checks import check_assertion
from sso.saml.envelope import decode
from sso.saml.report import Outcome, complete, passed
from sso.saml.second_lock import require_second_verdict
from sso.saml.signature import verify
from sso.saml.types import UNSOLICITED
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.messages import IdentityProvider, Message, encode, instant


def _second_lock_opens(saml_response: str) -> bool:
    try:
        require_second_verdict(decode(saml_response), IDP.config(), "")
    except Refused:
        return False
    return True


def _first_lock_opens(saml_response: str, now: datetime) -> bool:
    try:
        signed = verify(decode(saml_response), IDP.config())
    except Refused:
        return False
    rows = check_assertion(signed, IDP.config(), UNSOLICITED, now)
    return all(row.outcome in (Outcome.PASSED, Outcome.WARNING) for row in rows)


def test_an_accepted_message_has_passed_both() -> None:
    found = examined(IDP.response())
    assert found.acceptance is not None
    outcomes = {row.check: row.outcome for row in found.report.results}
    assert outcomes[Check.SIGNATURE] is outcomes[Check.SECOND_LOCK] is Outcome.PASSED


# What is different in a message that is made when its test runs: one made now would have expired by then.
ONLY_THE_FIRST_REFUSES: dict[str, tuple[dict[str, Any], Refusal]] = {
    "no_audience": ({"audiences": None}, Refusal.WRONG_AUDIENCE),
    "no_recipient": ({"recipient": None}, Refusal.WRONG_RECIPIENT),
    "longer_destination": ({"destination": IDP.config().acs_url + "x"}, Refusal.WRONG_DESTINATION),
}


@pytest.mark.parametrize("name", ONLY_THE_FIRST_REFUSES)
def test_the_second_lock_alone_does_not_let_in(name: str) -> None:
    says, refusal = ONLY_THE_FIRST_REFUSES[name]
    saml_response = IDP.response(Message(**says))
    assert _second_lock_opens(saml_response)
    found = examined(saml_response)
    assert refusals_of(found) == [refusal]
    # It is not even asked: what is reported is what our own gate found.
    assert {row.check: row.outcome for row in found.report.results}[Check.SECOND_LOCK] is Outcome.NOT_REACHED


def test_the_first_lock_alone_does_not_let_in() -> None:
    # The second one's clock is the system's.
    message = Message(now=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2))
    saml_response = IDP.response(message)
    assert _first_lock_opens(saml_response, message.now)
    assert not _second_lock_opens(saml_response)
    assert refusals_of(examined(saml_response, now=message.now)) == [Refusal.SECOND_LOCK]


@pytest.mark.parametrize(
    ("says", "how"),
    [
        ({}, {"sign": "nothing"}),
        ({}, {"by": IdentityProvider("rsa-other")}),
        ({"issuer": "https://other.example/", "response_issuer": "https://other.example/"}, {}),
        ({"audiences": ("https://other.example/",)}, {}),
        ({"not_on_or_after": "-10", "confirmed_until": "-10"}, {}),
    ],
    ids=["unsigned", "foreign_key", "issuer", "audience", "expired"],
)
def test_what_matters_most_is_refused_by_each_alone(says: dict[str, Any], how: dict[str, Any]) -> None:
    idp = how.get("by", IDP)
    saml_response = idp.response(Message(**says), sign=how.get("sign", "assertion"))
    assert not _first_lock_opens(saml_response, datetime.now(UTC))
    assert not _second_lock_opens(saml_response)


@pytest.mark.parametrize(
    "acs_url", ["https://sso.acme.example/acs/", "http://phones/acs/", "https://phones:8443/acs/"]
)
def test_both_know_our_own_address_whatever_it_looks_like(acs_url: str) -> None:
    message = Message(destination=acs_url, recipient=acs_url)
    assert refusals_of(examined(IDP.response(message), IDP.config(acs_url=acs_url))) == []


def test_the_address_of_the_identity_provider_has_no_part_in_it() -> None:
    for sso_url in ("https://adfs/adfs/ls/", "https://s_so.acme.example/", ""):
        assert refusals_of(examined(IDP.response(), IDP.config(sso_url=sso_url))) == []


@pytest.mark.parametrize("seconds", [-59, 59])
def test_the_second_lock_forgives_the_clock_as_much_as_the_first(seconds: int) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    edge = instant(now + timedelta(seconds=seconds))
    message = Message(confirmed_until=edge) if seconds < 0 else Message(not_before=edge)
    with time_machine.travel(now, tick=False):
        assert _second_lock_opens(IDP.response(message))
        assert refusals_of(examined(IDP.response(message))) == []


def test_the_second_lock_reads_the_clock_first_as_it_is() -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    begins, ends = (instant(now + timedelta(seconds=seconds)) for seconds in (0, 1))
    xml = Message(confirmed_until=ends).xml()
    begun = xml.replace(
        "<saml:SubjectConfirmationData", f'<saml:SubjectConfirmationData NotBefore="{begins}"'
    )
    with time_machine.travel(now, tick=False):
        assert _second_lock_opens(encode(IDP.sign(begun)))


@pytest.mark.parametrize("left_out", [check for check in Check if check not in (Check.DOMAIN, Check.MEMBER)])
def test_a_check_that_was_not_made_counts_as_one_that_failed(left_out: Check) -> None:
    assert not complete(tuple(passed(check) for check in Check if check is not left_out)).passed
    assert complete(tuple(passed(check) for check in Check)).passed


def test_nothing_at_all_is_no_pass() -> None:
    assert not complete(()).passed
    assert [row.check for row in complete(()).results] == list(Check)
