"""python3-saml takes the clock and the schemas from us. These tests fail when a release no longer asks for them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from lxml import etree
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from sso.refusals import Refused
from sso.saml.envelope import decode
from sso.saml.second_lock import CompiledSchemas, require_second_verdict
from sso.saml.signature import verify
from tests.saml.encrypting import XENC, XENC11, encrypt, sp_key_pem
from tests.saml.examining import IDP
from tests.saml.messages import ENTITY_ID, ISSUER, SAML, IdentityProvider, Message, encode, instant
from tests.saml.moves import child

NOW = datetime.now(UTC).replace(microsecond=0)


def accepts(saml_response: str, request_id: str = "") -> bool:
    config = IDP.config(decryption_keys=(sp_key_pem(),))
    with time_machine.travel(NOW, tick=False):
        try:
            require_second_verdict(decode(saml_response), config, request_id)
        except Refused:
            return False
    return True


def _message(bound: str, seconds: int) -> str:
    """A signed response with one bound so many seconds from now."""
    moment = instant(NOW + timedelta(seconds=seconds))
    match bound:
        case "confirmation ends":
            xml = Message(now=NOW, confirmed_until=moment).xml()
        case "session ends":
            xml = Message(now=NOW, session_until=moment).xml()
        case _:
            data = "<saml:SubjectConfirmationData"
            xml = Message(now=NOW).xml().replace(data, f'{data} NotBefore="{moment}"')
    return encode(IDP.sign(xml))


@pytest.mark.parametrize(
    ("bound", "within", "beyond"),
    [
        ("confirmation begins", 60, 61),
        ("confirmation ends", -59, -60),
        ("session ends", -59, -60),
    ],
)
def test_it_allows_the_clock_skew_at_each_bound_and_not_a_second_more(
    bound: str, within: int, beyond: int
) -> None:
    assert accepts(_message(bound, within))
    assert not accepts(_message(bound, beyond))


def test_it_accepts_an_attribute_statement_without_attributes() -> None:
    empty = "<saml:AttributeStatement></saml:AttributeStatement></saml:Assertion>"
    xml = Message(now=NOW, attributes=()).xml().replace("</saml:Assertion>", empty)
    assert accepts(encode(IDP.sign(xml)))


def test_it_accepts_the_mask_function_that_keycloak_names() -> None:
    named = encrypt(transport=f"{XENC11}rsa-oaep", digest=f"{XENC}sha256", mgf=f"{XENC11}mgf1sha256")
    assert accepts(IDP.response(Message(now=NOW), then=named))


@pytest.mark.parametrize(
    ("says", "opens"),
    [
        ({"audiences": (f"\n  {ENTITY_ID}\r\n\t",)}, True),
        ({"issuer": f"\n{ISSUER}\t", "response_issuer": f" {ISSUER}"}, True),
        ({"audiences": (f"{ENTITY_ID}\u00a0",)}, False),
        ({"audiences": (ENTITY_ID.replace("/saml/", "/saml/\n"),)}, False),
        ({"audiences": (f"\n{ENTITY_ID}x\n",)}, False),
        ({"issuer": f"{ISSUER}\u200b"}, False),
        ({"response_issuer": f"\n{ISSUER}/\n"}, False),
        # An empty issuer it leaves out, one of blanks it compares.
        ({"issuer": " \n", "response_issuer": None}, False),
    ],
)
def test_it_reads_issuers_and_audiences_without_white_space_around_them(
    says: dict[str, Any], opens: bool
) -> None:
    assert accepts(IDP.response(Message(now=NOW, **says))) == opens


def test_no_other_text_is_read_in_another_way() -> None:
    element = etree.fromstring(f'<saml:NameID xmlns:saml="{SAML}"> nora </saml:NameID>')
    assert CompiledSchemas.element_text(element) == " nora "


@pytest.mark.parametrize("sign", ["assertion", "both"])
def test_an_empty_in_response_to_is_none_where_nobody_asked_and_no_answer_where_somebody_did(
    sign: str,
) -> None:
    for confirmed, opens in (("", True), (None, True), ("_1", True)):
        message = Message(now=NOW, in_response_to="", confirmed_in_response_to=confirmed)
        assert accepts(IDP.response(message, sign=sign)) == opens
        assert not accepts(IDP.response(message, sign=sign), "_1")
    for confirmed in ("", "same"):
        message = Message(now=NOW, in_response_to="_1", confirmed_in_response_to=confirmed)
        assert accepts(IDP.response(message, sign=sign), "_1") == (confirmed == "same")


@pytest.mark.parametrize(
    ("zone", "opens"),
    [("+00:00", True), ("Z", True), ("+01:00", False), ("Z+00:00", False), ("-00:00", False)],
)
def test_it_reads_an_offset_of_zero_as_utc(zone: str, opens: bool) -> None:
    def at(seconds: int) -> str:
        return instant(NOW + timedelta(seconds=seconds)).removesuffix("Z") + zone

    assert accepts(IDP.response(Message(now=NOW, confirmed_until=at(120), session_until=at(300)))) == opens
    assert not accepts(IDP.response(Message(now=NOW, not_on_or_after=at(-400))))


@pytest.mark.parametrize("first", ["8f", "-", "."])
def test_it_accepts_ids_that_begin_otherwise_than_names(first: str) -> None:
    message = Message(now=NOW, response_id=f"{first}1", assertion_id=f"{first}2")
    assert accepts(IDP.response(message, sign="both"))


def test_it_accepts_a_signature_with_such_an_id() -> None:
    root = IDP.sign(Message(now=NOW).xml())
    child(root, "saml:Assertion/ds:Signature").set("Id", "8f")
    assert accepts(encode(root))


def test_it_accepts_no_other_ids_that_are_no_names() -> None:
    assert not accepts(encode(IDP.sign(Message(now=NOW, response_id="8f").xml().replace('"8f"', '"8f "'))))
    assert not accepts(encode(IDP.sign(Message(now=NOW, response_id="a:b").xml())))


def test_it_accepts_other_prefixes_in_an_encrypted_assertion() -> None:
    def move(root: etree._Element) -> etree._Element:
        # At the Response, the namespace has a prefix: lxml gives it to what is moved there.
        text = etree.tostring(encrypt()(root), encoding="unicode")
        return etree.fromstring(text.replace(" ID=", f' xmlns:other="{SAML}" ID=', 1))

    assert accepts(IDP.response(Message(now=NOW), then=move))


def test_it_refuses_what_the_schemas_do_not_allow() -> None:
    # The IssueInstant is no xs:dateTime. Nothing else python3-saml checks looks at it.
    xml = Message(now=NOW).xml().replace(f'IssueInstant="{instant(NOW)}"', 'IssueInstant="today"')
    assert 'IssueInstant="today"' in xml
    assert not accepts(encode(IDP.sign(xml)))


def test_no_schema_is_compiled_while_a_message_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    monkeypatch.setattr(OneLogin_Saml2_XML, "_schema_class", lambda document: compiled.append(document))
    assert accepts(IDP.response(Message(now=NOW)))
    assert compiled == []


def test_keys_settings_and_expressions_are_shared_by_threads() -> None:
    """Eight threads that begin at once, each with messages of two configurations: nobody gets another one's verdict."""
    ours, theirs = IdentityProvider(), IdentityProvider("rsa-next")
    together = threading.Barrier(8)

    def judge(number: int) -> list[bool]:
        accepted = []
        together.wait()
        for round_ in range(20):
            idp = (ours, theirs)[(number + round_) % 2]
            for config in (ours.config(), theirs.config()):
                unverified = decode(idp.response())
                try:
                    verify(unverified, config)
                    require_second_verdict(unverified, config, "")
                except Refused:
                    accepted.append(config != idp.config())
                else:
                    accepted.append(config == idp.config())
        return accepted

    with ThreadPoolExecutor(8) as pool:
        assert all(all(each) for each in pool.map(judge, range(8)))
