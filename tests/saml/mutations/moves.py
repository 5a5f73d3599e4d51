"""What Hypothesis does to honest messages: sequences of small moves, each drawn from what the message holds.

`mutated()` gives a SAMLResponse field.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

from hypothesis import strategies as st
from lxml import etree

from tests.saml.messages import DS, SAML, SAMLP, encode
from tests.saml.mutations.honest import (
    ERIN,
    NORA,
    SHAPES,
    honest,
)

# Moves on a tree. Each takes the root, the root of a second message, and a number source.
Draw = Callable[[int], int]
TreeMove = Callable[[etree._Element, etree._Element, Draw], None]


def _pick(root: etree._Element, draw: Draw) -> etree._Element:
    nodes = list(root.iter("*"))
    return nodes[draw(len(nodes))]


def _place(root: etree._Element, node: etree._Element, draw: Draw) -> None:
    if root in node.iter():
        return
    parent = _pick(root, draw)
    if parent not in node.iter():
        parent.insert(draw(len(parent) + 1), node)


def _move(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    _place(root, _pick(root, draw), draw)


def _duplicate(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    _place(root, copy.deepcopy(_pick(root, draw)), draw)


def _double(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    node = _pick(root, draw)
    if node is not root:
        node.addnext(copy.deepcopy(node))


def _delete(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    node = _pick(root, draw)
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _swap(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    one, other = _pick(root, draw), _pick(root, draw)
    if one is root or other is root or one in other.iter() or other in one.iter():
        return
    mark = etree.Element("mark")
    one.addprevious(mark)
    other.addprevious(one)
    mark.addprevious(other)
    parent = mark.getparent()
    assert parent is not None
    parent.remove(mark)


def _rename(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    node = _pick(root, draw)
    other = _pick(root if draw(2) else donor, draw)
    node.tag = (other.tag, f"{{{SAML}}}Advice", f"{{{SAMLP}}}Extensions", f"{{{DS}}}Object", "x")[draw(5)]


def _graft(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    """A part of another person's message takes the place of its like, or any place at all."""
    part = copy.deepcopy(_pick(donor, draw))
    like = [node for node in root.iter(part.tag) if node is not root]
    if not like or draw(4) == 0:
        _place(root, part, draw)
        return
    old = like[draw(len(like))]
    parent = old.getparent()
    assert parent is not None
    parent.replace(old, part)


