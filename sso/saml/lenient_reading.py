"""Reads a little of a message that `decode` refuses: which request it claims to answer, and what it is.

Takes a form field or query parameter that may be cut off, too large, not quite base64, plain XML, deflated or UTF-16.
Raises nothing. Nothing is trusted: use the results only to look something up, and for words.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

# Enough for the root and its attributes.
_READ_AT_MOST = 64 * 1024
_IN_RESPONSE_TO = re.compile(rb"""(?<![\w:.-])InResponseTo\s*=\s*["']([\w.:-]{1,200})["']""")
_ROOT = re.compile(rb"\s*(?:<\?[^<>]{0,200}\?>\s*)?<(?:[\w.-]{1,60}:)?(\w{1,60})")


def claimed_in_response_to(saml_response: str) -> str | None:
    """The InResponseTo of a response, or None (SAML core 3.2.2)."""
    for content in _contents(saml_response):
        if found := _IN_RESPONSE_TO.search(content):
            return found[1].decode("ascii", "ignore")
    return None


def message_name(message: str) -> str:
    """The local name of the root element, such as LogoutRequest, or empty."""
    for content in _contents(message):
        if found := _ROOT.match(content):
            return found[1].decode("ascii", "ignore")
    return ""


def _contents(encoded: str) -> Iterator[bytes]:
    """What the field may contain, the most likely first."""
    start = unquote(encoded[:_READ_AT_MOST])
    if start.lstrip().startswith("<"):
        yield start.encode("utf-8", "replace")
        return
    # A space may have been a plus sign, or may only break the line. One of the two decodes.
    for digits in (start.replace(" ", "+"), start):
        content = _decoded(digits)
        yield content.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").replace(b"\0", b"")
        yield _inflated(content)


def _decoded(encoded: str) -> bytes:
    digits = re.sub(r"[^A-Za-z0-9+/]", "", encoded.replace("-", "+").replace("_", "/"))
    # Base64 never has one digit more than a multiple of four.
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return base64.b64decode(digits + "===")


def _inflated(content: bytes) -> bytes:
    """Undo DEFLATE (bindings 3.4.4.1). Empty if it is not deflated."""
    try:
        return zlib.decompressobj(wbits=-15).decompress(content, _READ_AT_MOST)
    except zlib.error:
        return b""
