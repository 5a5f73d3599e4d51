"""XML that parsers disagree about, or that costs more than it should: refused as text, never met as a fault."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from sso.refusals import Refusal, Refused
from sso.report_words.words import in_words
from sso.saml.envelope import (
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_ENCODED_LENGTH,
    MAX_NAMESPACE_CHARACTERS,
    MAX_NAMESPACES,
    decode,
    parse,
)
from sso.saml.redaction import redact
from tests.saml.encrypting import encrypt, sp_key_pem
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.fetching import FETCHING, fetching
from tests.saml.messages import DS, IdentityProvider, Message, encode

OTHER = IdentityProvider("rsa-other")
CONFIG = IDP.config(decryption_keys=(sp_key_pem(),))
DTD = '<!DOCTYPE r [<!ENTITY e "x">]>'


def _refused(xml: bytes | str) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(xml.encode() if isinstance(xml, str) else xml)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("start", ["", "<?xml version='1.0' encoding='UTF-32'?>", DTD])
def test_an_encoding_that_parsers_guess_is_not_even_tried(encoding: str, start: str) -> None:
    refused = _refused((start + "<r/>").encode(encoding))
    assert (refused.refusal, in_words(refused.received)) == (Refusal.NOT_A_RESPONSE, "another encoding")


@pytest.mark.parametrize("encoding", ["UTF-7", "utf-16", "ISO-8859-1", "windows-1252", "nonsense"])
def test_a_document_that_says_it_is_in_another_encoding_is_refused(encoding: str) -> None:
    hidden = "<r>+ADw-x/+AD4-</r>"
    assert _refused(f"<?xml version='1.0' encoding='{encoding}'?>{hidden}").refusal is Refusal.NOT_A_RESPONSE


def test_utf7_hides_no_dtd() -> None:
    bomb = (
        "+ADwAIQ-DOCTYPE r [+ADwAIQ-ENTITY a '"
        + "x" * 1000
        + "'>+ADwAIQ-ENTITY b '"
        + "&a;" * 50
        + "'>]><r>&b;</r>"
    )
    assert _refused("<?xml version='1.0' encoding='UTF-7'?>" + bomb).refusal is Refusal.NOT_A_RESPONSE


@pytest.mark.parametrize(("dtd", "content"), FETCHING)
def test_a_dtd_hidden_in_utf7_makes_the_parser_fetch_nothing(dtd: str, content: str, tmp_path: Path) -> None:
    hidden = fetching(dtd, content, tmp_path).replace("<!", "+ADwAIQ-")
    refused = _refused(f"<?xml version='1.0' encoding='UTF-7'?>{hidden}")
    assert (refused.refusal, in_words(refused.received)) == (Refusal.NOT_A_RESPONSE, "XML 1.0 in UTF-7")


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8", "UTF8", "ASCII", "us-ascii"])
def test_utf8_by_any_of_its_names_is_taken(encoding: str) -> None:
    assert parse(f"<?xml version='1.0' encoding='{encoding}'?><r/>\n".encode()).tag == "r"
    assert parse(b"\xef\xbb\xbf<r/>").tag == "r"


def test_xml_1_1_is_refused() -> None:
    assert in_words(_refused("<?xml version='1.1'?><r/>").received) == "XML 1.1 in UTF-8"


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE r><r/>", "<r/><!ENTITY", "<r>&e;</r>", "<r a='&e;'/>", "<r a='1' a='2'/>"]
)
def test_declarations_entities_and_doubled_attributes_are_refused(text: str) -> None:
    assert _refused(text).refusal in (Refusal.FORBIDDEN_XML, Refusal.NOT_A_RESPONSE)


@pytest.mark.parametrize(
    "text", ["<r><!----></r>", "<r><?a b?></r>", "<!----><r/>", "<?a b?><r/>", "<r/><!---->"]
)
def test_comments_and_processing_instructions_are_refused(text: str) -> None:
    assert _refused(text).refusal is Refusal.FORBIDDEN_XML


def test_a_namespace_that_has_no_canonical_form_of_its_own_is_refused() -> None:
    for uri in ("urn:a&amp;b", "urn:oasis&amp;#58;names:tc:SAML:2.0:assertion"):
        assert _refused(f"<a><b xmlns:p='{uri}'/></a>").refusal is Refusal.FORBIDDEN_XML


def test_the_limits_are_where_they_are_said_to_be() -> None:
    assert (MAX_ENCODED_LENGTH, MAX_DEPTH, MAX_ELEMENTS, MAX_NAMESPACES, MAX_ATTRIBUTES) == (
        262_144,
        24,
        4000,
        64,
        32,
    )
    shapes: dict[int, Callable[[int], str]] = {
        MAX_DEPTH: lambda count: "<a>" * count + "</a>" * count,
        MAX_ELEMENTS: lambda count: f"<a>{'<b/>' * (count - 1)}</a>",
        MAX_NAMESPACES: lambda count: "<a " + " ".join(f"xmlns:p{n}='urn:{n}'" for n in range(count)) + "/>",
        MAX_ATTRIBUTES: lambda count: "<a " + " ".join(f"p{n}=''" for n in range(count)) + "/>",
    }
    for most, shape in shapes.items():
        assert parse(shape(most).encode()) is not None
        assert _refused(shape(most + 1)).refusal is Refusal.TOO_LARGE
    # Prefix and name count, and what is in scope counts wherever it was declared.
    name = "n" * (MAX_NAMESPACE_CHARACTERS - len("urn:b") - len("pp"))
    assert parse(f"<a xmlns='urn:b'><b xmlns:pp='{name}'/></a>".encode()) is not None
    assert _refused(f"<a xmlns='urn:b'><b xmlns:pp='{name}n'/></a>").refusal is Refusal.TOO_LARGE
    # What a sibling declares is not in scope.
    assert parse(b"<a>" + b"<b xmlns:p='urn:p'/>" * (MAX_NAMESPACES + 1) + b"</a>") is not None
    # Siblings are not deep.
    assert parse(b"<a>" + b"<b><c/></b>" * 100 + b"</a>") is not None


def test_the_length_of_the_field_is_counted_before_anything_is_decoded() -> None:
    with pytest.raises(Refused) as caught:
        decode(" " * MAX_ENCODED_LENGTH)
    assert in_words(caught.value.received) == "nothing"
    with pytest.raises(Refused) as caught:
        decode(" " * (MAX_ENCODED_LENGTH + 1))
    assert caught.value.refusal is Refusal.TOO_LARGE


@pytest.mark.parametrize(
    "field", ["PHIvPg", "PHIvPg=", "PHIv-_8=", "PHIv\u00a0Pg==", "PHIvPg==AAAA", "PHIvPg===", "%50%48"]
)
def test_base64_is_not_taken_leniently(field: str) -> None:
    with pytest.raises(Refused) as caught:
        decode(field)
    assert (caught.value.refusal, in_words(caught.value.expected)) == (
        Refusal.NOT_A_RESPONSE,
        "the XML in base64, once",
    )


def _declared(where: str, declaration: str, *, sign: str = "assertion") -> str:
    """A message that was signed before somebody declared another namespace in it."""
    xml = etree.tostring(IDP.sign(Message().xml(), sign)).decode()
    return encode(xml.replace(f"<{where} ", f"<{where} {declaration} ", 1))


@pytest.mark.parametrize(
    "where", ["samlp:Response", "saml:Assertion", "saml:Subject", "ds:Signature", "ds:SignedInfo"]
)
@pytest.mark.parametrize("sign", ["assertion", "both"])
def test_a_namespace_without_canonical_form_is_a_refusal(where: str, sign: str) -> None:
    saml_response = _declared(where, 'xmlns:q="relative"', sign=sign)
    assert set(refusals_of(examined(saml_response))) <= {
        Refusal.UNEXPECTED_STRUCTURE,
        Refusal.SIGNATURE_INVALID,
    }


@pytest.mark.parametrize("declaration", ['xmlns:é="urn:q"', 'xmlns:ns0="urn:q"', 'xmlns=""'])
@pytest.mark.parametrize("where", ["samlp:Response", "saml:Assertion"])
def test_a_namespace_nobody_uses_changes_nothing(where: str, declaration: str) -> None:
    saml_response = _declared(where, declaration)
    assert refusals_of(examined(saml_response)) == []
    assert "nora…" in redact(decode(saml_response).root)


def test_a_namespace_beyond_ascii_is_not_well_formed_to_us() -> None:
    assert _refused("<r xmlns:q='urn:é'/>").refusal is Refusal.NOT_A_RESPONSE


def test_a_prefix_beyond_ascii_around_an_encrypted_assertion_is_no_fault() -> None:
    root = encrypt()(IDP.sign(Message().xml()))
    xml = (
        etree.tostring(root)
        .decode()
        .replace("<saml:EncryptedAssertion ", '<saml:EncryptedAssertion xmlns:é="urn:q" ')
    )
    assert refusals_of(examined(encode(xml), CONFIG)) == []
    assert "EncryptedAssertion" in redact(decode(encode(xml)).root)


@pytest.mark.parametrize("version", [1, 9])
def test_a_certificate_of_an_impossible_version_is_no_fault(version: int) -> None:
    der = bytearray(OTHER.certificate.public_bytes(Encoding.DER))
    der[der.find(bytes([0xA0, 3, 2, 1, 2])) + 4] = version

    def carry(root: etree._Element) -> etree._Element:
        node = root.find(f".//{{{DS}}}X509Certificate")
        assert node is not None
        node.text = base64.b64encode(bytes(der)).decode()
        return root

    assert refusals_of(examined(OTHER.response(then=carry))) == [Refusal.SIGNATURE_INVALID]
