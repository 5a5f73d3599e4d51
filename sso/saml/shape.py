"""The shapes a sign-in response may have: an allow-list of elements, their places and their counts.

The gate knows what an honest message looks like instead of looking for known attacks: a second assertion, a moved
original or a nested Response has no place in this grammar, so it is refused before a signature is looked at.
"""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from sso.refusals import Refusal, Refused
from sso.saml.names import EXC_C14N, SAML, SAMLP, ds, saml, samlp, xenc

_MANY = 1000


class Slot(NamedTuple):
    """A run of sibling elements: one of these tags, so many times."""

    tags: frozenset[str]
    least: int
    most: int


def _slot(*tags: str, least: int = 0, most: int = 1) -> Slot:
    return Slot(frozenset(tags), least, most)


_INCLUSIVE_NAMESPACES = f"{{{EXC_C14N}}}InclusiveNamespaces"
_TEXT: tuple[Slot, ...] = ()

# Children of each element, in the order of the schemas (saml-schema-protocol-2.0, saml-schema-assertion-2.0,
# xmldsig-core-schema). An element that is not a key here is text only.
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
    saml("SubjectConfirmationData"): _TEXT,
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
    saml("AttributeStatement"): (_slot(saml("Attribute"), least=1, most=_MANY),),
    saml("Attribute"): (_slot(saml("AttributeValue"), most=_MANY),),
    # eduPersonTargetedID carries a NameID as its value.
    saml("AttributeValue"): (_slot(saml("NameID")),),
    saml("EncryptedAssertion"): (_slot(xenc("EncryptedData"), least=1), _slot(xenc("EncryptedKey"))),
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
    ds("CanonicalizationMethod"): (_slot(_INCLUSIVE_NAMESPACES),),
    ds("Reference"): (
        _slot(ds("Transforms"), least=1),
        _slot(ds("DigestMethod"), least=1),
        _slot(ds("DigestValue"), least=1),
    ),
    ds("Transforms"): (_slot(ds("Transform"), least=2, most=2),),
    ds("Transform"): (_slot(_INCLUSIVE_NAMESPACES),),
}

# Places whose content is never read for a decision. They may hold what they like, except what could be taken for a
# message, an assertion or a signature.
_OPAQUE = frozenset({samlp("StatusDetail"), ds("KeyInfo"), xenc("EncryptedData"), xenc("EncryptedKey")})
_ID_NAMES = frozenset({"id", "assertionid"})


def require_known_shape(root: etree._Element) -> None:
    """Refuse a Response (or an opened one) whose elements are not where they belong.

    Raises Refused(UNEXPECTED_STRUCTURE).
    """
    _match(root)
    _require_distinct_ids(root)


def _match(element: etree._Element) -> None:
    if element.tag in _OPAQUE:
        _require_harmless(element)
        return
    slots = _GRAMMAR.get(str(element.tag), _TEXT)
    children = list(element)
    position = 0
    for slot in slots:
        start = position
        while (
            position < len(children) and children[position].tag in slot.tags and position - start < slot.most
        ):
            position += 1
        if position - start < slot.least:
            _refuse(f"{_name(element)} without {' or '.join(sorted(map(_local, slot.tags)))}")
    if position < len(children):
        _refuse(f"{_name(children[position])} in {_name(element)}")
    if slots and element.tag != saml("AttributeValue"):
        loose = [element.text, *(child.tail for child in children)]
        if any(text and text.strip() for text in loose):
            _refuse(f"loose text in {_name(element)}")
    for child in children:
        _match(child)


def _require_harmless(element: etree._Element) -> None:
    for inner in element.iterdescendants():
        if etree.QName(inner).namespace in (SAML, SAMLP):
            _refuse(f"{_name(inner)} in {_name(element)}")
        if inner.tag in (ds("Signature"), ds("SignedInfo"), ds("Object")):
            _refuse(f"{_name(inner)} in {_name(element)}")


def _require_distinct_ids(root: etree._Element) -> None:
    seen: set[str] = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            if etree.QName(name).localname.lower() in _ID_NAMES:
                if value in seen:
                    _refuse("the same ID twice")
                seen.add(str(value))


def _refuse(received: str) -> None:
    raise Refused(
        Refusal.UNEXPECTED_STRUCTURE, expected="a SAML response of the known shape", received=received
    )


def _local(tag: str) -> str:
    return etree.QName(tag).localname


def _name(element: etree._Element) -> str:
    return _local(str(element.tag))[:60]
