"""Encrypted assertions: opened with the connection's own key, then held to the same rules."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from sso.refusals import Refusal
from tests.saml.encrypting import XENC, XENC11, encrypt, sp_key, sp_key_pem
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.messages import Message, encode
from tests.saml.moves import child

CONFIG = IDP.config(decryption_keys=(sp_key_pem(),), decryption_certificate=IDP.pem)


@pytest.mark.parametrize(
    "cipher", ["aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes192-gcm", "aes256-gcm"]
)
def test_an_encrypted_assertion_signs_in(cipher: str) -> None:
    found = examined(IDP.response(then=encrypt(cipher)), CONFIG)
    assert refusals_of(found) == []
    assert found.acceptance is not None
    assert found.acceptance.identity.email == "nora@acme.example"


@pytest.mark.parametrize(
    "options",
    [
        {"digest": f"{XENC}sha256", "transport": f"{XENC11}rsa-oaep"},
        {"digest": "http://www.w3.org/2000/09/xmldsig#sha1"},
    ],
)
def test_each_way_to_carry_the_key_is_taken(options: dict[str, Any]) -> None:
    assert refusals_of(examined(IDP.response(then=encrypt(**options)), CONFIG)) == []


def test_data_that_does_not_say_it_is_an_element_fails_the_second_lock() -> None:
    # SAML core 2.3.4 asks for the Type; python3-saml breaks without it, and breaking is a no.
    found = examined(IDP.response(then=encrypt(kind=None)), CONFIG)
    assert refusals_of(found) == [Refusal.SECOND_LOCK]


def test_the_key_may_stand_beside_the_data() -> None:
    # python3-saml asks for a KeyInfo with a RetrievalMethod here, so only our own gate is asked.
    from sso.saml.envelope import decode
    from sso.saml.signature import verify

    signed = verify(decode(IDP.response(then=encrypt(inside=False))), CONFIG)
    assert signed.was_encrypted


def _sign_whole(root: etree._Element) -> etree._Element:
    return IDP.signed(encrypt()(root))


def test_a_signed_response_covers_what_is_encrypted_in_it() -> None:
    found = examined(IDP.response(sign="nothing", then=_sign_whole), CONFIG)
    assert refusals_of(found) == []


def test_an_older_key_still_opens() -> None:
    config = IDP.config(decryption_keys=(sp_key_pem(1), sp_key_pem()), decryption_certificate=IDP.pem)
    from sso.saml.envelope import decode
    from sso.saml.signature import verify

    assert verify(decode(IDP.response(then=encrypt())), config).was_encrypted


def _break(path: str) -> Any:
    def move(root: etree._Element) -> etree._Element:
        opened = encrypt("aes128-cbc")(root)
        node = opened.find(f".//{{{XENC}}}{path}")
        assert node is not None
        parent = node.getparent()
        assert parent is not None
        parent.remove(node)
        return opened

    return move


def _garbage(root: etree._Element) -> etree._Element:
    opened = encrypt("aes128-cbc")(root)
    list(opened.iter(f"{{{XENC}}}CipherValue"))[-1].text = "AAAA"
    return opened


UNOPENED = {
    "another_key": encrypt(key=sp_key(1)),
    "triple_des": encrypt("tripledes-cbc"),
    "rsa_1_5": encrypt(transport=f"{XENC}rsa-1_5"),
    "unknown_digest": encrypt(digest="urn:x"),
    "own_mask_function": encrypt(mgf=f"{XENC11}mgf1sha256", transport=f"{XENC11}rsa-oaep"),
    "not_xml": encrypt(plaintext=b"hello <"),
    "not_an_assertion": encrypt(plaintext=b"<a/>"),
    "text_beside": encrypt(plaintext=b"hello"),
    "padding": encrypt("aes128-cbc", plaintext=b""),
    "no_key": _break("EncryptedKey"),
    "no_method": _break("EncryptionMethod"),
    "no_value": _break("CipherValue"),
    "garbage": _garbage,
}


@pytest.mark.parametrize("name", UNOPENED)
def test_whatever_keeps_it_closed_has_one_answer(name: str) -> None:
    found = examined(IDP.response(then=UNOPENED[name]), CONFIG)
    assert refusals_of(found) == [Refusal.CANNOT_DECRYPT]
    (failure,) = found.report.failures
    assert failure.expected.startswith("AES-GCM or AES-CBC with RSA-OAEP")


def test_a_key_of_another_length_is_refused() -> None:
    def move(root: etree._Element) -> etree._Element:
        opened = encrypt("aes128-cbc")(root)
        method = child(opened, "saml:EncryptedAssertion")[0][0]
        method.set("Algorithm", f"{XENC}aes256-cbc")
        return opened

    assert refusals_of(examined(IDP.response(then=move), CONFIG)) == [Refusal.CANNOT_DECRYPT]


def test_without_a_key_of_ours_nothing_opens() -> None:
    assert refusals_of(examined(IDP.response(then=encrypt()))) == [Refusal.CANNOT_DECRYPT]


def test_what_is_inside_must_be_signed() -> None:
    found = examined(IDP.response(sign="nothing", then=encrypt()), CONFIG)
    assert refusals_of(found) == [Refusal.NOT_SIGNED]


def test_what_is_inside_must_have_the_known_shape() -> None:
    from tests.saml.moves import _two_name_ids

    xml = encode(encrypt()(_two_name_ids(IDP.sign(Message().xml()))))
    assert refusals_of(examined(xml, CONFIG)) == [Refusal.UNEXPECTED_STRUCTURE]
