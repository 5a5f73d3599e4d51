"""Recordings of a browser: support asks for an export of SAML-tracer, or for a request copied as cURL."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sso.saml.pasted.message_kinds import PastedForm, PastedKind
from sso.saml.pasted.messages import (
    PastedReference,
    PastedResponse,
    RecordedRequest,
    SomethingElse,
    read_pasted,
)
from tests.saml.messages import ACS_URL, deflated
from tests.saml.pasted.pasting import FIELD, FLAT, XML, har

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
        ([["wresult", "<t:RequestSecurityTokenResponse/>"]], PastedKind.RECORDING_WITHOUT_RESPONSE),
        ([["SAMLResponse", "{overwritten}"]], PastedKind.MASKED),
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


@pytest.mark.parametrize("name", ["Nora", "N\u00f6ra", "\u041d\u043e\u0440\u0430"])
@pytest.mark.parametrize("is_decoded", [True, False], ids=["as text", "each byte a character"])
def test_the_xml_of_a_masked_export_is_what_was_signed(name: str, is_decoded: bool) -> None:
    xml = XML.strip().replace(">", f"><!--{name}-->", 1)
    saml = xml if is_decoded else xml.encode().decode("latin-1")
    found = read_pasted(tracer([["SAMLResponse", "{hash:0f3c}"], ["RelayState", "{hash:1}"]], saml=saml))
    assert isinstance(found, PastedResponse)
    assert base64.b64decode(found.encoded).decode() == xml


def test_an_export_whose_values_are_removed_altogether_is_read_by_its_xml() -> None:
    for post in ([], None, [["{hash:1}", ""]]):
        found = read_pasted(tracer(post, saml=XML))
        assert isinstance(found, PastedResponse)
        assert found.entry == RecordedRequest(2, 2, ACS_URL, "")


def test_what_was_posted_comes_before_its_xml() -> None:
    found = read_pasted(tracer([["SAMLResponse", "eA=="], ["SAMLResponse", FIELD]], saml=f"{XML}\n<!-- -->"))
    assert isinstance(found, PastedResponse)
    assert found.encoded == "".join(FIELD.split())


def test_a_request_beside_its_response_is_none() -> None:
    export = json.loads(tracer([["SAMLResponse", FIELD]]))
    asked = {"method": "POST", "url": ACS_URL, "saml": "<samlp:AuthnRequest/>"}
    found = read_pasted(json.dumps({"requests": [*export["requests"], asked]}), ACS_URL)
    assert isinstance(found, PastedResponse)
    assert found.entry == RecordedRequest(2, 3, ACS_URL, "")
    assert read_pasted(json.dumps([asked])) == SomethingElse(PastedKind.RECORDING_WITHOUT_RESPONSE)


@pytest.mark.parametrize(("method", "shown"), [(None, "POST"), ("", "POST"), ("PROPPATCHES", "PROPPATCHE")])
def test_the_method_is_told_as_far_as_it_fits_a_line(method: str | None, shown: str) -> None:
    request = {"method": method, "url": ACS_URL, "post": [["SAMLResponse", FIELD]]}
    found = read_pasted(json.dumps({"requests": [request]}))
    assert isinstance(found, PastedResponse)
    assert found.entry and found.entry.method == shown


def test_quotes_around_a_value_mask_nothing() -> None:
    found = read_pasted(har({"params": [{"name": "SAMLResponse", "value": f'"{FLAT}"'}]}))
    assert isinstance(found, PastedResponse)


def test_a_response_by_redirect_is_found_in_an_export() -> None:
    request = {"method": "GET", "url": ACS_URL, "get": [["SAMLResponse", deflated(XML)]]}
    for export in ({"requests": [request]}, [request]):
        found = read_pasted(json.dumps(export))
        assert isinstance(found, PastedResponse)
        assert found.entry == RecordedRequest(1, 1, ACS_URL, "", "GET")


def test_an_export_of_the_first_versions_is_read() -> None:
    request = {"id": 1, "method": "POST", "url": ACS_URL, "requestHeaders": [["Host", "x"]]}
    found = read_pasted(json.dumps({"requests": [request | {"post": [["SAMLResponse", FIELD]]}]}))
    assert isinstance(found, PastedResponse)


@pytest.mark.parametrize("masked", ["[REDACTED]", "***", "removed!", "\u2026"])
def test_a_masked_value_of_a_har_file_is_said(masked: str) -> None:
    assert read_pasted(har({"params": [{"name": "SAMLResponse", "value": masked}]})) == SomethingElse(
        PastedKind.MASKED
    )
    unknown = read_pasted(har({"params": [{"name": "SAMLResponse", "value": "eA=="}]}))
    assert unknown == SomethingElse(PastedKind.UNKNOWN)


@pytest.mark.parametrize(
    "copied",
    [
        f"POST\nSAMLResponse: {FIELD}\nstate: abc\n",
        f"POST\r\nRelayState: /home\r\nSAMLResponse: {FLAT}\r\n",
        f'----X\r\nContent-Disposition: form-data; name="SAMLResponse"\r\n\r\n{FLAT}\r\n----X--\r\n',
        f"curl '{ACS_URL}' --data-raw $'--X\\r\\n name=\"SAMLResponse\"\\r\\n\\r\\n{FLAT}\\r\\n--X--'",
        f"curl {ACS_URL} -F 'SAMLResponse={FLAT}'",
        f'curl ^"{ACS_URL}^" ^\n  --data-raw ^"SAMLResponse={QUOTED.replace("%", "^%")}^&RelayState=^%2F^"',
        f'Invoke-WebRequest -Uri "{ACS_URL}" -Body "SAMLResponse={QUOTED}&RelayState=%2F"',
        json.dumps({"SAMLResponse": FIELD}),
        json.dumps({"SAMLResponse": [FLAT]}),
        json.dumps([{"name": "SAMLResponse", "value": FLAT}]),
        json.dumps({"SAMLResponse": FLAT})
        .replace("+", "\\u002B")
        .replace("=", "\\u003d")
        .replace("/", "\\/"),
    ],
)
def test_what_is_copied_from_a_tool_is_read(copied: str) -> None:
    found = read_pasted(copied)
    assert isinstance(found, PastedResponse)
    assert found.form is PastedForm.FORM_BODY
    assert base64.b64decode(found.encoded).decode().strip() == XML.strip()


@pytest.mark.parametrize(
    "copied",
    [
        f"POST {ACS_URL} HTTP/1.1\nHost: localhost\n\nHTTP/1.1 403 Forbidden\n",
        "GET https://sso.justcall.example/sso/saml/x/acs/ HTTP/1.1\nHost: sso.justcall.example\n",
        f"curl '{ACS_URL}' -X POST -H 'Cookie: a=b'",
        f'fetch("{ACS_URL}", {{"method": "POST"}})',
        f'Invoke-WebRequest -Uri "{ACS_URL}"',
    ],
)
def test_a_request_without_what_it_has_posted_is_named(copied: str) -> None:
    assert read_pasted(copied) == SomethingElse(PastedKind.REQUEST_WITHOUT_RESPONSE)


def test_the_name_of_our_host_is_no_reference() -> None:
    assert read_pasted("https://sso.justcall.example/") == SomethingElse(PastedKind.URL)
    assert read_pasted("sso-justcall.example") == SomethingElse(PastedKind.NOT_A_REFERENCE)
    assert read_pasted("It says SSO-7K2M9QXD. What now?") == PastedReference("SSO-7K2M9QXD")


TRACED = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(0, 9)
    | st.text(max_size=5)
    | st.sampled_from([FLAT, XML, "{hash:1}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(st.just("SAMLResponse"), inner).map(list), max_size=2)
        | st.dictionaries(
            st.sampled_from(["requests", "method", "url", "post", "get", "saml"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200)
@given(TRACED)
def test_no_export_raises(requests: Any) -> None:
    for document in ({"requests": [requests]}, {"requests": requests}, [requests], requests):
        assert not isinstance(read_pasted(json.dumps(document)), PastedReference)
