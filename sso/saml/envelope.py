"""Decodes the SAMLResponse form field: base64, size, encoding, well-formed XML (bindings 3.5.4).

Nothing is trusted yet. What cannot be a response is refused here, before it costs much.
"""

from __future__ import annotations

import base64
import re

from lxml import etree

from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.saml.misencoding import misencoding
from sso.saml.names import samlp
from sso.saml.shape import require_known_shape
from sso.saml.types import UnverifiedResponse

MAX_ENCODED_LENGTH = 256 * 1024
MAX_DEPTH = 24
MAX_ELEMENTS = 4000
# In scope at one element. Canonicalisation takes time for elements × namespaces × inclusive prefixes.
MAX_NAMESPACES = 64
# Of all prefixes and namespaces in scope at one element: canonicalisation may write each of them at every element.
MAX_NAMESPACE_CHARACTERS = 4096
MAX_ATTRIBUTES = 32

_EVENTS = ("start", "end", "start-ns", "end-ns", "comment", "pi")
_BLANKS = re.compile(r"[ \t\r\n]+")


def decode(saml_response: str) -> UnverifiedResponse:
    """Decode the SAMLResponse form field: base64 of at most 256 KiB, white space allowed (bindings 3.5.4).

    Raises Refused: TOO_LARGE, NOT_BASE64, NOT_A_RESPONSE, FORBIDDEN_XML, or what `require_known_shape` raises.
    """
    if len(saml_response) > MAX_ENCODED_LENGTH:
        raise Refused(
            Refusal.TOO_LARGE,
            expected=Phrase.AT_MOST_CHARACTERS(most=MAX_ENCODED_LENGTH),
            received=Phrase.CHARACTERS(count=len(saml_response)),
        )
    encoded = _BLANKS.sub("", saml_response)
    if not encoded:
        raise Refused(Refusal.NOT_A_RESPONSE, expected=Phrase.A_SAML_RESPONSE(), received=Phrase.NOTHING())
    try:
        xml = _decoded(encoded)
        root = parse(xml)
    except Refused as refused:
        raise _by_closer_name(refused, saml_response) from None
    if root.tag != samlp("Response"):
        raise Refused(
            Refusal.NOT_A_RESPONSE,
            expected=Phrase.A_SAML_2_RESPONSE(),
            received=Phrase.ANOTHER_ELEMENT(element=etree.QName(root).localname, count=len(xml)),
        )
    require_known_shape(root)
    return UnverifiedResponse(encoded=encoded, xml=xml, root=root)


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError:
        raise Refused(
            Refusal.NOT_A_RESPONSE,
            expected=Phrase.BASE64_ONCE(),
            received=Phrase.NOT_BASE64(count=len(encoded)),
        ) from None


def _by_closer_name(refused: Refused, saml_response: str) -> Refused:
    """The refusal of a field that can't be read, or NOT_BASE64 if it is known what it is instead."""
    found = misencoding(saml_response)
    if found is None:
        return refused
    return Refused(Refusal.NOT_BASE64, expected=Phrase.BASE64_ONCE(), received=found)


def parse(xml: bytes) -> etree._Element:
    """Parse XML from outside: UTF-8, limited in size, no DTD, entity, comment or processing instruction.

    Raises Refused: NOT_A_RESPONSE, FORBIDDEN_XML or TOO_LARGE.
    """
    try:
        text = xml.decode("utf-8")
    except UnicodeDecodeError:
        raise _another_encoding() from None
    # UTF-16 and UTF-32 without a byte order mark are also valid UTF-8 with zeros, and the parser would guess them.
    if "\0" in text:
        raise _another_encoding()
    # A DTD that is written in another encoding (UTF-7) is not found here. That is safe: the parser loads and resolves
    # nothing, and the encoding is refused below.
    if "<!DOCTYPE" in text:
        raise Refused(Refusal.FORBIDDEN_XML, expected=Phrase.NO_DTD(), received=Phrase.A_DTD())
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        raise Refused(
            Refusal.NOT_A_RESPONSE,
            expected=Phrase.WELL_FORMED_XML(),
            received=Phrase.NOT_WELL_FORMED(count=len(xml)),
        ) from None
    declared = root.getroottree().docinfo
    encoding = (declared.encoding or "UTF-8").upper()
    if declared.xml_version != "1.0" or encoding not in ("UTF-8", "UTF8", "ASCII", "US-ASCII"):
        raise Refused(
            Refusal.NOT_A_RESPONSE,
            expected=Phrase.XML_VERSION(version="1.0", encoding="UTF-8"),
            received=Phrase.XML_VERSION(version=declared.xml_version or "", encoding=encoding),
        )
    _refuse_exotic(root)
    return root


def _another_encoding() -> Refused:
    return Refused(Refusal.NOT_A_RESPONSE, expected=Phrase.XML_IN_UTF8(), received=Phrase.ANOTHER_ENCODING())


def _refuse_exotic(root: etree._Element) -> None:
    if [*root.itersiblings(preceding=True), *root.itersiblings()]:
        raise Refused(
            Refusal.FORBIDDEN_XML,
            expected=Phrase.THE_MESSAGE_ALONE(),
            received=Phrase.COMMENT_BESIDE_MESSAGE(),
        )
    depth = count = 0
    declared: list[int] = []  # the length of each namespace declaration in scope
    for event, node in etree.iterwalk(root, events=_EVENTS):
        if event == "end":
            depth -= 1
            continue
        if event == "start-ns":
            _refuse_ampersand(node[1])
            declared.append(sum(map(len, node)))
            continue
        if event == "end-ns":
            declared.pop()
            continue
        if not isinstance(node.tag, str):
            raise Refused(
                Refusal.FORBIDDEN_XML,
                expected=Phrase.ELEMENTS_AND_TEXT(),
                received=Phrase.COMMENT_OR_ENTITY(),
            )
        depth += 1
        count += 1
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise Refused(
                Refusal.TOO_LARGE,
                expected=Phrase.AT_MOST_ELEMENTS(elements=MAX_ELEMENTS, depth=MAX_DEPTH),
                received=Phrase.MORE(),
            )
        _refuse_costly(declared, len(node.keys()))


def _refuse_ampersand(namespace: str) -> None:
    """libxml2 writes it into the canonical form as it is, which then says something else, or nothing (xml-c14n 2.3)."""
    if "&" in namespace:
        raise Refused(
            Refusal.FORBIDDEN_XML,
            expected=Phrase.CANONICAL_FORM(),
            received=Phrase.NAMESPACE_WITH_AMPERSAND(),
        )


def _refuse_costly(declared: list[int], attributes: int) -> None:
    """Limit what makes canonicalisation take long: the namespaces in scope at an element, and its attributes."""
    if len(declared) > MAX_NAMESPACES or attributes > MAX_ATTRIBUTES:
        raise Refused(
            Refusal.TOO_LARGE,
            expected=Phrase.AT_MOST_ATTRIBUTES(attributes=MAX_ATTRIBUTES, namespaces=MAX_NAMESPACES),
            received=Phrase.MORE(),
        )
    if sum(declared) > MAX_NAMESPACE_CHARACTERS:
        raise Refused(
            Refusal.TOO_LARGE,
            expected=Phrase.AT_MOST_NAMESPACE_CHARACTERS(characters=MAX_NAMESPACE_CHARACTERS),
            received=Phrase.MORE(),
        )
