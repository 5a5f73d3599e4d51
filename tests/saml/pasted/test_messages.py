"""Whatever is pasted to find the cause of a failed sign-in is recognised, and named if it is something else."""

from __future__ import annotations

import base64
import html
import json
import time
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sso.saml.envelope import decode
from sso.saml.pasted.message_kinds import PastedForm
from sso.saml.pasted.messages import (
    PastedReference,
    PastedResponse,
    RecordedRequest,
    SomethingElse,
    read_pasted,
)
from tests.saml.messages import ACS_URL, PLAIN_NAMES, Message, deflated
from tests.saml.pasted.pasting import BODY, FIELD, FLAT, PAGE, XML, element, har


@pytest.mark.parametrize(
    ("pasted", "form"),
    [
        (FIELD, PastedForm.BASE64),
        (FIELD.replace("\r\n", ""), PastedForm.BASE64),
        (f"  `{FIELD}`\n", PastedForm.BASE64),
        (f"```\n{XML}\n```", PastedForm.XML),
        (f'"{FIELD}"', PastedForm.BASE64),
        (quote(FIELD), PastedForm.BASE64),
        (FIELD.replace("+", "-").replace("/", "_").replace("=", ""), PastedForm.BASE64),
        (XML, PastedForm.XML),
        (f"\ufeff<?xml version='1.0'?>\n{XML}", PastedForm.XML),
        (html.escape(XML), PastedForm.XML),
        (BODY, PastedForm.FORM_BODY),
        (f"RelayState=SSO-7K2M9QXD&SAMLResponse={quote(FIELD)}", PastedForm.FORM_BODY),
        (f"RelayState=%2F&SAMLResponse={quote(FIELD)}", PastedForm.FORM_BODY),
        (f"SAMLResponse: {FIELD}\nRelayState: /home", PastedForm.FORM_BODY),
        (f"POST /sso/saml/x/acs/ HTTP/1.1\r\nHost: x\r\n\r\n{BODY}", PastedForm.FORM_BODY),
        (f"curl 'https://x.example/' --data-raw '{BODY}'", PastedForm.FORM_BODY),
        (json.dumps({"SAMLResponse": FLAT}), PastedForm.FORM_BODY),
        (
            f"https://x.example/acs?a=1&SAMLResponse={quote(deflated(XML), safe='')}&RelayState=%2F",
            PastedForm.URL,
        ),
        (f"https://x.example/acs?SAMLResponse={quote(FLAT, safe='')}#top", PastedForm.URL),
        (PAGE, PastedForm.WEB_PAGE),
        (PAGE.replace('"', "'"), PastedForm.WEB_PAGE),
        (f'<input name="SAMLResponse" value="{FIELD}">', PastedForm.WEB_PAGE),
        (
            f'<input value="{FIELD}" name="SAMLResponse"><input name="RelayState" value="/">',
            PastedForm.WEB_PAGE,
        ),
        (f'<input name="SAMLResponse" value="{FIELD}"', PastedForm.WEB_PAGE),
    ],
)
def test_a_response_is_found_in_every_form(pasted: str, form: PastedForm) -> None:
    big_end_first = b"\xfe\xff" + pasted.encode("utf-16-be")
    for data in (pasted, pasted.encode(), pasted.encode("utf-16"), big_end_first):
        found = read_pasted(data)
        assert isinstance(found, PastedResponse), found
        assert found.form is form
        assert decode(found.encoded).root.get("Destination") == ACS_URL


@pytest.mark.parametrize(
    "data",
    [
        {"params": [{"name": "RelayState", "value": "/"}, {"name": "SAMLResponse", "value": FIELD}]},
        {"params": [{"name": "SAMLResponse", "value": quote(FIELD)}]},
        {"text": BODY},
        {"text": BODY, "params": "odd"},
    ],
)
def test_a_har_file_gives_its_post(data: dict[str, Any]) -> None:
    found = read_pasted(har(data))
    assert isinstance(found, PastedResponse)
    assert found.form is PastedForm.HAR
    assert found.entry == RecordedRequest(2, 2, ACS_URL, "2026-01-05T09:00:00Z")
    assert decode(found.encoded).root.get("Destination") == ACS_URL


def test_half_a_character_in_a_har_file_is_shown_as_a_question_mark() -> None:
    found = read_pasted(har({"text": BODY}, url="https://x.example/\ud800"))
    assert isinstance(found, PastedResponse)
    assert found.entry
    assert found.entry.url == "https://x.example/?"


def test_of_several_responses_in_a_body_the_last_one_is_taken() -> None:
    found = read_pasted(har({"text": f"SAMLResponse=eA%3D%3D&{BODY}"}))
    assert isinstance(found, PastedResponse)


def test_an_address_is_told_as_far_as_it_fits_a_page() -> None:
    for addition in ("", "x"):
        address = (ACS_URL + "?").ljust(2000, "a") + addition
        started = "2026-01-05T09:00:00.000Z".ljust(40, "0") + addition
        entry = {
            "startedDateTime": started,
            "request": {"method": "POST", "url": address, "postData": {"text": BODY}},
        }
        found = read_pasted(json.dumps({"log": {"entries": [entry]}}))
        assert isinstance(found, PastedResponse)
        assert found.entry == RecordedRequest(1, 1, address[:2000], started[:40])


