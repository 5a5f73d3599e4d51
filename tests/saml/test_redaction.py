"""What is left of a message that is kept: enough to find the fault by, and nothing to sign in with."""

from __future__ import annotations

import pytest
from lxml import etree

from sso.saml.redaction import redact, shorten
from tests.saml.encrypting import encrypt
from tests.saml.examining import IDP
from tests.saml.messages import DS, SAML, Message
from tests.saml.moves import child

XENC = "http://www.w3.org/2001/04/xmlenc#"


@pytest.mark.parametrize(
    ("whole", "kept"), [("_1", "_1"), ("nora-1", "nora-1"), ("nora-12", "nora…"), ("", "")]
)
def test_the_first_characters_are_enough_to_recognise_a_value(whole: str, kept: str) -> None:
    assert shorten(whole) == kept


def test_a_message_is_kept_without_its_signatures_keys_and_names() -> None:
    root = IDP.sign(Message(response_id="_response", assertion_id="_assertion").xml(), "both")
    child(root, "saml:Assertion/saml:AuthnStatement").set("SessionIndex", "_session_index")
    kept = etree.fromstring(redact(root))
    for secret in ("SignatureValue", "DigestValue", "X509Certificate"):
        assert [node.text for node in kept.iter(f"{{{DS}}}{secret}")] == ["…", "…"]
    assert [node.text for node in kept.iter(f"{{{SAML}}}NameID")] == ["nora…"]
    assert kept.get("ID") == "_res…"
    assert child(kept, "saml:Assertion/saml:AuthnStatement").get("SessionIndex") == "_ses…"
    references = [node.get("URI") for node in kept.iter(f"{{{DS}}}Reference")]
    assert references == ["#_re…", "#_as…"]
    # What decides stays as it is, and so does the message itself.
    assert kept.get("Destination") == root.get("Destination")
    assert child(root, "saml:Assertion").get("ID") == "_assertion"


def test_a_ciphertext_is_left_out() -> None:
    root = encrypt()(IDP.sign(Message().xml()))
    kept = etree.fromstring(redact(root))
    assert {node.text for node in kept.iter(f"{{{XENC}}}CipherValue")} == {"…"}


def test_only_a_signature_has_references_to_shorten() -> None:
    root = etree.fromstring('<a URI="https://acme.example/"/>')
    assert redact(root) == '<a URI="https://acme.example/"/>'


def test_an_empty_name_id_is_shown_empty() -> None:
    assert f'<NameID xmlns="{SAML}"' in redact(etree.fromstring(f'<NameID xmlns="{SAML}"/>'))


def test_it_is_indented_and_not_endless() -> None:
    root = etree.fromstring("<a><b/></a>")
    assert redact(root) == "<a>\n  <b/>\n</a>"
    root[0].text = "x" * 50_000
    assert len(redact(root)) == 20_000
