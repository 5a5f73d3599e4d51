"""Recordings of a browser: support asks for an export of SAML-tracer, or for a request copied as cURL."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from sso.saml.pasted.message_kinds import PastedForm, PastedKind
from sso.saml.pasted.messages import PastedResponse, RecordedRequest, SomethingElse, read_pasted
from tests.saml.messages import ACS_URL
from tests.saml.pasted.pasting import FIELD, FLAT, XML

QUOTED = quote(FLAT, safe="")


def tracer(*posts: Any, url: str = ACS_URL, **more: Any) -> str:
    """An export of SAML-tracer, with a request before the posts, as its authors' exporter writes it."""
    before = {
        "method": "GET",
        "url": "https://idp.example/",
        "requestId": "1",
        "get": [],
        "requestHeaders": [],
    }
    requests = [{"method": "POST", "url": url, "requestId": "2", "post": post, **more} for post in posts]
    return json.dumps({"requests": [before, *requests], "timestamp": "2026-11-25T14:09:00.000Z"}, indent=2)


def test_an_export_of_saml_tracer_is_read() -> None:
    found = read_pasted(tracer([["RelayState", "/"], ["SAMLResponse", FIELD]], saml=XML))
    assert isinstance(found, PastedResponse)
    assert (found.form, found.encoded) == (PastedForm.TRACER, "".join(FIELD.split()))
    assert found.entry == RecordedRequest(2, 2, ACS_URL, "")


def test_of_several_the_last_that_was_posted_to_us_counts() -> None:
    export = json.loads(tracer([["SAMLResponse", FIELD]], [["SAMLResponse", "eA=="]]))
    export["requests"][2]["url"] = "https://other.example/acs"
    found = read_pasted(json.dumps(export), ACS_URL)
    assert isinstance(found, PastedResponse)
    assert found.entry == RecordedRequest(2, 3, ACS_URL, "")


@pytest.mark.parametrize("masked", ["{hash:0f3c}", "{obf:alternative_0}"])
def test_of_an_export_with_masked_values_the_xml_is_read(masked: str) -> None:
    found = read_pasted(tracer([["SAMLResponse", masked]], saml=XML))
    assert isinstance(found, PastedResponse)
    assert found.form is PastedForm.TRACER
    assert read_pasted(tracer([["SAMLResponse", masked]])) == SomethingElse(PastedKind.MASKED)


@pytest.mark.parametrize(
    ("post", "kind"),
    [
        ([], PastedKind.RECORDING_WITHOUT_RESPONSE),
        (None, PastedKind.RECORDING_WITHOUT_RESPONSE),
        ({"SAMLResponse": FIELD}, PastedKind.RECORDING_WITHOUT_RESPONSE),
        ([["SAMLResponse"], "SAMLResponse", ["SAMLRequest", FIELD]], PastedKind.RECORDING_WITHOUT_RESPONSE),
        ([["SAMLResponse", ""]], PastedKind.NOTHING),
        ([["SAMLResponse", 7]], PastedKind.NOTHING),
    ],
)
def test_what_an_export_lacks_is_said(post: Any, kind: PastedKind) -> None:
    assert read_pasted(tracer(post)) == SomethingElse(kind)


def test_an_export_that_is_cut_off_is_damaged() -> None:
    assert read_pasted(tracer([["SAMLResponse", FIELD]])[:-40]) == SomethingElse(PastedKind.BROKEN_JSON)
    assert read_pasted('{"requests": "many"}') == SomethingElse(PastedKind.JSON)


@pytest.mark.parametrize(
    "command",
    [
        "curl '{url}' -H 'Cookie: a=b' --data-raw 'RelayState=%2F&SAMLResponse={quoted}'",
        'curl "{url}" ^\n  --data-raw "SAMLResponse={careted}^&RelayState=^%^2F"',
        'fetch(\'{url}\', {{"body": "SAMLResponse={quoted}&RelayState=%2F", "method": "POST"}})',
    ],
)
def test_a_request_copied_as_a_command_is_read(command: str) -> None:
    found = read_pasted(command.format(url=ACS_URL, quoted=QUOTED, careted=QUOTED.replace("%", "^%^")))
    assert isinstance(found, PastedResponse)
    assert found.encoded == FLAT
