"""Edits that give a message the dress of one identity provider or another, before it is signed."""

from __future__ import annotations

import re

from tests.saml.corpus.recipe import Edit
from tests.saml.messages import SAML, XS

BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"


def both(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(text: str) -> str:
        for one in edits:
            text = one(text)
        return text

    return edit


def declared_on_top(text: str) -> str:
    """All namespaces declared once, on the Response."""
    declared = f' xmlns:saml="{SAML}"'
    text = text.replace(declared, "").replace(f" {XS}", "")
    return text.replace("<samlp:Response", f"<samlp:Response{declared} {XS}", 1)


def name_format(uri: str) -> Edit:
    """Every Attribute with this NameFormat."""
    return lambda text: text.replace("Attribute Name=", f'Attribute NameFormat="{uri}" Name=')


def friendly(**names: str) -> Edit:
    """FriendlyName by the last part of a Name: `friendly(mail="urn:oid:…")`."""

    def edit(text: str) -> str:
        for name, full in names.items():
            text = text.replace(f'Name="{full}"', f'Name="{full}" FriendlyName="{name}"')
        return text

    return edit


def fractions(digits: str) -> Edit:
    """Every time with these digits of a second."""
    return lambda text: re.sub(r"(T\d\d:\d\d:\d\d)Z", rf"\1.{digits}Z", text)


def other_order(text: str) -> str:
    """The attributes of every element in the opposite order."""

    def turned(match: re.Match[str]) -> str:
        said = re.findall(r'[\w:]+="[^"]*"', match.group(2))
        return f"<{match.group(1)} {' '.join(reversed(said))}{match.group(3)}>"

    return re.sub(r'<([\w:]+)((?:\s+[\w:]+="[^"]*")+)\s*(/?)>', turned, text)


def type_of_values(name: str) -> Edit:
    """Every AttributeValue of this type of XML Schema."""
    return lambda text: text.replace('xsi:type="xs:string"', f'xsi:type="xs:{name}"')
