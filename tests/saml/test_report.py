"""What the report of an examination says, beyond the code: tests/saml/corpus/ has the messages."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from justcall_sso.moments import in_utc
from sso.phrases import Phrase
from sso.refusals import Check, Refusal, Refused
from sso.report_words.words import in_words
from sso.saml.checks import check_assertion
from sso.saml.envelope import decode
from sso.saml.examination import Examination
from sso.saml.report import CheckReport, CheckResult, Outcome, complete, failed, passed
from sso.saml.signature import verify
from sso.saml.types import UNSOLICITED
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.messages import (
    PERSISTENT,
    PLAIN_NAMES,
    Attributes,
    IdentityProvider,
    Message,
    encode,
)
from tests.saml.moves import set_attribute, set_text

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"


def _row(found: Examination, check: Check) -> CheckResult:
    return next(row for row in found.report.results if row.check is check)


def test_every_failure_is_reported_and_not_only_the_first() -> None:
    message = Message(audiences=("x",), recipient="y", issuer="z", response_issuer="z")
    found = refusals_of(examined(IDP.response(message)))
    assert found == [Refusal.WRONG_ISSUER, Refusal.WRONG_AUDIENCE, Refusal.WRONG_RECIPIENT]


def test_an_idp_that_says_no_is_reported_with_its_words() -> None:
    message = Message(status=("Responder", "RequestDenied"), status_message=" Not today ")
    found = examined(IDP.response(message, sign="nothing"))
    assert refusals_of(found) == [Refusal.IDP_REFUSED]
    assert in_words(found.report.failures[0].received) == "Responder / RequestDenied / Not today"


def test_of_a_long_status_message_the_first_600_characters_are_reported() -> None:
    message = Message(status=("Responder",), status_message="x" * 1000)
    found = examined(IDP.response(message, sign="nothing"))
    assert found.report.failures[0].received == "Responder / " + "x" * 588


def test_a_message_may_mean_more_than_its_codes() -> None:
    for said, refusal in (
        ("authentication_expired", Refusal.IDP_TIMED_OUT),
        ("expired", Refusal.IDP_REFUSED),
    ):
        message = Message(status=("Responder", "AuthnFailed"), status_message=said)
        assert refusals_of(examined(IDP.response(message, sign="nothing"))) == [refusal]


def test_words_in_an_attribute_are_words_too() -> None:
    xml = Message(status=("Responder",), status_message="-").xml()
    as_auth0 = xml.replace("<samlp:StatusMessage>-<", '<samlp:StatusMessage Value=" Not today "><')
    assert in_words(examined(encode(as_auth0)).report.failures[0].received) == "Responder / Not today"


def test_a_blank_that_is_no_white_space_of_xml_is_shown_as_a_difference() -> None:
    config = IDP.config()
    found = examined(IDP.response(Message(audiences=(f"\n{config.entity_id}\u00a0 ",))))
    assert refusals_of(found) == [Refusal.WRONG_AUDIENCE]
    assert in_words(_row(found, Check.AUDIENCE).received) == f"{config.entity_id}\u00a0"


def test_an_expired_certificate_is_a_warning() -> None:
    old = IdentityProvider(valid_days=5)
    found = examined(old.response(), old.config())
    assert refusals_of(found) == []
    row = _row(found, Check.CERTIFICATE)
    assert (row.outcome, row.refusal) == (Outcome.WARNING, Refusal.CERTIFICATE_EXPIRED)
    assert datetime.now(UTC) > old.pinned.not_after


def test_a_certificate_is_good_to_its_last_second() -> None:
    certificate = IDP.pinned
    signed = verify(decode(IDP.response()), IDP.config())
    for late, outcome in ((0, Outcome.PASSED), (1, Outcome.WARNING)):
        rows = check_assertion(
            signed, IDP.config(), UNSOLICITED, certificate.not_after + timedelta(seconds=late)
        )
        assert next(row for row in rows if row.check is Check.CERTIFICATE).outcome is outcome


@pytest.mark.parametrize(
    ("algorithm", "words"),
    [
        ("http://www.w3.org/2000/09/xmldsig#rsa-sha1", "SHA-1 (rsa-sha1)"),
        (f"{_MORE}rsa-sha224", f"{_MORE}rsa-sha224"),
        ("urn:none", "urn:none"),
        ("", "no algorithm"),
    ],
)
def test_an_algorithm_is_called_as_consoles_call_it(algorithm: str, words: str) -> None:
    move = set_attribute(
        "saml:Assertion/ds:Signature/ds:SignedInfo/ds:SignatureMethod", "Algorithm", algorithm
    )
    (failure,) = examined(IDP.response(then=move)).report.failures
    assert failure.refusal is Refusal.WEAK_ALGORITHM
    assert (in_words(failure.expected), in_words(failure.received)) == (
        "RSA or ECDSA with SHA-256 or better",
        words,
    )


def test_a_replaced_certificate_is_told_as_the_console_shows_it() -> None:
    stranger = IdentityProvider("rsa-stranger")
    failure = examined(stranger.response(), IDP.config()).report.failures[0]
    assert failure.refusal is Refusal.CERTIFICATE_REPLACED
    assert (
        in_words(failure.expected)
        == f"{_fingerprint(IDP)}\nvalid until {in_utc(IDP.pinned.not_after, 'second')}"
    )
    until = in_utc(stranger.pinned.not_after, "second")
    assert in_words(failure.received) == (
        f"{_fingerprint(stranger)}\nvalid until {until}\nCN=Identity provider rsa-stranger"
    )


def _fingerprint(idp: IdentityProvider) -> str:
    return idp.certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _der(kind: str) -> bytes:
    return IdentityProvider(kind).certificate.public_bytes(Encoding.DER)


def _carrying(certificate: str) -> Examination:
    """A stranger's message, with this in the place of its certificate."""
    move = set_text("saml:Assertion/ds:Signature/ds:KeyInfo/ds:X509Data/ds:X509Certificate", certificate)
    return examined(IdentityProvider("rsa-stranger").response(then=move), IDP.config())


