"""Messages that must not sign anybody in, each with the code it is refused by."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from sso.refusals import Refusal, Refused
from sso.saml.envelope import MAX_ENCODED_LENGTH, decode
from sso.saml.report import Check, Outcome
from sso.saml.types import UNSOLICITED, AnsweredRequest, RequestState
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.messages import DS, PERSISTENT, SAML, TRANSIENT, IdentityProvider, Message, encode
from tests.saml.moves import MALLORY, MISSHAPEN, assertion_of, child

OTHER = IdentityProvider("rsa-other")
SHA1 = IdentityProvider(hash="SHA1")


@pytest.mark.parametrize("name", MISSHAPEN)
def test_it_refuses_a_message_that_is_not_built_like_one(name: str) -> None:
    sign, move = MISSHAPEN[name]
    try:
        found = refusals_of(examined(IDP.response(sign=sign, then=move)))
    except Refused as refused:
        found = [refused.refusal]
    assert found == [Refusal.UNEXPECTED_STRUCTURE]


def _without(path: str) -> Any:
    def move(root: etree._Element) -> etree._Element:
        node = child(root, path)
        parent = node.getparent()
        assert parent is not None
        parent.remove(node)
        return root

    return move


def _say(path: str, text: str) -> Any:
    def move(root: etree._Element) -> etree._Element:
        child(root, path).text = text
        return root

    return move


def _algorithm(path: str, uri: str) -> Any:
    def move(root: etree._Element) -> etree._Element:
        child(root, f"saml:Assertion/ds:Signature/ds:SignedInfo/{path}").set("Algorithm", uri)
        return root

    return move


def _foreign_signature(root: etree._Element) -> etree._Element:
    donor = IDP.sign(Message().xml())
    mine = child(root, "saml:Assertion/ds:Signature")
    mine.getparent().replace(mine, child(donor, "saml:Assertion/ds:Signature"))  # type: ignore[union-attr]
    child(root, "saml:Assertion/ds:Signature/ds:SignedInfo/ds:Reference").set(
        "URI", "#" + assertion_of(root).get("ID", "")
    )
    return root


SIGNATURES = {
    "unsigned": (Refusal.NOT_SIGNED, IDP.response(sign="nothing")),
    "signature_taken_away": (Refusal.NOT_SIGNED, IDP.response(then=_without("saml:Assertion/ds:Signature"))),
    "name_id_changed": (
        Refusal.SIGNATURE_INVALID,
        IDP.response(then=_say("saml:Assertion/saml:Subject/saml:NameID", MALLORY)),
    ),
    "response_changed": (
        Refusal.SIGNATURE_INVALID,
        IDP.response(sign="response", then=_say("saml:Assertion/saml:Subject/saml:NameID", MALLORY)),
    ),
    "one_of_two_changed": (
        Refusal.SIGNATURE_INVALID,
        IDP.response(sign="both", then=_say("saml:Assertion/saml:Subject/saml:NameID", MALLORY)),
    ),
    "digest_changed": (
        Refusal.SIGNATURE_INVALID,
        IDP.response(
            then=_say("saml:Assertion/ds:Signature/ds:SignedInfo/ds:Reference/ds:DigestValue", "AAAA")
        ),
    ),
    "digest_garbage": (
        Refusal.SIGNATURE_INVALID,
        IDP.response(
            then=_say("saml:Assertion/ds:Signature/ds:SignedInfo/ds:Reference/ds:DigestValue", "%%%")
        ),
    ),
    "signature_value_garbage": (
        Refusal.SIGNATURE_INVALID,
        IDP.response(then=_say("saml:Assertion/ds:Signature/ds:SignatureValue", "%%%")),
    ),
    "signature_of_another_document": (Refusal.SIGNATURE_INVALID, IDP.response(then=_foreign_signature)),
    "foreign_certificate": (Refusal.CERTIFICATE_REPLACED, OTHER.response()),
    "foreign_without_key_info": (
        Refusal.SIGNATURE_INVALID,
        OTHER.response(then=_without("saml:Assertion/ds:Signature/ds:KeyInfo")),
    ),
    "key_info_is_no_certificate": (
        Refusal.SIGNATURE_INVALID,
        OTHER.response(
            then=_say("saml:Assertion/ds:Signature/ds:KeyInfo/ds:X509Data/ds:X509Certificate", "AAAA")
        ),
    ),
    "foreign_content_under_our_certificate": (
        Refusal.SIGNATURE_INVALID,
        OTHER.response(
            then=_say(
                "saml:Assertion/ds:Signature/ds:KeyInfo/ds:X509Data/ds:X509Certificate",
                "".join(IDP.pem.splitlines()[1:-1]),
            )
        ),
    ),
    "sha1": (Refusal.WEAK_ALGORITHM, SHA1.response()),
    "sha1_digest": (
        Refusal.WEAK_ALGORITHM,
        IDP.response(then=_algorithm("ds:Reference/ds:DigestMethod", f"{DS}sha1")),
    ),
    "hmac": (Refusal.WEAK_ALGORITHM, IDP.response(then=_algorithm("ds:SignatureMethod", f"{DS}hmac-sha1"))),
    "c14n_of_signed_info": (
        Refusal.WEAK_ALGORITHM,
        IDP.response(
            then=_algorithm("ds:CanonicalizationMethod", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
        ),
    ),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_it_refuses_a_signature_that_does_not_hold(name: str) -> None:
    refusal, saml_response = SIGNATURES[name]
    assert refusals_of(examined(saml_response)) == [refusal]


ENVELOPES = {
    "nothing": (Refusal.NOT_A_RESPONSE, ""),
    "not_base64": (Refusal.NOT_A_RESPONSE, "<xml>"),
    "non_ascii": (Refusal.NOT_A_RESPONSE, "é" * 10),
    "too_long": (Refusal.TOO_LARGE, "A" * (MAX_ENCODED_LENGTH + 1)),
    "not_utf8": (Refusal.NOT_A_RESPONSE, base64.b64encode("<é/>".encode("latin-1")).decode()),
    "utf16": (Refusal.NOT_A_RESPONSE, base64.b64encode(Message().xml().encode("utf-16")).decode()),
    "latin1_declared": (
        Refusal.NOT_A_RESPONSE,
        encode("<?xml version='1.0' encoding='iso-8859-1'?>" + Message().xml()),
    ),
    "not_xml": (Refusal.NOT_A_RESPONSE, encode("hello")),
    "another_root": (Refusal.NOT_A_RESPONSE, encode(f'<Assertion xmlns="{SAML}"/>')),
    "dtd": (Refusal.FORBIDDEN_XML, encode("<!DOCTYPE r>" + Message().xml())),
    "entity": (Refusal.FORBIDDEN_XML, encode("<!DOCTYPE r [<!ENTITY e 'x'>]>" + Message().xml())),
    "processing_instruction": (
        Refusal.FORBIDDEN_XML,
        encode(Message().xml().replace("</saml:Issuer>", "<?pi x?></saml:Issuer>")),
    ),
    "comment_in_name_id": (
        Refusal.FORBIDDEN_XML,
        IDP.response(Message(name_id="nora@acme.example<!-- -->.evil.example")),
    ),
    "comment_beside_root": (Refusal.FORBIDDEN_XML, encode(Message().xml() + "<!-- -->")),
    "too_deep": (Refusal.TOO_LARGE, encode(f"{'<a>' * 30}{'</a>' * 30}")),
    "too_wide": (Refusal.TOO_LARGE, encode(f"<a>{'<b/>' * 4100}</a>")),
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_it_refuses_what_is_not_a_response(name: str) -> None:
    refusal, saml_response = ENVELOPES[name]
    with pytest.raises(Refused) as caught:
        decode(saml_response)
    assert caught.value.refusal is refusal
    assert caught.value.entry.title


CONTENT: dict[str, tuple[Refusal, Message]] = {
    "version": (Refusal.WRONG_VERSION, Message(assertion_version="1.1")),
    "issuer": (Refusal.WRONG_ISSUER, Message(issuer="https://other.example/")),
    "response_issuer": (Refusal.WRONG_ISSUER, Message(response_issuer="https://other.example/")),
    "issuer_format": (Refusal.WRONG_ISSUER, Message(issuer_format="urn:other")),
    "other_audience": (Refusal.WRONG_AUDIENCE, Message(audiences=("https://other.example/",))),
    "audience_slash": (Refusal.WRONG_AUDIENCE, Message(audiences=(IDP.config().entity_id[:-1],))),
    "audience_placeholder": (Refusal.WRONG_AUDIENCE, Message(audiences=("{audience}",))),
    "no_audience": (Refusal.WRONG_AUDIENCE, Message(audiences=None)),
    "destination_prefix": (Refusal.WRONG_DESTINATION, Message(destination=IDP.config().acs_url + "x")),
    "empty_destination": (Refusal.WRONG_DESTINATION, Message(destination="")),
    "recipient_contains": (Refusal.WRONG_RECIPIENT, Message(recipient="x" + IDP.config().acs_url)),
    "no_recipient": (Refusal.WRONG_RECIPIENT, Message(recipient=None)),
    "holder_of_key": (Refusal.NOT_CONFIRMED, Message(method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")),
    "no_end": (Refusal.NOT_CONFIRMED, Message(confirmed_until=None)),
    "expired": (Refusal.EXPIRED, Message(not_on_or_after="-2")),
    "confirmation_expired": (Refusal.EXPIRED, Message(confirmed_until="-2")),
    "session_over": (Refusal.EXPIRED, Message(session_until="-2")),
    "not_yet": (Refusal.NOT_YET_VALID, Message(not_before="+2")),
    "no_time": (Refusal.EXPIRED, Message(not_on_or_after="soon")),
    "no_such_day": (Refusal.EXPIRED, Message(not_on_or_after="2026-02-31T00:00:00Z")),
    "end_of_time": (Refusal.EXPIRED, Message(confirmed_until="9999-12-31T23:59:59Z")),
    "unrequested": (Refusal.UNKNOWN_REQUEST, Message(in_response_to="_1")),
    "no_authn": (Refusal.NOT_AUTHENTICATED, Message(authn=False)),
    "transient": (Refusal.NAME_ID_TRANSIENT, Message(name_id_format=TRANSIENT)),
    "name_id_no_email": (Refusal.NAME_ID_NOT_EMAIL, Message(name_id="nora")),
    "overlong_name_id": (Refusal.NAME_ID_NOT_EMAIL, Message(name_id="n" * 600, name_id_format=PERSISTENT)),
    "two_emails": (
        Refusal.EMAIL_AMBIGUOUS,
        Message(attributes=(("email", ("nora@acme.example", MALLORY)),)),
    ),
    "look_alike": (Refusal.EMAIL_UNUSABLE, Message(attributes=(("email", ("nоra@acme.example",)),))),
    "blank_inside": (Refusal.EMAIL_UNUSABLE, Message(attributes=(("email", ("no ra@acme.example",)),))),
    "overlong_email": (
        Refusal.EMAIL_UNUSABLE,
        Message(attributes=(("email", ("n" * 300 + "@acme.example",)),)),
    ),
    "disagree": (Refusal.NAME_ID_EMAIL_DISAGREE, Message(attributes=(("email", (MALLORY,)),))),
    "email_missing": (
        Refusal.EMAIL_MISSING,
        Message(name_id="00u1", name_id_format=PERSISTENT, attributes=(("Email", ("nora@acme.example",)),)),
    ),
    "no_attributes": (Refusal.EMAIL_MISSING, Message(name_id="u1", name_id_format=PERSISTENT, attributes=())),
}


@pytest.mark.parametrize("sign", ["assertion", "both"])
@pytest.mark.parametrize("name", CONTENT)
def test_it_refuses_signed_content_that_is_not_for_us_now(name: str, sign: str) -> None:
    refusal, message = CONTENT[name]
    assert refusals_of(examined(IDP.response(message, sign=sign))) == [refusal]


def test_it_refuses_an_assertion_that_names_nobody() -> None:
    found = refusals_of(examined(IDP.response(Message(name_id=None, attributes=()))))
    assert found == [Refusal.NAME_ID_MISSING, Refusal.EMAIL_MISSING]


def test_every_failure_is_reported_and_not_only_the_first() -> None:
    message = Message(audiences=("x",), recipient="y", issuer="z", response_issuer="z")
    found = refusals_of(examined(IDP.response(message)))
    assert found == [Refusal.WRONG_ISSUER, Refusal.WRONG_AUDIENCE, Refusal.WRONG_RECIPIENT]


def test_a_signed_response_must_name_its_destination() -> None:
    message = Message(destination=None)
    assert refusals_of(examined(IDP.response(message, sign="response"))) == [Refusal.WRONG_DESTINATION]
    assert refusals_of(examined(IDP.response(message))) == []


def test_a_tile_that_is_not_allowed_is_refused() -> None:
    config = IDP.config(allow_idp_initiated=False)
    assert refusals_of(examined(IDP.response(), config)) == [Refusal.TILE_NOT_ALLOWED]


ASKED = AnsweredRequest(RequestState.MATCHED, "_asked")


@pytest.mark.parametrize(
    ("request_state", "message", "refusal"),
    [
        (
            AnsweredRequest(RequestState.OTHER_BROWSER, "_asked"),
            Message(in_response_to="_asked"),
            Refusal.OTHER_BROWSER,
        ),
        (
            AnsweredRequest(RequestState.EXPIRED, "_asked"),
            Message(in_response_to="_asked"),
            Refusal.UNKNOWN_REQUEST,
        ),
        (
            AnsweredRequest(RequestState.ANSWERED, "_asked"),
            Message(in_response_to="_asked"),
            Refusal.UNKNOWN_REQUEST,
        ),
        (AnsweredRequest(RequestState.UNKNOWN), Message(in_response_to="_asked"), Refusal.UNKNOWN_REQUEST),
        (ASKED, Message(in_response_to="_other"), Refusal.UNKNOWN_REQUEST),
        (ASKED, Message(), Refusal.UNKNOWN_REQUEST),
        (ASKED, Message(in_response_to="_asked", confirmed_in_response_to=None), Refusal.UNKNOWN_REQUEST),
        (UNSOLICITED, Message(confirmed_in_response_to="_asked"), Refusal.UNKNOWN_REQUEST),
    ],
)
def test_a_response_must_answer_the_request_that_was_sent(
    request_state: AnsweredRequest, message: Message, refusal: Refusal
) -> None:
    assert refusals_of(examined(IDP.response(message), request=request_state)) == [refusal]


def test_an_idp_that_says_no_is_reported_with_its_words() -> None:
    message = Message(status=("Responder", "RequestDenied"), status_message="Not today")
    found = examined(IDP.response(message, sign="nothing"))
    assert refusals_of(found) == [Refusal.IDP_REFUSED]
    assert found.report.failures[0].received == "Responder / RequestDenied / Not today"


def test_success_without_an_assertion_is_refused() -> None:
    assert refusals_of(examined(IDP.response(sign="nothing", then=_without("saml:Assertion")))) == [
        Refusal.UNEXPECTED_STRUCTURE
    ]


def test_the_skew_is_sixty_seconds_and_no_more() -> None:
    message = Message(confirmed_until="+3")
    until = message.now + timedelta(minutes=3)
    from sso.saml.checks import check_assertion
    from sso.saml.signature import verify

    signed = verify(decode(IDP.response(message)), IDP.config())

    def outcome(now: datetime) -> Outcome:
        rows = check_assertion(signed, IDP.config(), UNSOLICITED, now)
        return next(row.outcome for row in rows if row.check is Check.TIME)

    assert outcome(until + timedelta(seconds=59)) is Outcome.PASSED
    assert outcome(until + timedelta(seconds=60)) is Outcome.FAILED
    begins = message.now - timedelta(minutes=3)
    assert outcome(begins - timedelta(seconds=60)) is Outcome.PASSED
    assert outcome(begins - timedelta(seconds=61)) is Outcome.FAILED


def test_an_expired_certificate_is_a_warning() -> None:
    old = IdentityProvider(valid_days=5)
    found = examined(old.response(), old.config())
    assert refusals_of(found) == []
    (row,) = [row for row in found.report.results if row.check is Check.CERTIFICATE]
    assert (row.outcome, row.refusal) == (Outcome.WARNING, Refusal.CERTIFICATE_EXPIRED)
    assert datetime.now(UTC) > old.pinned.not_after


def test_the_second_lock_refuses_what_only_it_finds() -> None:
    # Its clock is the system's: a message that is good at the time our gate is told is long over for it.
    message = Message(now=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2))
    found = examined(IDP.response(message), now=message.now)
    assert refusals_of(found) == [Refusal.SECOND_LOCK]
    assert found.attributes["firstName"] == ["Nora"]
