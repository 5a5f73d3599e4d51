"""Whatever is pasted to find the cause of a failed sign-in is recognised, and named if it is something else."""

from __future__ import annotations

import base64
import html
import json
import time
import zlib
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sso.saml.envelope import decode
from sso.saml.pasted.message_kinds import PastedForm, PastedKind
from sso.saml.pasted.messages import (
    MAX_BYTES,
    HarEntry,
    PastedReference,
    PastedResponse,
    SomethingElse,
    read_pasted,
)
from tests.saml.certificate_forms import certificate, der_of, pem_of, rsa_key, signing_request
from tests.saml.messages import ACS_URL, PLAIN_NAMES, IdentityProvider, Message

FIELD = IdentityProvider().response()
XML = base64.b64decode("".join(FIELD.split())).decode()
FLAT = base64.b64encode(XML.strip().encode()).decode()


def deflated(xml: str) -> str:
    packer = zlib.compressobj(wbits=-15)
    return base64.b64encode(packer.compress(xml.encode()) + packer.flush()).decode()


def har(*posts: dict[str, Any], url: str = ACS_URL) -> str:
    entries = [
        {
            "startedDateTime": "2026-01-05T09:00:00Z",
            "request": {"method": "POST", "url": url, "postData": data},
        }
        for data in posts
    ]
    return json.dumps({"log": {"version": "1.2", "entries": [{"request": {"method": "GET"}}, *entries]}})


BODY = urlencode({"SAMLResponse": FIELD, "RelayState": "/"})
PAGE = f'<!DOCTYPE html><html><form method="post"><input type="hidden" name="SAMLResponse" value="{FIELD}"/></form>'


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
    assert found.entry == HarEntry(2, 2, ACS_URL, "2026-01-05T09:00:00Z")
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
        assert found.entry == HarEntry(1, 1, address[:2000], started[:40])


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


def element(name: str) -> str:
    return f'<samlp:{name} xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"></samlp:{name}>'


