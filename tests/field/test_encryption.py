"""Encryption: EncryptedID with php-saml and python3-saml, prefixes with pysaml2, old methods with many consoles."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.management import CommandError, call_command
from django.test import Client
from lxml import etree

from sso.models import Connection
from sso.saml.fingerprints import with_colons
from tests.cast import Newest
from tests.field.filling import Field, replaced, text_of
from tests.field.told import ADMIN_CAN_FIX_IT, admin_reads, person_reads
from tests.saml.encrypting import XENC, encrypt
from tests.saml.messages import SAML, key_of

PLAIN = "attribute-with-structured-value"
NAME_ID = '<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">adam@acme.example</saml:NameID>'
SEALED = (
    f'<e:EncryptedData xmlns:e="{XENC}"><e:CipherData><e:CipherValue>eA==</e:CipherValue></e:CipherData>'
    "</e:EncryptedData>"
)
ENCRYPTED_ID = f"<saml:EncryptedID>{SEALED}</saml:EncryptedID>"
ENCRYPTED_ATTRIBUTE = f"<saml:EncryptedAttribute>{SEALED}</saml:EncryptedAttribute>"


def _certificate(field: Field) -> x509.Certificate:
    return x509.load_pem_x509_certificate(field.connection.sp_keys.get().certificate_pem.encode())


def _encrypted(field: Field, asked: str = "", template: str = "", **how: Any) -> str:
    """A signed message whose assertion is then encrypted, to our own certificate unless another key is named."""

    class Ours:
        def public_key(self) -> object:
            return _certificate(field).public_key()

    signed = field.signed(field.filled(template or text_of(PLAIN), asked))
    root = encrypt(**({"key": Ours()} | how))(etree.fromstring(signed))
    return base64.b64encode(etree.tostring(root)).decode()


@pytest.mark.parametrize(
    ("there", "written", "received"),
    [
        (NAME_ID, ENCRYPTED_ID, "EncryptedID before SubjectConfirmation in Subject"),
        (
            "</saml:AttributeStatement>",
            f"{ENCRYPTED_ATTRIBUTE}</saml:AttributeStatement>",
            "EncryptedAttribute in AttributeStatement",
        ),
        (NAME_ID, NAME_ID + ENCRYPTED_ID, "EncryptedID before SubjectConfirmation in Subject"),
    ],
)
@pytest.mark.parametrize(
    ("guide", "cure"),
    [
        ("onelogin", "Switch the encryption of the NameID and of attributes off."),
        ("shibboleth", "encryptNameIDs=false"),
        ("simplesamlphp", "nameid.encryption"),
    ],
)
def test_a_part_that_is_encrypted_by_itself_is_switched_off(
    guide: str, cure: str, there: str, written: str, received: str, field: Field, last_event: Newest
) -> None:
    Connection.objects.update(guide=guide)
    page = field.post(field.case(PLAIN, edit=replaced(there, written)))
    assert ADMIN_CAN_FIX_IT in person_reads(page)
    told = admin_reads(last_event())
    assert told.row.title == "NameID or attribute encrypted"
    assert told.row.received == received
    assert cure in told.cure


@pytest.mark.parametrize(
    ("how", "received", "cure"),
    [
        (
            {"cipher": "tripledes-cbc"},
            "tripledes-cbc, its key by rsa-oaep-mgf1p",
            "SAML encryption method → Choose AES-256-CBC",
        ),
        (
            {"transport": f"{XENC}rsa-1_5"},
            "aes256-gcm, its key by rsa-1_5",
            "RSA-OAEP in place of RSA 1.5",
        ),
        (
            {"cipher": "aes256-cbc", "inside": False},
            "EncryptedKey beside EncryptedData, and no RetrievalMethod that leads to it",
            "Let the EncryptedKey stand in the KeyInfo of EncryptedData.",
        ),
        ({"kind": None}, "EncryptedData without a Type", "EncryptedData needs the Type"),
        ({"recipients": 2}, "2 × EncryptedKey", "encrypted for JustCall alone"),
    ],
)
def test_another_way_of_encryption_is_named_and_no_signature_is_said_to_have_failed(
    how: dict[str, Any], received: str, cure: str, field: Field, last_event: Newest
) -> None:
    page = field.post(_encrypted(field, **how))
    assert ADMIN_CAN_FIX_IT in person_reads(page)
    event = last_event()
    told = admin_reads(event)
    assert told.row.title == "Encrypted in another way"
    assert told.row.received == received
    assert cure in told.cure
    outcomes = {row["check"]: row["outcome"] for row in event.checks}
    assert (outcomes["signature"], outcomes["response"]) == ("not_reached", "failed")


def test_what_is_encrypted_to_another_key_names_both_certificates(
    field: Field, last_event: Newest, capsys: pytest.CaptureFixture[str]
) -> None:
    key = key_of("rsa")
    assert isinstance(key, rsa.RSAPrivateKey)
    field.post(_encrypted(field, key=key))
    event = last_event()
    told = admin_reads(event)
    ours = with_colons(_certificate(field).fingerprint(hashes.SHA256()).hex())
    assert told.row.title == "Cannot decrypt"
    assert told.row.expected == f"encrypted to the certificate of this connection, {ours}"
    assert (
        told.row.received == "aes256-gcm, its key by rsa-oaep-mgf1p, to a key that the message does not name"
    )
    assert {row["check"]: row["outcome"] for row in event.checks}["signature"] == "not_reached"


@pytest.mark.parametrize("prefix", ["ns0", "ns1", "samlp", "other"])
def test_prefixes_that_mean_something_else_outside_open(
    prefix: str, field: Field, last_event: Newest
) -> None:
    """As pysaml2 writes it: ns0 is the protocol at the Response, and the namespace of assertions inside."""
    browser = Client()
    before, start, inside = text_of(PLAIN).partition("<saml:Assertion")
    renamed = (start + inside).partition("</saml:Assertion>")
    assertion = (
        (renamed[0] + renamed[1]).replace("saml:", f"{prefix}:").replace("xmlns:saml=", f"xmlns:{prefix}=")
    )
    assertion = assertion.replace(
        f"urn:oasis:names:tc:SAML:2.0:{prefix}:", "urn:oasis:names:tc:SAML:2.0:saml:"
    )
    outside = before.replace("samlp:", "ns0:").replace("xmlns:samlp", f'xmlns:ns1="{SAML}" xmlns:ns0')
    template = outside + assertion + "</ns0:Response>"
    sent = _encrypted(field, field.ask(browser), template, cipher="aes256-cbc")
    assert field.post(sent, browser).status_code == 303
    assert last_event().email == "adam@acme.example"


def test_the_operator_reads_the_same(
    field: Field, last_event: Newest, capsys: pytest.CaptureFixture[str]
) -> None:
    field.post(_encrypted(field, cipher="tripledes-cbc"))
    with pytest.raises(CommandError):
        call_command("sso_explain", last_event().reference)
    said = capsys.readouterr().out
    assert "tripledes-cbc, its key by rsa-oaep-mgf1p" in said
    assert "Choose AES-256-CBC, not TRIPLEDES-CBC." in said
