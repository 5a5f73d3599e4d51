"""AuthnRequests, and the redacted form of a response."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from sso.saml.redaction import redact
from sso.saml.requests import authn_request, new_request_id, redirect_url
from tests.saml.encrypting import encrypt
from tests.saml.examining import IDP
from tests.saml.messages import EMAIL_FORMAT, SAML, SAMLP, Message

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_request_names_who_asks_and_where_to_answer(nobodys_prefixes: None) -> None:
    config = IDP.config()
    root = etree.fromstring(authn_request(config, "_asked", NOW))
    assert {str(name): str(value) for name, value in root.attrib.items()} == {
        "ID": "_asked",
        "Version": "2.0",
        "IssueInstant": "2026-11-23T09:00:00Z",
        "Destination": config.sso_url,
        "AssertionConsumerServiceURL": config.acs_url,
        "ProtocolBinding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
    }
    assert root.findtext(f"{{{SAML}}}Issuer") == config.entity_id
    policy = root.find(f"{{{SAMLP}}}NameIDPolicy")
    assert policy is not None
    assert dict(policy.items()) == {"Format": EMAIL_FORMAT, "AllowCreate": "true"}
    # The prefixes of the standard's own examples, for whoever reads it.
    assert (root.prefix, root[0].prefix) == ("samlp", "saml")
    assert (
        etree.fromstring(authn_request(config, "_asked", NOW, force_authn=True)).get("ForceAuthn") == "true"
    )


def test_a_redirect_carries_the_request_deflated() -> None:
    url = redirect_url(IDP.config(), b"<request/>", "/calls/")
    query = parse_qs(urlsplit(url).query)
    assert zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15) == b"<request/>"
    assert query["RelayState"] == ["/calls/"]


def test_a_redirect_keeps_the_query_of_the_sso_url() -> None:
    config = replace(IDP.config(), sso_url="https://accounts.example/saml?idpid=1")
    query = parse_qs(urlsplit(redirect_url(config, b"<request/>")).query, keep_blank_values=True)
    assert query["idpid"] == ["1"]
    assert set(query) == {"idpid", "SAMLRequest"}


def test_request_ids_are_fresh() -> None:
    assert len({new_request_id() for _ in range(100)}) == 100


def test_what_is_kept_of_a_response_can_not_be_sent_again() -> None:
    message = Message()
    root = encrypt()(IDP.sign(message.xml(), "both"))
    plain = IDP.sign(message.xml(), "both")
    for kept in (redact(root), redact(plain)):
        for tag in ("SignatureValue", "X509Certificate", "CipherValue"):
            for node in root.iter("{*}" + tag):
                assert (node.text or "x") not in kept
        assert message.assertion_id not in kept
        assert message.response_id not in kept
    assert "nora" in redact(plain)
    assert f"{message.recipient}" in redact(plain)
