"""Names the way in which a form field misses the base64 that HTTP-POST asks for (bindings 3.5.4)."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote

from sso.phrases import Phrase, Said

_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_ROOT = re.compile(r"\s*(?:<\?[^>]*>\s*)?<(?:[\w.-]+:)?Response[\s>]")
_BASE64URL = str.maketrans("-_", "+/")


def misencoding(saml_response: str) -> Said | None:
    """How the XML of a response was encoded instead, or None if it is not known or plain base64. Nothing is trusted."""
    decoded = unquote(saml_response)
    if _ROOT.match(decoded):
        return Phrase.XML_AS_IT_IS()
    if sign := _PERCENT.search(saml_response):
        return Phrase.PERCENT_ENCODED(sign=sign[0]) if _is_response(decoded) else None
    # The last character of a message is often a plus.
    if " " in saml_response and _is_response(saml_response.replace(" ", "+")):
        return Phrase.BLANKS_FOR_PLUS()
    if re.search("[-_]", saml_response) and _is_response(saml_response.translate(_BASE64URL)):
        return Phrase.BASE64URL()
    return None


def _is_response(encoded: str) -> bool:
    """Whether a text is base64 of a whole Response. The padding may be missing."""
    digits = re.sub(r"[ \t\r\n]+", "", encoded)
    try:
        content = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True).decode("utf-8-sig")
    except ValueError:
        return False
    return _ROOT.match(content) is not None and content.rstrip().endswith(">")
