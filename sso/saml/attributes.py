"""Reads the NameID and the attributes of an assertion (SAML core 2.2.3, 2.7.3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from sso.saml.names import XML_BLANKS, saml

MAX_NAME_LENGTH = 100
MAX_NAME_ID_LENGTH = 512
MAX_LETTERS = 5

# First the name of the help article, then the names other identity providers use for the same attribute.
EMAIL_NAMES = (
    "email",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
)
FIRST_NAME_NAMES = (
    "firstName",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
    "urn:oid:2.5.4.42",
)
LAST_NAME_NAMES = (
    "lastName",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
    "urn:oid:2.5.4.4",
)

_READ_AS = (EMAIL_NAMES, FIRST_NAME_NAMES, LAST_NAME_NAMES)
# Names we do not read, but take for a misspelling. Only the last part of a name, in lower-case letters and digits.
_MEANT_AS = {
    "email": {
        "email",
        "mail",
        "emailaddress",
        "emailaddr",
        "useremail",
        "workemail",
        "primaryemail",
        "userprincipalname",
    },
    "firstName": {"firstname", "givenname", "fname", "forename", "first", "userfirstname"},
    "lastName": {"lastname", "surname", "familyname", "lname", "sn", "last", "userlastname"},
}

# A dot-string and a host name (RFC 5321 4.1.2), in ASCII only, so that no look-alike letter is taken for another one.
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class NameId:
    """A NameID and its format (SAML core 2.2.2, 8.3). `format` is empty if none is given."""

    value: str
    format: str


def read_email(text: str) -> str | None:
    """An e-mail address in lower case, or None if the text is not one.

    At most 254 characters, of which at most 64 before the @ (RFC 5321 4.5.3.1).
    """
    address = text.lower() if text.isascii() else ""
    if len(address) > 254 or len(address.partition("@")[0]) > 64 or not _EMAIL.fullmatch(address):
        return None
    return address


def letters_outside_ascii(address: str) -> list[str]:
    """The letters for which an address is not read, such as ü, each once with its name; empty if it is no address."""
    letters = dict.fromkeys(char for char in address if char.isalpha() and not char.isascii())
    named = [f"{char} ({unicodedata.name(char, '').capitalize()})" for char in letters]
    return named[:MAX_LETTERS] if "@" in address else []


def read_name_id(assertion: etree._Element) -> NameId | None:
    """The NameID of the subject without XML white space around it, or None."""
    node = assertion.find(f"{saml('Subject')}/{saml('NameID')}")
    if node is None:
        return None
    value = (node.text or "").strip(XML_BLANKS)
    return NameId(value, node.get("Format", "")) if value else None


def read_attributes(assertion: etree._Element) -> dict[str, list[str]]:
    """The values of each attribute by its exact Name, in order. An empty value stays an empty text.

    A structured value, which nobody reads, is an empty text, too (SAML core 2.7.3.1.1).
    """
    found: dict[str, list[str]] = {}
    for node in assertion.iterfind(f"{saml('AttributeStatement')}/{saml('Attribute')}"):
        values = found.setdefault(node.get("Name", ""), [])
        for value in node.iterfind(saml("AttributeValue")):
            nested = value.find(saml("NameID"))
            values.append(_whole_text(value if nested is None else nested))
    return found


def _whole_text(element: etree._Element) -> str:
    """Its text. Empty if it has elements in it: the text before them would be a part."""
    return "" if len(element) else (element.text or "").strip(XML_BLANKS)


def values_of(found: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    """All values, except empty ones, of the attributes with one of these names: each once, in order."""
    return list(dict.fromkeys(value for name in names for value in found.get(name, []) if value))


def read_as(name: str) -> str:
    """The attribute of ours that a name is read as: `email`, `firstName`, `lastName`, or empty."""
    return next((names[0] for names in _READ_AS if name in names), "")


def meant_by(name: str) -> str:
    """The attribute of ours that an unread name probably means, or empty.

    `Email`, `mail` and `User.email` all mean `email`.
    """
    if read_as(name):
        return ""
    letters = "".join(char for char in re.split(r"[./:]", name.lower())[-1] if char.isalnum())
    return next((wanted for wanted, names in _MEANT_AS.items() if letters in names), "")


def near_misses(names: Iterable[str], wanted: str) -> list[str]:
    """The names that probably mean the attribute `wanted`, but are not read as it."""
    return [name for name in names if meant_by(name) == wanted]


def person_name(values: list[str]) -> str:
    """The first value as a person's name: one line, no control characters, at most 100 characters."""
    text = unicodedata.normalize("NFC", values[0]) if values else ""
    visible = "".join(" " if unicodedata.category(char) in ("Cc", "Cf") else char for char in text)
    return " ".join(visible.split())[:MAX_NAME_LENGTH].strip()
