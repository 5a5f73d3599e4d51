"""What a message that can't be accepted says of itself: keys to look something up by, and never more.

Reads a form field or a query parameter leniently: cut off, too large, not quite base64, XML as it is, deflated, in
UTF-16. Raises nothing.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

# The root and its attributes stand at the beginning.
_LOOKED_AT = 64 * 1024
_IN_RESPONSE_TO = re.compile(rb"""(?<![\w:.-])InResponseTo\s*=\s*["']([\w.:-]{1,200})["']""")
_ROOT = re.compile(rb"\s*(?:<\?[^<>]{0,200}\?>\s*)?<(?:[\w.-]{1,60}:)?(\w{1,60})")


def claimed_in_response_to(saml_response: str) -> str | None:
    """The request that a response says it answers (SAML core 3.2.2)."""
    for content in _contents(saml_response):
        if found := _IN_RESPONSE_TO.search(content):
            return found[1].decode("ascii", "ignore")
    return None


def message_name(message: str) -> str:
    """The local name of a message's root element, such as LogoutRequest; empty if none can be made out."""
    for content in _contents(message):
        if found := _ROOT.match(content):
            return found[1].decode("ascii", "ignore")
    return ""


def _contents(encoded: str) -> Iterator[bytes]:
    """What the field may hold, the likeliest first."""
    start = unquote(encoded[:_LOOKED_AT])
    if start.lstrip().startswith("<"):
        yield start.encode("utf-8", "replace")
        return
    # A plus that came as a blank, or a blank that broke the line: one of the two gives a message.
    for digits in (start.replace(" ", "+"), start):
        content = _decoded(digits)
        yield content.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").replace(b"\0", b"")
        yield _inflated(content)


def _decoded(encoded: str) -> bytes:
    digits = re.sub(r"[^A-Za-z0-9+/]", "", encoded.replace("-", "+").replace("_", "/"))
    # One digit more than a multiple of four encodes nothing.
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return base64.b64decode(digits + "===")


def _inflated(content: bytes) -> bytes:
    """As HTTP-Redirect sends it (bindings 3.4.4.1), as much as is looked at."""
    try:
        return zlib.decompressobj(wbits=-15).decompress(content, _LOOKED_AT)
    except zlib.error:
        return b""