# So long that its base64 has no padding, and one digit more is one too many.
WHOLE = base64.b64encode(XML.encode().ljust(-(-len(XML) // 3) * 3)).decode()
SIX = base64.b64encode(b"<samlp:Response>" + b"x" * 800).decode()


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        ("", PastedKind.NOTHING),
        (" \r\n\u200b", PastedKind.NOTHING),
        ("SAMLResponse=&RelayState=/", PastedKind.NOTHING),
        ('<input name="SAMLResponse">', PastedKind.NOTHING),
        ('<input name="SAMLResponse" value=""', PastedKind.NOTHING),
        ('<input name="SAMLResponse"><input name="RelayState" value="hello">', PastedKind.NOTHING),
        (" " * MAX_BYTES, PastedKind.NOTHING),
        ("a" * (MAX_BYTES + 1), PastedKind.TOO_LARGE),
        (b"\xff\x00\xfe\x01", PastedKind.BINARY),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", PastedKind.PRIVATE_KEY),
        ("PuTTY-User-Key-File-2: ssh-rsa", PastedKind.PRIVATE_KEY),
        (pem_of(certificate()), PastedKind.CERTIFICATE),
        (base64.b64encode(der_of(certificate())).decode(), PastedKind.CERTIFICATE),
        (der_of(certificate()), PastedKind.CERTIFICATE),
        (signing_request(rsa_key()).decode(), PastedKind.CERTIFICATE),
        ("-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq\n-----END PUBLIC KEY-----", PastedKind.CERTIFICATE),
        (base64.b64encode(b"\x30\x82\x04\xbf\x02\x01\x00\x30\x0d").decode(), PastedKind.PRIVATE_KEY),
        ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", PastedKind.JWT),
        ("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", PastedKind.JWT),
        ("REQ-0123456789", PastedKind.ERROR_REFERENCE),
        ("SSO-12", PastedKind.NOT_A_REFERENCE),
        ("SSO-7K2M9QXD".ljust(201, "."), PastedKind.UNKNOWN),
        (element("AuthnRequest"), PastedKind.AUTHN_REQUEST),
        (base64.b64encode(element("LogoutRequest").encode()).decode(), PastedKind.LOGOUT_REQUEST),
        (f"SAMLRequest={quote(deflated(element('AuthnRequest')))}", PastedKind.AUTHN_REQUEST),
        (
            f"https://idp.example/sso?SAMLRequest={quote(deflated(element('AuthnRequest')))}",
            PastedKind.AUTHN_REQUEST,
        ),
        (element("LogoutResponse"), PastedKind.LOGOUT_RESPONSE),
        (element("EntityDescriptor"), PastedKind.METADATA),
        (element("Assertion"), PastedKind.ASSERTION),
        (element("ArtifactResponse"), PastedKind.OTHER_XML),
        ("<", PastedKind.OTHER_XML),
        ("<!DOCTYPE html><html><body>Not found</body></html>", PastedKind.WEB_PAGE),
        ("<p>hello", PastedKind.WEB_PAGE),
        ('<p class="log">hello', PastedKind.WEB_PAGE),
        ("https://acme.onelogin.com/portal", PastedKind.URL),
        (har(), PastedKind.HAR_WITHOUT_RESPONSE),
        (har({"text": "a=b"}, {"params": [{"name": "a"}]}, {}), PastedKind.HAR_WITHOUT_RESPONSE),
        (
            har({"text": f"SAMLRequest={quote(deflated(element('AuthnRequest')))}"}),
            PastedKind.HAR_WITHOUT_RESPONSE,
        ),
        (har({"text": "SAMLResponse=%21%21"}), PastedKind.UNKNOWN),
        (har({"text": BODY})[:-40], PastedKind.BROKEN_JSON),
        ('{"log": ' + "[" * 100_000, PastedKind.BROKEN_JSON),
        ('{"log": {"entries": 5}}', PastedKind.JSON),
        ("{not json", PastedKind.JSON),
        ('{"message": "log", "log": [', PastedKind.JSON),
        (FIELD[: len(FIELD) // 2 // 4 * 4], PastedKind.TRUNCATED),
        (SIX[:401], PastedKind.TRUNCATED),
        (WHOLE + "A", PastedKind.TRUNCATED),
        (XML[:-30], PastedKind.TRUNCATED),
        ("hello world", PastedKind.UNKNOWN),
        ("hello, world!", PastedKind.UNKNOWN),
        (base64.b64encode(b"\x00\x01 just bytes").decode(), PastedKind.UNKNOWN),
        (deflated("no markup in here"), PastedKind.UNKNOWN),
    ],
)
def test_everything_else_has_a_name(pasted: str | bytes, kind: PastedKind) -> None:
    found = read_pasted(pasted)
    assert isinstance(found, SomethingElse), found
    assert found.kind is kind


def test_an_element_is_named_shortly() -> None:
    assert read_pasted(f"<{'x' * 500}/>") == SomethingElse(PastedKind.OTHER_XML, "x" * 60)


@pytest.mark.parametrize("key", ["-----BEGIN PRIVATE KEY-----\nMIIE", "PuTTY-User-Key-File-2: ssh-rsa"])
@pytest.mark.parametrize(
    "around",
    [
        "SSO-7K2M9QXD %s",
        "<p>%s",
        '{"key": "%s"}',
        "SAMLResponse=%s",
        "https://x.example/?%s",
        "%s" + " " * 70_000 + ".",
    ],
)
def test_a_private_key_is_named_whatever_is_around_it(key: str, around: str) -> None:
    assert read_pasted(around % key) == SomethingElse(PastedKind.PRIVATE_KEY)


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


def test_every_form_and_every_other_kind_has_its_words() -> None:
    assert all(form.words for form in PastedForm)
    assert all(kind.sentence for kind in PastedKind)


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
