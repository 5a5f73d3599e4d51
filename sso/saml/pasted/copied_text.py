"""Undoes what copying does to text: dashes, escapes, character references, markup for a line break."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad\x00"), None)
# Word processors turn runs of hyphens into dashes.
_DASHES = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "--", "\u2014": "--", "\u2015": "--"}
)
_LONG_RULE = re.compile(r"-{10,}")
# Python raises an error for a number of thousands of digits. No character has a number that long.
_ENDLESS_NUMBER = re.compile(r"&#[0-9]{20,};?")
# Of web pages and of spreadsheets.
_LINE_BREAK = re.compile(r"<br *+/?>|_x000[AD]_", re.I)
# Source code puts a long text together from strings: "…" + "…".
_JOINED = re.compile(r"[\"']\s*+\+\s*+[\"']")


def visible(copied: str) -> str:
    """The text without characters that nobody sees."""
    return copied.translate(_INVISIBLE)


def unescaped(text: str) -> str:
    """The text with the characters for its character references (`&#13;`, `&lt;`)."""
    return html.unescape(_ENDLESS_NUMBER.sub("\ufffd", text))


def plain_text(copied: str) -> str:
    """The text as it was before it was written as a web address, XML, a web page, JSON or source code.

    Java's XML security writes the line ends of base64 as `&#13;` (xml-c14n 2.3), and a page of the source of that page
    `&amp;#13;`. Raises nothing.
    """
    # Shorten rules of dashes: patterns that look for armour would take quadratic time for one of thousands.
    text = unquote(_LONG_RULE.sub("-----", visible(copied).translate(_DASHES)))
    text = unescaped(unescaped(text))
    text = _LINE_BREAK.sub("\n", text.replace("<![CDATA[", "").replace("]]>", ""))
    # In JSON and source code, a line ends with the two characters \ and n.
    text = re.sub(r"\\[nrt]", "\n", text).replace("\\", "")
    return visible(_JOINED.sub("", text)).strip()