def test_the_subject_of_a_certificate_is_told_without_control_characters() -> None:
    odd = _der("rsa-stranger").replace(b"Identity provider", b"Identity\x7fprovide\x1b")
    (failure,) = _carrying(b64encode(odd).decode()).report.failures
    assert failure.refusal is Refusal.CERTIFICATE_REPLACED
    assert in_words(failure.received).endswith("\nCN=Identityprovide rsa-stranger")


@pytest.mark.parametrize("text", ["", "AAAA", "A", "é"])
def test_a_certificate_that_cannot_be_read_says_nothing(text: str) -> None:
    assert refusals_of(_carrying(text)) == [Refusal.SIGNATURE_INVALID]


def test_a_certificate_whose_subject_is_of_a_wrong_type_says_nothing() -> None:
    # The common name as a BIT STRING, which only a unique identifier may be.
    text = b"\x0c\x1eIdentity"
    odd = _der("rsa-stranger").replace(text, b"\x03\x1e\x00dentity")
    assert odd.count(b"\x03\x1e\x00") == 2
    assert refusals_of(_carrying(b64encode(odd).decode())) == [Refusal.SIGNATURE_INVALID]


def test_an_email_that_came_as_name_id_only_is_a_warning() -> None:
    found = examined(IDP.response(Message(attributes=(("mail", ("nora@acme.example",)),))))
    assert refusals_of(found) == []
    row = _row(found, Check.EMAIL)
    assert (row.outcome, row.refusal) == (Outcome.WARNING, Refusal.EMAIL_AS_NAME_ID)
    assert in_words(row.received) == "nora@acme.example as NameID only"
    assert found.email == "nora@acme.example"


def test_missing_names_are_a_warning_that_says_what_came() -> None:
    found = examined(IDP.response(Message(attributes=(("email", ("nora@acme.example",)),))))
    row = _row(found, Check.NAMES)
    assert (row.outcome, row.refusal, in_words(row.received)) == (
        Outcome.WARNING,
        Refusal.NAMES_MISSING,
        "email",
    )


@pytest.mark.parametrize("missing", ["firstName", "lastName"])
def test_half_a_name_is_a_warning_too(missing: str) -> None:
    rows = tuple(row for row in PLAIN_NAMES if row[0] != missing)
    found = examined(IDP.response(Message(attributes=rows)))
    assert _row(found, Check.NAMES).refusal is Refusal.NAMES_MISSING


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ((("Email", ("nora@acme.example",)), ("phone", ("1",))), "Email"),
        ((("phone", ("1",)), ("groups", ("a",))), "phone, groups"),
        ((), "no attributes"),
    ],
)
def test_a_missing_email_is_told_with_what_came_in_its_place(attributes: Attributes, told: str) -> None:
    message = Message(name_id="00U1", name_id_format=PERSISTENT, attributes=attributes)
    found = examined(IDP.response(message))
    assert refusals_of(found) == [Refusal.EMAIL_MISSING]
    assert in_words(_row(found, Check.EMAIL).received) == told
    assert found.email == ""


def test_two_addresses_are_both_told_even_if_neither_is_one() -> None:
    for values in (("nora@acme.example", "mallory@acme.example"), ("nora", "mallory")):
        found = examined(IDP.response(Message(name_id_format=PERSISTENT, attributes=(("email", values),))))
        assert refusals_of(found) == [Refusal.EMAIL_AMBIGUOUS]
        assert in_words(_row(found, Check.EMAIL).received) == ", ".join(values)
        assert found.email == (values[0] if "@" in values[0] else "")


def test_blanks_around_a_value_are_not_part_of_it() -> None:
    message = Message(attributes=(("email", ("\n  nora@acme.example\n",)), *PLAIN_NAMES[1:]))
    assert refusals_of(examined(IDP.response(message))) == []


