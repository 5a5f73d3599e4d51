"""The allow-list of a response: refuses every element and attribute that `grammar` has no place for.

It describes honest messages instead of known attacks. A second assertion, a moved original or a nested Response has no
place in it, so it is refused before any signature is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise

from lxml import etree

from sso.phrases import Phrase, Several, Text
from sso.refusals import Refusal, Refused
from sso.saml.attributes import read_as
from sso.saml.grammar import ATTRIBUTES, GRAMMAR, KNOWN_NAMESPACES, OPEN, TEXT, XSI, Slot
from sso.saml.names import DSIG11, ds, saml, samlp, xenc
from sso.saml.redaction import shorten

# Canonicalisation looks up each inclusive prefix at each element.
_MOST_PREFIXES = 64
_MOST_TOLD = 4

# Nothing inside these elements is read for a decision. They may contain any element of other namespaces. Of the
# namespaces we know, they may contain only descriptions of keys, and a RetrievalMethod that stays in the message. So
# nothing in them can be mistaken for a message, an assertion or a signature.
_OPAQUE = frozenset({samlp("StatusDetail"), ds("KeyInfo")})
_KEY_DESCRIPTIONS = frozenset(
    {
        *(ds(name) for name in ("KeyName", "KeyValue", "RSAKeyValue", "Modulus", "Exponent")),
        *(ds(name) for name in ("X509Data", "X509Certificate", "X509SubjectName", "X509SKI", "X509CRL")),
        *(ds(name) for name in ("X509IssuerSerial", "X509IssuerName", "X509SerialNumber")),
        *(f"{{{DSIG11}}}{name}" for name in ("ECKeyValue", "NamedCurve", "PublicKey", "X509Digest")),
    }
)
_RETRIEVAL_METHOD = ds("RetrievalMethod")
_ATTRIBUTE_VALUE = saml("AttributeValue")
_NOTHING_KNOWN: frozenset[str] = frozenset()

# Parts of an assertion that are encrypted by themselves (SAML core 2.2.4, 2.7.3.2). We open whole assertions only.
_ENCRYPTED_PARTS = frozenset({saml("EncryptedID"), saml("EncryptedAttribute")})

_ID_NAMES = frozenset({"id", "assertionid"})
_NEEDS_ID = frozenset({samlp("Response"), saml("Assertion")})
# SAML core 1.3.4 asks for an NCName. Some identity providers begin with a digit, which does no harm. xmlsec writes the ID
# into an XPointer, where a quote would end the string.
_OUTSIDE_AN_ID = re.compile(r"[^A-Za-z0-9._-]")
_LONGEST_ID = 256


def require_known_shape(root: etree._Element, *, around: etree._Element | None = None) -> None:
    """Refuse an element or attribute that has no place, and two elements of ours with the same ID.

    Takes a Response; or an assertion that was encrypted, and the Response `around` it.

    Raises Refused: UNEXPECTED_STRUCTURE, ENCRYPTED_PART or STRUCTURED_ATTRIBUTE.
    """
    _match(root)
    _require_distinct_ids(root.iter() if around is None else chain(around.iter(), root.iter()))


def _match(element: etree._Element) -> None:
    _require_known_attributes(element)
    if element.tag in _OPAQUE:
        for child in element:
            _require_inert(child, element, _KEY_DESCRIPTIONS)
        return
    if element.tag == saml("Attribute"):
        _require_plain_values(element)
    if _is_structured(element):
        for child in element:
            _require_inert(child, element, _NOTHING_KNOWN)
        return
    slots = GRAMMAR.get(str(element.tag), TEXT)
    require_known_children(element, slots)
    # Only an AttributeValue may hold text or a child (a NameID). It may not hold both.
    if len(element) or (slots and element.tag != _ATTRIBUTE_VALUE):
        loose = [element.text, *(child.tail for child in element)]
        if any(text and text.strip() for text in loose):
            _refuse(Phrase.LOOSE_TEXT(element=_name(element)))
    for child in element:
        _match(child)


def _is_structured(element: etree._Element) -> bool:
    """Whether it is an AttributeValue with elements of other namespaces in it (SAML core 2.7.3.1.1)."""
    return element.tag == _ATTRIBUTE_VALUE and any(map(_is_foreign, element))


def _is_foreign(element: etree._Element) -> bool:
    return etree.QName(element).namespace not in KNOWN_NAMESPACES


def _require_plain_values(attribute: etree._Element) -> None:
    """Refuse a structured value of an attribute that we read: a part of it could be taken for the whole."""
    name = attribute.get("Name", "")
    for value in filter(_is_structured, attribute if read_as(name) else ()):
        raise Refused(
            Refusal.STRUCTURED_ATTRIBUTE,
            expected=Phrase.PLAIN_VALUE(attribute=name),
            received=Phrase.STRUCTURED_VALUE(attribute=name, element=_name(value[0])),
        )


def require_known_children(element: etree._Element, slots: tuple[Slot, ...]) -> None:
    """Refuse an element whose children do not fill the slots: say what is strange, missing, too many, out of order."""
    if _fits(element, slots):
        return
    found = tuple(islice(_differences(element, slots), _MOST_TOLD))
    if any(child.tag in _ENCRYPTED_PARTS for child in element):
        raise Refused(Refusal.ENCRYPTED_PART, expected=Phrase.NO_ENCRYPTED_PARTS(), received=Several(found))
    _refuse(Several(found))


def _fits(element: etree._Element, slots: tuple[Slot, ...]) -> bool:
    """Whether the children fill the slots in their order. No tag is in two slots of one element."""
    tags = [child.tag for child in element]
    position = 0
    for slot in slots:
        start = position
        while position < len(tags) and tags[position] in slot.tags:
            position += 1
        if not slot.least <= position - start <= slot.most:
            return False
    return position == len(tags)


def _differences(element: etree._Element, slots: tuple[Slot, ...]) -> Iterator[Text]:
    """Which of its children are strange, missing, too many or in another order."""
    places = {tag: number for number, slot in enumerate(slots) for tag in slot.tags}
    known = [child for child in element if child.tag in places]
    for child in element:
        if child.tag not in places:
            behind = next((node for node in child.itersiblings() if node.tag in places), None)
            yield _out_of_place(child, behind, element)
    for slot in slots:
        count = sum(child.tag in slot.tags for child in known)
        names = " / ".join(sorted(map(_local, slot.tags)))
        if count < slot.least:
            yield Phrase.CHILD_MISSING(element=_name(element), child=names)
        if count > slot.most:
            yield Phrase.TOO_MANY_CHILDREN(count=count, child=names, element=_name(element))
    for before, behind in pairwise(known):
        if places[str(before.tag)] > places[str(behind.tag)]:
            yield _out_of_place(before, behind, element)


def _out_of_place(child: etree._Element, behind: etree._Element | None, parent: etree._Element) -> Text:
    if behind is None:
        return Phrase.ELEMENT_OUT_OF_PLACE(element=_name(child), parent=_name(parent))
    return Phrase.ELEMENT_BEFORE(element=_name(child), behind=_name(behind), parent=_name(parent))


def _require_known_attributes(element: etree._Element) -> None:
    known = ATTRIBUTES.get(str(element.tag), frozenset())
    names = element.keys()
    for name in names if not known.issuperset(names) else ():
        namespace = etree.QName(name).namespace
        foreign = namespace == XSI or (element.tag in OPEN and namespace not in (None, *KNOWN_NAMESPACES))
        if name not in known and not foreign:
            _refuse(Phrase.UNKNOWN_ATTRIBUTE(attribute=_local(str(name)), element=_name(element)))
    if "PrefixList" in names and len(element.get("PrefixList", "").split()) > _MOST_PREFIXES:
        _refuse(Phrase.TOO_MANY_PREFIXES())
    if element.tag in _NEEDS_ID and not element.get("ID"):
        _refuse(Phrase.ID_MISSING(element=_name(element)))


def _require_inert(element: etree._Element, place: etree._Element, allowed: frozenset[str]) -> None:
    """Refuse what could be mistaken for something we read. Of the known namespaces, only `allowed` may be there.

    Where keys are described, an EncryptedKey is read, so it is matched like any other element.
    """
    if allowed and element.tag == xenc("EncryptedKey"):
        _match(element)
        return
    points_here = element.tag == _RETRIEVAL_METHOD and element.get("URI", "").startswith("#")
    is_allowed = element.tag in allowed or (allowed and points_here)
    if not _is_foreign(element) and not is_allowed:
        _refuse(Phrase.ELEMENT_OUT_OF_PLACE(element=_name(element), parent=_name(place)))
    for child in element:
        _require_inert(child, place, allowed)


def _require_distinct_ids(elements: Iterable[etree._Element]) -> None:
    """Refuse an ID that more than one element has, unless neither of them is ours: nothing refers to those."""
    ours: set[str] = set()
    others: set[str] = set()
    for element in elements:
        for name, value in element.items():
            if etree.QName(name).localname.lower() in _ID_NAMES:
                text = str(value)
                if text in ours or (not _is_foreign(element) and text in others):
                    _refuse(Phrase.ID_TWICE())
                if _is_foreign(element):
                    others.add(text)
                else:
                    _require_plain_id(text, element)
                    ours.add(text)


def _require_plain_id(text: str, element: etree._Element) -> None:
    if not text:
        _refuse(Phrase.ID_MISSING(element=_name(element)))
    if found := _OUTSIDE_AN_ID.search(text):
        _refuse(Phrase.ID_WITH_CHARACTER(id=shorten(text), character=_shown(found[0])))
    if len(text) > _LONGEST_ID:
        _refuse(Phrase.ID_TOO_LONG(count=len(text)))


def _shown(character: str) -> str:
    return f"U+{ord(character):04X}" if character.isspace() or not character.isprintable() else character


def _refuse(received: Text) -> None:
    raise Refused(Refusal.UNEXPECTED_STRUCTURE, expected=Phrase.KNOWN_STRUCTURE(), received=received)


def _local(tag: str) -> str:
    return etree.QName(tag).localname


def _name(element: etree._Element) -> str:
    return _local(str(element.tag))
