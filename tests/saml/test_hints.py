"""What else would fail in a message whose signature does not verify: hints, which nothing believes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from sso.phrases import Phrase, Text
from sso.refusals import Check, Refusal
from sso.report_words.words import in_words
from sso.saml.envelope import decode
from sso.saml.examination import Examination, examine
from sso.saml.hints import with_hints
from sso.saml.report import CheckReport, Outcome, complete, failed, passed
from sso.saml.types import UNSOLICITED
from tests.saml.messages import ACS_URL, SAML, IdentityProvider, Message, encode

IDP = IdentityProvider()
OTHER = IdentityProvider("rsa-other")


def report_of(**says: object) -> tuple[Examination, CheckReport]:
    unverified = decode(OTHER.response(Message(**says)))  # type: ignore[arg-type]
    examination = examine(unverified, IDP.config(), UNSOLICITED, datetime.now(UTC))
    return examination, with_hints(examination.report, unverified, IDP.config())


@pytest.mark.parametrize(
    ("says", "check", "refusal", "received"),
    [
        ({"issuer": "urn:other"}, Check.ISSUER, Refusal.WRONG_ISSUER, "urn:other"),
        ({"audiences": ("{audience}",)}, Check.AUDIENCE, Refusal.WRONG_AUDIENCE, "{audience}"),
        ({"audiences": ("urn:a", "urn:b")}, Check.AUDIENCE, Refusal.WRONG_AUDIENCE, "urn:a, urn:b"),
        ({"audiences": None}, Check.AUDIENCE, Refusal.WRONG_AUDIENCE, "no audience"),
        ({"audiences": ("",)}, Check.AUDIENCE, Refusal.WRONG_AUDIENCE, "no audience"),
        ({"destination": ""}, Check.DESTINATION, Refusal.WRONG_DESTINATION, "an empty Destination"),
        ({"destination": "urn:x"}, Check.DESTINATION, Refusal.WRONG_DESTINATION, "urn:x"),
        ({"recipient": "{recipient}"}, Check.RECIPIENT, Refusal.WRONG_RECIPIENT, "{recipient}"),
        ({"recipient": None}, Check.RECIPIENT, Refusal.WRONG_RECIPIENT, "no Recipient"),
        ({"name_id": None}, Check.NAME_ID, Refusal.NAME_ID_MISSING, "none"),
    ],
)
def test_it_hints_at_what_would_fail_next(
    says: dict[str, object], check: Check, refusal: Refusal, received: str
) -> None:
    examination, report = report_of(**says)
    assert [row.refusal for row in report.failures] == [Refusal.CERTIFICATE_REPLACED]
    (row,) = [row for row in report.results if row.check is check]
    assert (row.outcome, row.refusal) == (Outcome.NOT_REACHED, refusal)
    assert in_words(row.received) == received
    assert examination.person is None
    assert examination.acceptance is None


@pytest.mark.parametrize(
    ("audiences", "received"),
    [
        (("urn:a", "urn:b"), "urn:a, urn:b"),
        (None, Phrase.NO_AUDIENCE()),
        (("",), Phrase.NO_AUDIENCE()),
    ],
)
def test_a_hint_names_the_audiences_that_came(audiences: tuple[str, ...] | None, received: Text) -> None:
    _examination, report = report_of(audiences=audiences)
    (row,) = [row for row in report.results if row.check is Check.AUDIENCE]
    assert row.received == received


@pytest.mark.parametrize("says", [{}, {"destination": None}, {"attributes": ()}])
def test_without_anything_else_wrong_there_is_no_hint(says: dict[str, object]) -> None:
    _examination, report = report_of(**says)
    assert {row.refusal for row in report.results} == {None, Refusal.CERTIFICATE_REPLACED}
    assert not report.passed


def test_what_is_not_sent_is_no_wrong_recipient() -> None:
    def without_confirmation(root: etree._Element) -> etree._Element:
        etree.strip_elements(root, f"{{{SAML}}}SubjectConfirmation")
        return root

    unverified = decode(OTHER.response(then=without_confirmation))
    report = with_hints(complete(()), unverified, IDP.config())
    assert {row.refusal for row in report.results} == {None}


def test_what_has_been_judged_is_not_overwritten_by_a_claim() -> None:
    unverified = decode(IDP.response(Message(audiences=("urn:other",), recipient="urn:other")))
    judged = CheckReport((passed(Check.AUDIENCE), failed(Refusal.NOT_CONFIRMED)))
    report = with_hints(judged, unverified, IDP.config())
    assert [row for row in report.results if row.check in (Check.AUDIENCE, Check.RECIPIENT)] == [
        *judged.results
    ]


def test_an_encrypted_assertion_claims_nothing_that_can_be_read() -> None:
    root = OTHER.sign(Message(audiences=("urn:other",)).xml())
    assertion = root[-1]
    root.remove(assertion)
    unverified = decode(encode(root))
    report = CheckReport(())
    assert with_hints(report, unverified, IDP.config()) is report


def test_another_certificate_is_described_beside_the_saved_one() -> None:
    examination, _report = report_of(destination=ACS_URL)
    (row,) = examination.report.failures
    assert IDP.pinned.sha256[:2].upper() in in_words(row.expected)
    assert "valid until" in in_words(row.expected)
    assert "valid until" in in_words(row.received)
    assert "CN=Identity provider rsa-other" in in_words(row.received)