def test_what_was_well_before_the_first_failure_is_reported_too() -> None:
    unsigned = examined(IDP.response(sign="nothing"))
    assert _row(unsigned, Check.RESPONSE).outcome is _row(unsigned, Check.STATUS).outcome is Outcome.PASSED
    denied = examined(IDP.response(Message(status=("Responder",)), sign="nothing"))
    assert _row(denied, Check.RESPONSE).outcome is Outcome.PASSED
    assert in_words(denied.report.failures[0].received) == "Responder"


def test_a_refusal_is_reported_at_the_check_that_found_it() -> None:
    def failed_at(found: Examination) -> list[Check]:
        return [row.check for row in found.report.failures]

    over_something_else = set_attribute("saml:Assertion/ds:Signature/ds:SignedInfo/ds:Reference", "URI", "#x")
    assert failed_at(examined(IDP.response(then=over_something_else))) == [Check.RESPONSE]
    assert failed_at(examined(IdentityProvider("rsa-other").response())) == [Check.CERTIFICATE]
    assert failed_at(examined(IDP.response(sign="nothing"))) == [Check.SIGNATURE]


def test_a_report_does_not_repeat_a_novel() -> None:
    config = IDP.config()
    found = examined(IDP.response(Message(destination=config.acs_url + "x" * 2000)))
    assert len(in_words(_row(found, Check.DESTINATION).received)) == 1000


def test_the_certificate_that_fits_is_named_while_one_is_being_replaced() -> None:
    old, new = IDP, IdentityProvider("rsa-new")
    both = IDP.config(certificates=(old.pinned, new.pinned))
    for idp in (old, new):
        found = examined(idp.response(), both)
        assert found.acceptance is not None
        assert found.acceptance.certificate_sha256 == idp.pinned.sha256
        assert found.signature_verified


def test_a_use_is_to_be_remembered_until_the_last_confirmation_and_the_skew_are_over() -> None:
    message = Message(confirmed_until="+4")
    acceptance = examined(IDP.response(message)).acceptance
    assert acceptance is not None
    assert acceptance.valid_until == message.now + timedelta(minutes=4, seconds=60)


def test_the_second_lock_refuses_what_only_it_finds() -> None:
    # Its clock is the system's: a message that is good at the time our gate is told is long over for it.
    message = Message(now=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2))
    found = examined(IDP.response(message), now=message.now)
    assert refusals_of(found) == [Refusal.SECOND_LOCK]
    assert found.attributes["firstName"] == ["Nora"]


def test_an_attribute_value_may_be_a_name_id() -> None:
    nested = '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">opaque</saml:NameID>'
    message = Message(attributes=(*Message().attributes, ("eduPersonTargetedID", (nested,))), typed=False)
    assert examined(IDP.response(message)).attributes["eduPersonTargetedID"] == ["opaque"]


def test_a_response_claims_the_request_it_answers() -> None:
    unverified = decode(IDP.response(Message(in_response_to="_asked")))
    assert unverified.claimed_in_response_to == "_asked"


def test_what_was_decided_afterwards_takes_its_place_in_the_report() -> None:
    report = examined(IDP.response()).report.with_results(passed(Check.DOMAIN), passed(Check.MEMBER))
    assert report.passed
    assert [row.check for row in report.results] == list(Check)
    assert all(check.label for check in Check)


def test_what_was_refused_afterwards_fails_its_check_unless_another_has_failed_already() -> None:
    refused = Refused(Refusal.REPLAYED, expected=Phrase.A_NEW_ASSERTION(), received=Phrase.USED_BEFORE())
    good = examined(IDP.response()).report
    (failure,) = good.with_refusal(refused).failures
    assert (failure.check, failure.refusal) == (Check.REQUEST, Refusal.REPLAYED)
    assert (failure.expected, failure.received) == (refused.expected, refused.received)
    bad = examined(IDP.response(Message(issuer="x"))).report
    assert bad.with_refusal(refused) is bad


def test_a_report_survives_being_stored() -> None:
    report = examined(IDP.response(Message(issuer="x"))).report
    assert CheckReport.from_list(report.as_list()) == report


def test_a_report_is_signed_once_its_signature_has_passed() -> None:
    assert complete((passed(Check.SIGNATURE),)).is_signed
    others = tuple(passed(check) for check in Check if check is not Check.SIGNATURE)
    assert not complete((*others, failed(Refusal.NOT_SIGNED))).is_signed
    assert not complete(others).is_signed


@pytest.mark.parametrize(("sign", "is_signed"), [("response", True), ("nothing", False)])
def test_a_status_counts_as_signed_only_if_its_response_is(sign: str, is_signed: bool) -> None:
    examination = examined(IDP.response(Message(status=("Responder", "RequestDenied")), sign=sign))
    assert examination.signature_verified is is_signed
    assert examination.acceptance is None
