"""The allow-list of a response: which elements and attributes may stand where, and how often.

It describes honest messages instead of known attacks. A second assertion, a moved original or a nested Response has no
place in it, so it is refused before any signature is looked at.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from sso.phrases import Phrase, Text
from sso.refusals import Refusal, Refused
from sso.saml.names import DS, DSIG11, INCLUSIVE_NAMESPACES, SAML, SAMLP, XENC, XENC11, ds, saml, samlp, xenc

# No limit here: `envelope` refuses a message of more elements than this, as too large.
_MANY = 4000
# Canonicalisation looks up each inclusive prefix at each element.
_MOST_PREFIXES = 64


class Slot(NamedTuple):
    """From `least` to `most` sibling elements, each with one of these tags."""

    tags: frozenset[str]
    least: int
    most: int


def _slot(*tags: str, least: int = 0, most: int = 1) -> Slot:
    return Slot(frozenset(tags), least, most)


_TEXT: tuple[Slot, ...] = ()

# The children of each element, in the order of the schemas (saml-schema-protocol-2.0, saml-schema-assertion-2.0,
# xmldsig-core-schema, xenc-schema). An element that is not a key here contains only text.
_GRAMMAR: dict[str, tuple[Slot, ...]] = {
    samlp("Response"): (
        _slot(saml("Issuer")),
        _slot(ds("Signature")),
        _slot(samlp("Status"), least=1),
        _slot(saml("Assertion"), saml("EncryptedAssertion")),
    ),
    samlp("Status"): (
        _slot(samlp("StatusCode"), least=1),
        _slot(samlp("StatusMessage")),
        _slot(samlp("StatusDetail")),
    ),
    samlp("StatusCode"): (_slot(samlp("StatusCode")),),
    saml("Assertion"): (
        _slot(saml("Issuer"), least=1),
        _slot(ds("Signature")),
        _slot(saml("Subject")),
        _slot(saml("Conditions")),
        _slot(saml("AuthnStatement"), saml("AttributeStatement"), most=8),
    ),
    saml("Subject"): (_slot(saml("NameID")), _slot(saml("SubjectConfirmation"), most=8)),
    saml("SubjectConfirmation"): (_slot(saml("NameID")), _slot(saml("SubjectConfirmationData"))),
    saml("Conditions"): (
        _slot(saml("AudienceRestriction"), saml("OneTimeUse"), saml("ProxyRestriction"), most=8),
    ),
    saml("AudienceRestriction"): (_slot(saml("Audience"), least=1, most=64),),
    saml("ProxyRestriction"): (_slot(saml("Audience"), most=64),),
    saml("AuthnStatement"): (_slot(saml("SubjectLocality")), _slot(saml("AuthnContext"), least=1)),
    saml("AuthnContext"): (
        _slot(saml("AuthnContextClassRef")),
        _slot(saml("AuthnContextDeclRef")),
        _slot(saml("AuthenticatingAuthority"), most=8),
    ),
    # AWS IAM Identity Center sends an empty one when nothing is mapped, though the schema asks for an attribute.
    saml("AttributeStatement"): (_slot(saml("Attribute"), most=_MANY),),
    saml("Attribute"): (_slot(saml("AttributeValue"), most=_MANY),),
    # eduPersonTargetedID carries a NameID as its value.
    saml("AttributeValue"): (_slot(saml("NameID")),),
    saml("EncryptedAssertion"): (_slot(xenc("EncryptedData"), least=1), _slot(xenc("EncryptedKey"))),
    # No CipherReference: a message must not make us fetch anything.
    xenc("EncryptedData"): (
        _slot(xenc("EncryptionMethod")),
        _slot(ds("KeyInfo")),
        _slot(xenc("CipherData"), least=1),
    ),
    xenc("EncryptedKey"): (
        _slot(xenc("EncryptionMethod")),
        _slot(ds("KeyInfo")),
        _slot(xenc("CipherData"), least=1),
        _slot(xenc("ReferenceList")),
        _slot(xenc("CarriedKeyName")),
    ),
    xenc("EncryptionMethod"): (
        _slot(xenc("KeySize"), xenc("OAEPparams"), ds("DigestMethod"), f"{{{XENC11}}}MGF", most=4),
    ),
    xenc("CipherData"): (_slot(xenc("CipherValue")),),
    xenc("ReferenceList"): (_slot(xenc("DataReference"), most=8),),
    ds("Signature"): (
        _slot(ds("SignedInfo"), least=1),
        _slot(ds("SignatureValue"), least=1),
        _slot(ds("KeyInfo")),
    ),
    ds("SignedInfo"): (
        _slot(ds("CanonicalizationMethod"), least=1),
        _slot(ds("SignatureMethod"), least=1),
        _slot(ds("Reference"), least=1),
    ),
    ds("CanonicalizationMethod"): (_slot(INCLUSIVE_NAMESPACES),),
    ds("Reference"): (
        _slot(ds("Transforms"), least=1),
        _slot(ds("DigestMethod"), least=1),
        _slot(ds("DigestValue"), least=1),
    ),
    ds("Transforms"): (_slot(ds("Transform"), least=2, most=2),),
    ds("Transform"): (_slot(INCLUSIVE_NAMESPACES),),
}

_ALGORITHM = frozenset({"Algorithm"})
_QUALIFIED = frozenset({"NameQualifier", "SPNameQualifier", "Format", "SPProvidedID"})
_ENCRYPTED = frozenset({"Id", "Type", "MimeType", "Encoding"})

# The attributes without a namespace, from the schemas. An element that is not a key here has none.
_ATTRIBUTES: dict[str, frozenset[str]] = {
    samlp("Response"): frozenset({"ID", "Version", "IssueInstant", "Destination", "InResponseTo", "Consent"}),
    samlp("StatusCode"): frozenset({"Value"}),
    # Auth0 writes its message into an attribute, which the schema does not have.
    samlp("StatusMessage"): frozenset({"Value"}),
    saml("Assertion"): frozenset({"ID", "Version", "IssueInstant"}),
    saml("Issuer"): _QUALIFIED,
    saml("NameID"): _QUALIFIED,
    saml("SubjectConfirmation"): frozenset({"Method"}),
    saml("SubjectConfirmationData"): frozenset(
        {"NotBefore", "NotOnOrAfter", "Recipient", "InResponseTo", "Address"}
    ),
    saml("Conditions"): frozenset({"NotBefore", "NotOnOrAfter"}),
    saml("ProxyRestriction"): frozenset({"Count"}),
    saml("AuthnStatement"): frozenset({"AuthnInstant", "SessionIndex", "SessionNotOnOrAfter"}),
    saml("SubjectLocality"): frozenset({"Address", "DNSName"}),
    saml("Attribute"): frozenset({"Name", "NameFormat", "FriendlyName"}),
    ds("Signature"): frozenset({"Id"}),
    ds("SignedInfo"): frozenset({"Id"}),
    ds("SignatureValue"): frozenset({"Id"}),
    ds("Reference"): frozenset({"Id", "URI", "Type"}),
    ds("KeyInfo"): frozenset({"Id"}),
    ds("CanonicalizationMethod"): _ALGORITHM,
    ds("SignatureMethod"): _ALGORITHM,
    ds("Transform"): _ALGORITHM,
    ds("DigestMethod"): _ALGORITHM,
    INCLUSIVE_NAMESPACES: frozenset({"PrefixList"}),
    xenc("EncryptedData"): _ENCRYPTED,
    xenc("EncryptedKey"): _ENCRYPTED | {"Recipient"},
    xenc("EncryptionMethod"): _ALGORITHM,
    xenc("DataReference"): frozenset({"URI"}),
    f"{{{XENC11}}}MGF": _ALGORITHM,
}
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Elements where the schemas allow attributes of other namespaces.
_OPEN = frozenset({saml("Attribute"), saml("AttributeValue"), saml("SubjectConfirmationData")})

# Nothing inside these elements is read for a decision. They may contain any element of other namespaces. Of the
# namespaces we know, they may contain only descriptions of keys, and a RetrievalMethod that stays in the message. So
# nothing in them can be mistaken for a message, an assertion or a signature.
_OPAQUE = frozenset({samlp("StatusDetail"), ds("KeyInfo")})
_KNOWN_NAMESPACES = frozenset({SAML, SAMLP, DS, DSIG11, XENC, XENC11})
_KEY_DESCRIPTIONS = {
    *(ds(name) for name in ("KeyName", "KeyValue", "RSAKeyValue", "Modulus", "Exponent")),
    *(ds(name) for name in ("X509Data", "X509Certificate", "X509SubjectName", "X509SKI", "X509CRL")),
    *(ds(name) for name in ("X509IssuerSerial", "X509IssuerName", "X509SerialNumber")),
    *(f"{{{DSIG11}}}{name}" for name in ("ECKeyValue", "NamedCurve", "PublicKey", "X509Digest")),
}
_RETRIEVAL_METHOD = ds("RetrievalMethod")

_ID_NAMES = frozenset({"id", "assertionid"})
_NEEDS_ID = frozenset({samlp("Response"), saml("Assertion")})
# An ASCII NCName. xmlsec writes the ID into an XPointer, where a quote would end the string.
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


def require_known_shape(root: etree._Element) -> None:
    """Refuse a Response with an element or attribute that has no place in it, or with the same ID twice.

    Also takes a Response whose assertion has been decrypted. Raises Refused(UNEXPECTED_STRUCTURE).
    """
    _match(root)
    _require_distinct_ids(root)


def _match(element: etree._Element) -> None:
    _require_known_attributes(element)
    children = list(element)
    if element.tag in _OPAQUE:
        for child in children:
            _require_inert(child, element)
        return
    slots = _GRAMMAR.get(str(element.tag), _TEXT)
    position = 0
    for slot in slots:
        start = position
        while (
            position < len(children) and children[position].tag in slot.tags and position - start < slot.most
        ):
            position += 1
        if position - start < slot.least:
            _refuse(Phrase.CHILD_MISSING(element=_name(element), child=" / ".join(map(_local, slot.tags))))
    if position < len(children):
        _refuse(Phrase.ELEMENT_OUT_OF_PLACE(element=_name(children[position]), parent=_name(element)))
    # Only an AttributeValue may hold text or a child (a NameID). It may not hold both.
    if children or (slots and element.tag != saml("AttributeValue")):
        loose = [element.text, *(child.tail for child in children)]
        if any(text and text.strip() for text in loose):
            _refuse(Phrase.LOOSE_TEXT(element=_name(element)))
    for child in children:
        _match(child)


def _require_known_attributes(element: etree._Element) -> None:
    known = _ATTRIBUTES.get(str(element.tag), frozenset())
    for name in map(str, element.attrib):
        namespace = etree.QName(name).namespace
        foreign = namespace == _XSI or (element.tag in _OPEN and namespace not in (None, *_KNOWN_NAMESPACES))
        if name not in known and not foreign:
            _refuse(Phrase.UNKNOWN_ATTRIBUTE(attribute=_local(name), element=_name(element)))
    if len((element.get("PrefixList") or "").split()) > _MOST_PREFIXES:
        _refuse(Phrase.TOO_MANY_PREFIXES())
    if element.tag in _NEEDS_ID and not element.get("ID"):
        _refuse(Phrase.ID_MISSING(element=_name(element)))


def _require_inert(element: etree._Element, place: etree._Element) -> None:
    """Refuse what could be mistaken for something we read; see _OPAQUE.

    An EncryptedKey in it is read, so it is matched like any other element.
    """
    if element.tag == xenc("EncryptedKey"):
        _match(element)
        return
    points_here = element.tag == _RETRIEVAL_METHOD and element.get("URI", "").startswith("#")
    is_known = etree.QName(element).namespace in _KNOWN_NAMESPACES
    if is_known and not points_here and element.tag not in _KEY_DESCRIPTIONS:
        _refuse(Phrase.ELEMENT_OUT_OF_PLACE(element=_name(element), parent=_name(place)))
    for child in element:
        _require_inert(child, place)


def _require_distinct_ids(root: etree._Element) -> None:
    seen: set[str] = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            if etree.QName(name).localname.lower() in _ID_NAMES:
                if value in seen:
                    _refuse(Phrase.ID_TWICE())
                if not _ID.fullmatch(str(value)):
                    _refuse(Phrase.ID_IS_NO_NAME())
                seen.add(str(value))


def _refuse(received: Text) -> None:
    raise Refused(Refusal.UNEXPECTED_STRUCTURE, expected=Phrase.KNOWN_STRUCTURE(), received=received)


def _local(tag: str) -> str:
    return etree.QName(tag).localname


def _name(element: etree._Element) -> str:
    return _local(str(element.tag))