def _wrap(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    """The classic: an original goes into a new element, and something else takes its place."""
    node = _pick(root, draw)
    parent = node.getparent()
    if parent is None:
        return
    tags = (
        f"{{{DS}}}Object",
        f"{{{SAMLP}}}StatusDetail",
        f"{{{SAMLP}}}Extensions",
        f"{{{SAML}}}Advice",
        "x",
        node.tag,
    )
    wrapper = etree.Element(tags[draw(len(tags))])
    parent.replace(node, wrapper)
    wrapper.append(node)
    if draw(2):
        wrapper.addprevious(copy.deepcopy(_pick(donor, draw)))


TEXTS = (
    ERIN,
    NORA,
    "",
    " ",
    "x",
    "2.0",
    "mallory@acme.example",
    "é\u202e",
    "9999-12-31T23:59:59Z",
    "#",
    "urn:x",
)


def _text(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    node = _pick(root, draw)
    value = TEXTS[draw(len(TEXTS))]
    if draw(4):
        node.text = value
    else:
        node.tail = value


def _attribute(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    node, other = _pick(root, draw), _pick(root if draw(2) else donor, draw)
    names = [
        *map(str, node.attrib),
        *map(str, other.attrib),
        "ID",
        "Id",
        "AssertionID",
        "URI",
        "Algorithm",
        "{urn:x}ID",
    ]
    names.append("{http://www.w3.org/XML/1998/namespace}id")
    name = names[draw(len(names))]
    values = [*map(str, other.attrib.values()), *TEXTS, f"#{other.get('ID', '')}"]
    if draw(5) == 0:
        node.attrib.pop(name, "")
    else:
        node.set(name, values[draw(len(values))])


def _split(root: etree._Element, donor: etree._Element, draw: Draw) -> None:
    """A comment or processing instruction in the middle of a text."""
    node = _pick(root, draw)
    text = node.text or ""
    at = draw(len(text) + 1)
    between = etree.Comment("x") if draw(2) else etree.ProcessingInstruction("x", "y")
    node.text = text[:at]
    between.tail = text[at:]
    node.insert(0, between)


TREE_MOVES: tuple[TreeMove, ...] = (
    _move, _duplicate, _double, _delete, _swap, _rename, _graft, _graft, _wrap, _text, _attribute, _split,
)  # fmt: skip

# Moves on the bytes.
_DECLARATIONS = (
    b'xmlns:q="urn:q"', b'xmlns:q="relative"', b'xmlns=""', b'xmlns="urn:q"', b'xmlns:saml="urn:q"', b'xmlns:ds="urn:q"',
    'xmlns:é="urn:é"'.encode(), 'xmlns:é="urn:q"'.encode(), b'xmlns:xml="http://www.w3.org/XML/1998/namespace"',
    b'xml:space="preserve"', b'xml:lang="en"', b'xml:id="x"', b'xml:base="urn:q"',
    b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string"',
)  # fmt: skip
_INSERTIONS = (
    b"<!---->", b"<?x y?>", b"<![CDATA[]]>", b"<![CDATA[x]]>", b"&amp;", b"&#x20;", b"&#0;", b"&x;", b"\0", b"\r\n", b" ",
    b"]]>", b"<x/>", b"<", b">", b"</saml:NameID>", b"\xff", "\ufeff".encode(), "é".encode(), b"<!DOCTYPE r>", b'"',
)  # fmt: skip


def _byte(xml: bytes, draw: Draw) -> bytes:
    at = draw(len(xml))
    return xml[:at] + bytes([draw(256)]) + xml[at + 1 :]


def _cut(xml: bytes, draw: Draw) -> bytes:
    at = draw(len(xml))
    return xml[:at] + xml[at + 1 + draw(20) :]


def _insert(xml: bytes, draw: Draw) -> bytes:
    at = draw(len(xml) + 1)
    return xml[:at] + _INSERTIONS[draw(len(_INSERTIONS))] + xml[at:]


def _declare(xml: bytes, draw: Draw) -> bytes:
    starts = [found.end() for found in re.finditer(rb"<[A-Za-z][^\s/>]*", xml)]
    if not starts:
        return xml
    at = starts[draw(len(starts))]
    return xml[:at] + b" " + _DECLARATIONS[draw(len(_DECLARATIONS))] + xml[at:]


def _cdata(xml: bytes, draw: Draw) -> bytes:
    """A text, or a part of it, as a CDATA section."""
    texts = [found.span(1) for found in re.finditer(rb">([^<>&]+)<", xml)]
    if not texts:
        return xml
    start, end = texts[draw(len(texts))]
    middle = start + draw(end - start)
    return xml[:start] + b"<![CDATA[" + xml[start:middle] + b"]]>" + xml[middle:]


def _declaration(xml: bytes, draw: Draw) -> bytes:
    encodings = ("UTF-8", "UTF-7", "UTF-16", "ISO-8859-1", "ASCII", "nonsense")
    version = ("1.0", "1.1")[draw(2)]
    return f"<?xml version='{version}' encoding='{encodings[draw(len(encodings))]}'?>".encode() + xml


def _encoding(xml: bytes, draw: Draw) -> bytes:
    text = xml.decode("utf-8", "replace")
    return text.encode(("utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-7", "utf-8-sig")[draw(6)])


BYTE_MOVES: tuple[Callable[[bytes, Draw], bytes], ...] = (
    _byte, _byte, _byte, _cut, _insert, _insert, _declare, _declare, _cdata, _declaration, _encoding,
)  # fmt: skip


def _encoded(field: str, draw: Draw) -> str:
    """A character of the base64 changed, dropped or doubled."""
    at = draw(len(field))
    return field[:at] + ("", "A", "=", "-", " ", "é", "\0", field[at] * 2)[draw(8)] + field[at + 1 :]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The SAMLResponse field of an honest message after a few moves."""

    def number(below: int) -> int:
        return draw(st.integers(0, max(below - 1, 0)))

    mine, other = draw(st.sampled_from(SHAPES)), draw(st.sampled_from(SHAPES))
    root, donor = etree.fromstring(honest(mine, NORA)), etree.fromstring(honest(other, ERIN))
    # Most stay well-formed, so that they get past the parser.
    where = draw(st.sampled_from(("tree", "tree", "tree", "bytes", "both", "base64")))
    if where in ("tree", "both"):
        for _ in range(1 + number(4)):
            draw(st.sampled_from(TREE_MOVES))(root, donor, number)
    xml = etree.tostring(root)
    if where in ("bytes", "both"):
        for _ in range(1 + number(2)):
            xml = draw(st.sampled_from(BYTE_MOVES))(xml, number)
    return _encoded(encode(xml), number) if where == "base64" else encode(xml)
