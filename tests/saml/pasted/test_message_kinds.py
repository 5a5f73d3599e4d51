"""What is pasted and is no response is named for what it is."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from sso.saml.pasted.message_kinds import PastedForm, PastedKind
from sso.saml.pasted.messages import (
    MAX_BYTES,
    SomethingElse,
    read_pasted,
)
from tests.saml.certificate_forms import certificate, der_of, pem_of, rsa_key, signing_request
from tests.saml.messages import deflated
from tests.saml.pasted.pasting import BODY, FIELD, XML, element, har

# So long that its base64 has no padding, and one digit more is one too many.
WHOLE = base64.b64encode(XML.encode().ljust(-(-len(XML) // 3) * 3)).decode()
SIX = base64.b64encode(b"<samlp:Response>" + b"x" * 800).decode()


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        ("", PastedKind.NOTHING),
        (" \r\n\u200b", PastedKind.NOTHING),
        ("SAMLResponse=&RelayState=/", PastedKind.NOTHING),
        ('<input name="SAMLResponse">', PastedKind.NOTHING),
        ('<input name="SAMLResponse" value=""', PastedKind.NOTHING),
        ('<input name="SAMLResponse"><input name="RelayState" value="hello">', PastedKind.NOTHING),
        (" " * MAX_BYTES, PastedKind.NOTHING),
        ("a" * (MAX_BYTES + 1), PastedKind.TOO_LARGE),
        (b"\xff\x00\xfe\x01", PastedKind.BINARY),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", PastedKind.PRIVATE_KEY),
        ("PuTTY-User-Key-File-2: ssh-rsa", PastedKind.PRIVATE_KEY),
        (pem_of(certificate()), PastedKind.CERTIFICATE),
        (base64.b64encode(der_of(certificate())).decode(), PastedKind.CERTIFICATE),
        (der_of(certificate()), PastedKind.CERTIFICATE),
        (signing_request(rsa_key()).decode(), PastedKind.CERTIFICATE),
        ("-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq\n-----END PUBLIC KEY-----", PastedKind.CERTIFICATE),
        (base64.b64encode(b"\x30\x82\x04\xbf\x02\x01\x00\x30\x0d").decode(), PastedKind.PRIVATE_KEY),
        ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", PastedKind.JWT),
        ("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", PastedKind.JWT),
        ("REQ-0123456789", PastedKind.ERROR_REFERENCE),
        ("SSO-12", PastedKind.NOT_A_REFERENCE),
        ("SSO-7K2M9QXD".ljust(201, "."), PastedKind.UNKNOWN),
        (element("AuthnRequest"), PastedKind.AUTHN_REQUEST),
        (base64.b64encode(element("LogoutRequest").encode()).decode(), PastedKind.LOGOUT_REQUEST),
        (f"SAMLRequest={quote(deflated(element('AuthnRequest')))}", PastedKind.AUTHN_REQUEST),
        (
            f"https://idp.example/sso?SAMLRequest={quote(deflated(element('AuthnRequest')))}",
            PastedKind.AUTHN_REQUEST,
        ),
        (element("LogoutResponse"), PastedKind.LOGOUT_RESPONSE),
        (element("EntityDescriptor"), PastedKind.METADATA),
        (element("Assertion"), PastedKind.ASSERTION),
        (element("ArtifactResponse"), PastedKind.OTHER_XML),
        ("<", PastedKind.OTHER_XML),
        ("<!DOCTYPE html><html><body>Not found</body></html>", PastedKind.WEB_PAGE),
        ("<p>hello", PastedKind.WEB_PAGE),
        ('<p class="log">hello', PastedKind.WEB_PAGE),
        ("https://acme.onelogin.com/portal", PastedKind.URL),
        (har(), PastedKind.RECORDING_WITHOUT_RESPONSE),
        (har({"text": "a=b"}, {"params": [{"name": "a"}]}, {}), PastedKind.RECORDING_WITHOUT_RESPONSE),
        (
            har({"text": f"SAMLRequest={quote(deflated(element('AuthnRequest')))}"}),
            PastedKind.RECORDING_WITHOUT_RESPONSE,
        ),
        (har({"text": "SAMLResponse=%21%21"}), PastedKind.UNKNOWN),
        (har({"text": BODY})[:-40], PastedKind.BROKEN_JSON),
        ('{"log": ' + "[" * 100_000, PastedKind.BROKEN_JSON),
        ('{"log": {"entries": 5}}', PastedKind.JSON),
        ("{not json", PastedKind.JSON),
        ('{"message": "log", "log": [', PastedKind.JSON),
        (FIELD[: len(FIELD) // 2 // 4 * 4], PastedKind.TRUNCATED),
        (SIX[:401], PastedKind.TRUNCATED),
        (WHOLE + "A", PastedKind.TRUNCATED),
        (XML[:-30], PastedKind.TRUNCATED),
        ("hello world", PastedKind.UNKNOWN),
        ("hello, world!", PastedKind.UNKNOWN),
        (base64.b64encode(b"\x00\x01 just bytes").decode(), PastedKind.UNKNOWN),
        (deflated("no markup in here"), PastedKind.UNKNOWN),
    ],
)
def test_everything_else_has_a_name(pasted: str | bytes, kind: PastedKind) -> None:
    found = read_pasted(pasted)
    assert isinstance(found, SomethingElse), found
    assert found.kind is kind


def test_an_element_is_named_shortly() -> None:
    assert read_pasted(f"<{'x' * 500}/>") == SomethingElse(PastedKind.OTHER_XML, "x" * 60)


@pytest.mark.parametrize("key", ["-----BEGIN PRIVATE KEY-----\nMIIE", "PuTTY-User-Key-File-2: ssh-rsa"])
@pytest.mark.parametrize(
    "around",
    [
        "SSO-7K2M9QXD %s",
        "<p>%s",
        '{"key": "%s"}',
        "SAMLResponse=%s",
        "https://x.example/?%s",
        "%s" + " " * 70_000 + ".",
    ],
)
def test_a_private_key_is_named_whatever_is_around_it(key: str, around: str) -> None:
    assert read_pasted(around % key) == SomethingElse(PastedKind.PRIVATE_KEY)


def test_every_form_and_every_other_kind_has_its_words() -> None:
    assert all(form.words for form in PastedForm)
    assert all(kind.sentence for kind in PastedKind)
