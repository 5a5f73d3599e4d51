"""Encrypted assertions: what the corpus does not say of them."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree

from sso.phrases import Phrase
from sso.refusals import Check, Refusal
from sso.report_words.words import in_words
from sso.saml.decryption import _decrypt_cbc
from sso.saml.fingerprints import with_colons
from sso.saml.report import Outcome
from sso.saml.types import ConnectionConfig
from tests.saml.corpus import locks
from tests.saml.corpus.case import all_cases
from tests.saml.encrypting import DS, XENC, XENC11, encrypt, sp_key, sp_key_pem
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.messages import Message, encode

CONFIG = IDP.config(decryption_keys=(sp_key_pem(),))
_ISSUER_SERIAL = (
    "<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=a</ds:X509IssuerName>"
    "<ds:X509SerialNumber>7</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>"
)
CLOSED = [case for case in all_cases() if case.refused == ("cannot_decrypt",)]


def _failure(saml_response: str, config: ConnectionConfig = CONFIG) -> tuple[Refusal | None, str, str]:
    (failure,) = examined(saml_response, config).report.failures
    assert failure.check is Check.RESPONSE
    return failure.refusal, in_words(failure.expected), in_words(failure.received)


def test_a_decryption_that_fails_leaves_the_signature_unreached() -> None:
    for then in (encrypt(key=sp_key(1)), encrypt("tripledes-cbc")):
        report = examined(IDP.response(then=then), CONFIG).report
        outcomes = {row.check: row.outcome for row in report.results}
        assert outcomes[Check.RESPONSE] is Outcome.FAILED
        assert outcomes[Check.SIGNATURE] is Outcome.NOT_REACHED


@pytest.mark.parametrize(
    ("how", "received"),
    [
        ({"cipher": "tripledes-cbc"}, "tripledes-cbc, its key by rsa-oaep-mgf1p"),
        ({"transport": f"{XENC}rsa-1_5"}, "aes256-gcm, its key by rsa-1_5"),
        (
            {"transport": f"{XENC11}rsa-oaep", "digest": "urn:x#other"},
            "aes256-gcm, its key by rsa-oaep (other)",
        ),
        (
            {"cipher": "aes128-cbc", "digest": f"{XENC}sha256", "mgf": f"{XENC11}mgf1sha256"},
            "aes128-cbc, its key by rsa-oaep-mgf1p (sha256, mgf1sha256)",
        ),
    ],
)
def test_a_method_that_is_not_opened_is_named_with_what_is(how: dict[str, str], received: str) -> None:
    expected = "AES-128, -192 or -256 in GCM or CBC, its key by RSA-OAEP"
    assert _failure(IDP.response(then=encrypt(**how))) == (Refusal.UNKNOWN_ENCRYPTION, expected, received)  # type: ignore[arg-type]


def test_only_algorithms_are_named() -> None:
    def move(root: etree._Element) -> etree._Element:
        sealed = encrypt("tripledes-cbc", digest=f"{XENC}sha256")(root)
        for method in sealed.iter(f"{{{XENC}}}EncryptionMethod"):
            method.insert(0, method.makeelement(f"{{{XENC}}}KeySize"))
        return root

    assert _failure(IDP.response(then=move))[2] == "tripledes-cbc, its key by rsa-oaep-mgf1p (sha256)"


@pytest.mark.parametrize("name", ["EncryptedData", "EncryptedKey"])
def test_no_method_is_named_as_none(name: str) -> None:
    def move(root: etree._Element) -> etree._Element:
        method = next(next(encrypt()(root).iter(f"{{{XENC}}}{name}")).iter(f"{{{XENC}}}EncryptionMethod"))
        method.getparent().remove(method)  # type: ignore[union-attr]
        return root

    assert "no encryption method" in _failure(IDP.response(then=move))[2]


@pytest.mark.parametrize(
    ("how", "received"),
    [
        ({"kind": None}, "EncryptedData without a Type"),
        ({"kind": f"{XENC}Content"}, f"EncryptedData of the Type {XENC}Content"),
        ({"inside": False}, "EncryptedKey beside EncryptedData, and no RetrievalMethod that leads to it"),
        ({"recipients": 2}, "2 × EncryptedKey"),
        ({"recipients": 0}, "0 × EncryptedKey"),
    ],
)
def test_what_else_is_not_opened_is_named(how: dict[str, Any], received: str) -> None:
    refusal, expected, found = _failure(IDP.response(then=encrypt(**how)))
    assert (refusal, found) == (Refusal.UNKNOWN_ENCRYPTION, received)
    assert expected


def test_the_certificate_it_is_for_is_named_beside_ours() -> None:
    other = base64.b64encode(IDP.certificate.public_bytes(serialization.Encoding.DER)).decode()
    # What can't be read is passed over, such as a certificate of a version that nobody knows.
    der = base64.b64decode(other)
    future = base64.b64encode(der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x09")).decode()
    with pytest.raises(x509.InvalidVersion):
        x509.load_der_x509_certificate(base64.b64decode(future))
    certificates = "".join(
        f"<ds:X509Certificate>{text}</ds:X509Certificate>" for text in ("!", "", future, other)
    )
    said = f"<ds:X509Data>{certificates}</ds:X509Data>"
    fingerprint = with_colons(IDP.pinned.sha256)
    config = replace(CONFIG, own_certificates=(IDP.pem, IDP.pem))
    assert _failure(_naming(said), config) == (
        Refusal.CANNOT_DECRYPT,
        f"encrypted to the certificate of this connection, {fingerprint} / {fingerprint}",
        f"aes256-gcm, its key by rsa-oaep-mgf1p, to the certificate {fingerprint}",
    )


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("<ds:KeyName>sp-2024</ds:KeyName>", "to the key sp-2024"),
        (_ISSUER_SERIAL, "to the key CN=a / 7"),
        (f"<ds:KeyName> </ds:KeyName>{_ISSUER_SERIAL}", "to the key CN=a / 7"),
        (_ISSUER_SERIAL.replace("><", ">\n  <").replace("CN=a", " CN=a\n"), "to the key CN=a / 7"),
        ("<ds:KeyName/>", "to a key that the message does not name"),
        ("<ds:X509Data><ds:X509SubjectName>CN=b</ds:X509SubjectName></ds:X509Data>", "to the key CN=b"),
        ("", "to a key that the message does not name"),
    ],
)
def test_the_key_it_is_for_is_named(said: str, named: str) -> None:
    assert _failure(_naming(said))[2] == f"aes256-gcm, its key by rsa-oaep-mgf1p, {named}"


def _naming(said: str) -> str:
    """An assertion encrypted to a key that is not ours, with this in the KeyInfo of the key."""

    def move(root: etree._Element) -> etree._Element:
        encrypted_key = next(encrypt(key=sp_key(1))(root).iter(f"{{{XENC}}}EncryptedKey"))
        encrypted_key.insert(1, etree.fromstring(f'<ds:KeyInfo xmlns:ds="{DS}">{said}</ds:KeyInfo>'))
        return root

    return IDP.response(then=move)


def test_a_connection_without_a_key_of_its_own_says_so() -> None:
    expected = _failure(IDP.response(then=encrypt()), replace(CONFIG, decryption_keys=()))[1]
    assert expected == "a key pair of this connection, which has none that can be used"


def test_whatever_keeps_it_closed_has_one_answer() -> None:
    answers = set()
    for case in CLOSED:
        (failure,) = locks.examined(case).examination.report.failures
        answers.add((failure.check, failure.refusal, failure.expected))
    assert len(CLOSED) > 15
    assert len(answers) == 1


def test_prefixes_that_no_signature_covers_are_named_as_that() -> None:
    case = next(case for case in all_cases() if case.path.endswith("encrypted_prefix_that_nobody_signed"))
    (failure,) = locks.examined(case).examination.report.failures
    assert failure.received == Phrase.FOREIGN_PREFIXES()
    assert failure.expected == Phrase.OWN_PREFIXES()


def test_a_namespace_without_canonical_form_beside_a_ciphertext_is_a_refusal() -> None:
    """Only the second lock looks at the whole message in its canonical form; it goes without it then."""
    detail = '</samlp:StatusCode><samlp:StatusDetail><a xmlns="relative"/></samlp:StatusDetail>'
    xml = Message().xml().replace("</samlp:StatusCode>", detail)
    root = encrypt()(IDP.sign(xml))
    assert refusals_of(examined(encode(root), CONFIG)) == [Refusal.SECOND_LOCK]


@pytest.mark.parametrize("octets", [b"", b"AAAA"])
def test_a_broken_plaintext_of_any_length_is_the_same_refusal(octets: bytes) -> None:
    def move(root: etree._Element) -> etree._Element:
        return encrypt("aes128-cbc", plaintext=octets)(root)

    assert refusals_of(examined(IDP.response(then=move), CONFIG)) == [Refusal.CANNOT_DECRYPT]


@pytest.mark.parametrize("octets", [0, 17, 255])
def test_a_padding_that_is_no_padding_is_refused(octets: int) -> None:
    key = bytes(16)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    content = bytes(16) + encryptor.update(b"x" * 287 + bytes([octets])) + encryptor.finalize()
    with pytest.raises(ValueError, match="padding"):
        _decrypt_cbc(key, content)
