"""A form field that misses base64 is named as what it is instead."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from sso.refusals import Refusal, Refused
from sso.report_words.words import in_words
from sso.saml.envelope import decode
from sso.saml.misencoding import misencoding
from tests.saml.messages import Message

XML = Message().xml().replace(" Version", ' Consent="ûïþ¿~~~???ûûû" Version', 1)
PLAIN = base64.b64encode(XML.encode()).decode()


def _named(field: str) -> str:
    with pytest.raises(Refused) as caught:
        decode(field)
    assert caught.value.refusal is Refusal.NOT_BASE64
    assert in_words(caught.value.expected) == "the XML in base64, once"
    return in_words(caught.value.received)


def test_the_message_has_all_that_can_go_wrong() -> None:
    assert "+" in PLAIN
    assert "/" in PLAIN
    assert misencoding(PLAIN) is None


@pytest.mark.parametrize(
    "field",
    [
        XML,
        f"\n {XML}",
        f'<?xml version="1.0" encoding="UTF-8"?>\n{XML}',
        "<Response/>".replace("/", " xmlns='urn:x'/"),
        "<Response>",
        quote(XML),
    ],
)
def test_the_xml_as_it_is(field: str) -> None:
    assert _named(field) == "the XML as it is, not in base64"


@pytest.mark.parametrize("encode", [lambda text: quote(text, safe=""), lambda text: text.replace("+", "%2b")])
def test_percent_encoded_once_too_often(encode) -> None:  # type: ignore[no-untyped-def]
    assert _named(encode(PLAIN)).startswith("base64 that is percent-encoded once too often, with %")


def test_blanks_where_a_plus_was() -> None:
    assert _named(PLAIN.replace("+", " ")) == "base64 with a blank in place of each +"
    lines = "\r\n".join(PLAIN[at : at + 76] for at in range(0, len(PLAIN), 76))
    assert _named(lines.replace("+", " ")) == "base64 with a blank in place of each +"


def test_blanks_where_a_plus_was_at_the_end() -> None:
    ends = next(plain for blanks in range(3) if (plain := _padded(blanks)).endswith("+"))
    assert _named(ends.replace("+", " ")) == "base64 with a blank in place of each +"


def _padded(blanks: int) -> str:
    """With so many blanks before the last tag ends."""
    return base64.b64encode(
        XML.replace("</samlp:Response>", f"</samlp:Response{' ' * blanks}>").encode()
    ).decode()


@pytest.mark.parametrize("padding", ["", "="])
def test_base64_for_urls(padding: str) -> None:
    url = base64.urlsafe_b64encode(XML.encode() + b" " * (2 if padding else 0)).decode().rstrip("=") + padding
    assert _named(url) == "base64url, with - and _ in place of + and /"


def test_with_a_byte_order_mark() -> None:
    marked = base64.urlsafe_b64encode(b"\xef\xbb\xbf" + XML.encode()).decode()
    assert _named(marked) == "base64url, with - and _ in place of + and /"


@pytest.mark.parametrize(
    "field",
    [
        "",
        "<script>",
        "<html><Response></html>",
        "100%",
        "%41%42",
        "hello world",
        PLAIN.replace("+", "-").replace("/", "_") + "!",
        PLAIN.replace("+", " ")[:80] + "!" + PLAIN.replace("+", " ")[80:],
        PLAIN[:-8].replace("+", " "),
        PLAIN[:-8].replace("+", "-"),
        base64.b64encode(b"<Respond/>").decode().replace("=", " "),
        base64.b64encode(b"<Response \xff/>").decode().replace("/", "_"),
        PLAIN.rstrip("=") + "=",
    ],
)
def test_what_is_not_known_is_not_named(field: str) -> None:
    assert misencoding(field) is None


def test_a_line_break_that_became_a_blank_is_read_as_before() -> None:
    spaced = " ".join(PLAIN[at : at + 60] for at in range(0, len(PLAIN), 60))
    assert decode(spaced).root.tag.endswith("Response")


def test_a_message_that_is_cut_off_stays_that() -> None:
    with pytest.raises(Refused) as caught:
        decode(base64.b64encode(XML[:-5].encode()).decode())
    assert caught.value.refusal is Refusal.NOT_A_RESPONSE