@pytest.mark.parametrize("first", ["SAMLRequest", "SAMLResponse"])
def test_a_response_beside_its_request_is_taken(first: str) -> None:
    fields = {"SAMLRequest": deflated(element("AuthnRequest")), "SAMLResponse": FIELD}
    body = urlencode(sorted(fields.items(), key=lambda field: field[0] != first))
    assert isinstance(read_pasted(body), PastedResponse)
    assert isinstance(read_pasted(har({"text": body})), PastedResponse)


def test_of_several_posts_the_last_one_to_us_is_taken() -> None:
    other = json.loads(har({"text": BODY}, {"text": BODY}))
    elsewhere = json.loads(har({"text": BODY}, url="https://other.example/acs"))
    other["log"]["entries"] += elsewhere["log"]["entries"]
    ours, any_one = read_pasted(json.dumps(other), ACS_URL), read_pasted(json.dumps(other))
    assert isinstance(ours, PastedResponse)
    assert isinstance(any_one, PastedResponse)
    assert ours.entry and (ours.entry.number, ours.entry.total) == (3, 5)
    assert any_one.entry and any_one.entry.number == 5


@pytest.mark.parametrize(
    "pasted",
    [
        "SSO-7K2M9QXD",
        "sso-7k2m9qxd",
        "  SSO 7K2M 9QXD ",
        "7K2M9QXD",
        "7k2m-9qxd",
        "SSO–7K2M9QXD",
        "SSO_7K2M9QXD",
        "Reference SSO-7K2M9QXD · 14:09 UTC",
        "SSO: 7K2M9QXD",
        "sso7k2m9qxd",
        "SSO-7K2M9QXD".ljust(200, "."),
    ],
)
def test_a_reference_is_read_however_it_is_written(pasted: str) -> None:
    assert read_pasted(pasted) == PastedReference("SSO-7K2M9QXD")


def test_xml_is_taken_byte_for_byte() -> None:
    message = Message(attributes=(*PLAIN_NAMES, ("department", ("R&amp;D",)))).xml()
    found = read_pasted(message)
    assert isinstance(found, PastedResponse)
    assert base64.b64decode(found.encoded).decode() == message


@pytest.mark.parametrize(
    "before",
    ['<!DOCTYPE r [<!ENTITY e "<x>">]>', "<?xml version='1.0'?><!-- a > b -->", f"<!--{'a' * 5000}-->"],
)
def test_forbidden_xml_still_counts_as_a_response(before: str) -> None:
    assert isinstance(read_pasted(before + XML), PastedResponse)


def test_an_empty_response_is_not_taken_for_a_cut_one() -> None:
    assert isinstance(read_pasted("<samlp:Response/>"), PastedResponse)
    assert isinstance(read_pasted(base64.b64encode(b"<samlp:Response/>\r\n").decode()), PastedResponse)


def test_a_response_is_in_no_repr() -> None:
    assert FIELD[:40] not in repr(read_pasted(FIELD))


@pytest.mark.parametrize(
    "text",
    [
        "<input " * 100_000,
        "<?a?>" * 100_000,
        "<!--a-->" * 100_000,
        "<!DOCTYPE [" * 60_000,
        "SAMLResponse" + " " * 500_000,
        "SAMLResponse=" * 100_000,
        'name="SAMLResponse"' * 50_000,
        "<a " + 'value="' * 100_000 + 'name="SAMLResponse"',
        "{" * 100_000,
        "%" * 2_000_000,
        "%41" * 400_000,
        "&lt;" * 200_000,
        "&lt;" * 1_000_000,
        "</" + "a" * 500_000,
        "-----BEGIN " * 50_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    # Of this process alone, whatever else the machine is doing.
    started = time.process_time()
    read_pasted(text)
    assert time.process_time() - started < 4


PIECES = st.sampled_from(
    ["SAMLResponse=", "SAMLRequest:", "{", '"log":', '{"entries":[', "]}", "<", "samlp:Response", ">", "</", "&lt;", "%",
     "%3C", "SSO-", "7K2M9QXD", "eyJ", ".", "-----BEGIN CERTIFICATE-----", "PHNhbWxwOlJlc3BvbnNlPg==", "MIIB", "\x00",
     "https://", "?", "&", "\ud800", FLAT, '<input name="SAMLResponse" value="', '"'],
)  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(st.text(), st.binary(), st.lists(PIECES, max_size=8).map("".join)))
def test_nothing_that_is_pasted_raises(data: str | bytes) -> None:
    found = read_pasted(data, ACS_URL)
    assert isinstance(found, PastedReference | PastedResponse | SomethingElse)


@pytest.mark.parametrize("around", ["&lt;a>{}", '<input name="SAMLResponse" value="{}">'])
def test_a_character_reference_without_end_is_no_character(around: str) -> None:
    assert isinstance(read_pasted(around.format("&#" + "9" * 5000 + ";"), ACS_URL), SomethingElse)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(FLAT),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["log", "entries", "request", "postData", "params", "name", "value", "text", "method"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200)
@given(JSON_VALUES)
def test_no_har_file_raises(entries: Any) -> None:
    for document in ({"log": {"entries": [entries]}}, {"log": entries}):
        assert isinstance(read_pasted(json.dumps(document)), PastedResponse | SomethingElse)
