"""Requests to the ACS that are odd as HTTP. None is a fault, and each refusal is one event."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import UnreadablePostError
from django.test import Client, RequestFactory

from accounts.models import Organization, User
from justcall_sso.plain_text import with_plain_content_type
from sso.acs.views import MAX_BODY
from sso.models import SignInEvent
from sso.phrases import from_json, values_in
from sso.refusals import Refusal
from sso.report_words.words import in_words
from tests.cast import Arrivals, Newest
from tests.saml.messages import Message, encode

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"


def _part(content: str = "AAAA", disposition: str = 'name="SAMLResponse"', more: str = "") -> bytes:
    return (
        f"--x\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n{content}\r\n--x--\r\n".encode()
    )


BODIES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", FORM),
    "no_content_type": (b"SAMLResponse=AAAA", ""),
    "json": (b'{"SAMLResponse": "AAAA"}', "application/json"),
    "garbled_type": (b"SAMLResponse=AAAA", "garbage;;;="),
    "latin1": (b"SAMLResponse=AAAA", f"{FORM}; charset=latin-1"),
    "unknown_charset": (b"SAMLResponse=AAAA", f"{FORM}; charset=nonsense"),
    "not_utf8": (b"SAMLResponse=%ED%A0%80%00%zz&RelayState=%00", FORM),
    "two_relay_states": (b"SAMLResponse=AAAA&RelayState=/a&RelayState=/b", FORM),
    "ten_thousand_fields": (b"&".join(b"a%d=1" % number for number in range(10_000)), FORM),
    "no_boundary": (_part(), "multipart/form-data"),
    "endless_boundary": (_part(), f"multipart/form-data; boundary={'x' * 300}"),
    "as_a_file": (_part(disposition='name="SAMLResponse"; filename="a.xml"'), PARTS),
    "file_with_an_odd_charset": (
        _part(disposition='name="a"; filename="b"', more="Content-Type: text/plain; charset=hex\r\n"),
        PARTS,
    ),
    "odd_name": (_part(disposition="name*=hex''zz"), PARTS),
    "broken_base64": (_part("%%%", more="Content-Transfer-Encoding: base64\r\n"), PARTS),
    "cut_off": (b"--x\r\nContent-Disposition", PARTS),
}


def _post(arrivals: Arrivals, body: bytes, content_type: str, **extra: Any) -> Any:
    path = f"/sso/saml/{arrivals.connection.public_id}/acs/"
    client = Client(raise_request_exception=False)
    return client.generic("POST", path, body, content_type=content_type, **extra)


def _refused_once(response: Any, event: SignInEvent) -> str:
    assert response.status_code == 403
    assert SignInEvent.objects.count() == 1
    assert event.reference in response.content.decode()
    return event.refusal


@pytest.mark.parametrize("name", BODIES)
def test_a_form_that_carries_no_response_is_refused_with_one_event(
    arrivals: Arrivals, last_event: Newest, name: str
) -> None:
    response = _post(arrivals, *BODIES[name])
    assert _refused_once(response, last_event()) == Refusal.NOT_A_RESPONSE


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "hex", "idna", "undefined", "rot13"])
def test_a_form_in_parts_is_read_as_utf8_whatever_it_says(
    arrivals: Arrivals, agent: User, charset: str
) -> None:
    body = _part(arrivals.of(agent.email))
    assert _post(arrivals, body, f"{PARTS}; charset={charset}").status_code == 303


ODD_PARAMETERS = [
    "charset=hex",
    "Charset = undefined",
    "charset*=utf-8''hex",
    "x*=nonsense''y",
    "x*=undefined''y",
    "x*=idna''%ff",
    "x*0*=nonsense''a; x*1*=b",
    "x*1=a; x*=u''b",
    "x*" + "9" * 5000 + "=a",
    "boundary*=nonsense''y",
    "x=;;;=; boundary",
]


def _as_a_server_calls(method: str, path: str, content_type: str) -> str:
    """The status of an answer, asked of the application as gunicorn asks it."""
    answers: list[str] = []
    environ = RequestFactory().generic(method, path).environ | {"CONTENT_TYPE": content_type}
    with_plain_content_type(WSGIHandler())(environ, lambda status, headers: answers.append(status))
    return answers[0]


@pytest.mark.parametrize("said", ODD_PARAMETERS)
def test_an_odd_content_type_is_no_fault(db: None, said: str) -> None:
    assert _as_a_server_calls("GET", "/login/?next=/a", f"a/b; {said}") == "200 OK"
    # The form lacks its token, and says so; Django alone would not get as far as that.
    assert _as_a_server_calls("POST", "/login/?next=/a", f"{FORM}; {said}") == "403 Forbidden"


@pytest.mark.parametrize("boundary", ["boundary=x", 'boundary="x"', "charset=utf-8; Boundary = x; y=z"])
def test_a_form_in_parts_is_read_by_its_boundary(boundary: str) -> None:
    read: list[str] = []

    def application(environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        read.append(WSGIRequest(environ).POST["SAMLResponse"])
        return []

    environ = RequestFactory().generic("POST", "/", _part()).environ
    content_type = f"multipart/form-data; {boundary}"
    with_plain_content_type(application)(environ | {"CONTENT_TYPE": content_type}, None)
    assert read == ["AAAA"]


@pytest.mark.parametrize("content_type", [FORM, PARTS])
def test_a_body_that_is_too_large_is_not_even_read(
    arrivals: Arrivals, last_event: Newest, content_type: str
) -> None:
    response = _post(arrivals, b"SAMLResponse=" + b"A" * MAX_BODY, content_type)
    assert _refused_once(response, last_event()) == Refusal.TOO_LARGE


def test_a_length_that_is_no_number_is_a_refusal(arrivals: Arrivals, last_event: Newest) -> None:
    response = _post(arrivals, b"SAMLResponse=AAAA", FORM, CONTENT_LENGTH="many")
    assert _refused_once(response, last_event()) == Refusal.NOT_A_RESPONSE


class _GoneAway:
    """The body of a browser that closes the connection half-way."""

    def read(self, *_size: int) -> bytes:
        raise OSError("Connection reset by peer")

    readline = read


def test_a_browser_that_goes_away_is_no_fault(arrivals: Arrivals, last_event: Newest) -> None:
    response = _post(arrivals, b"SAMLResponse=AAAA", FORM, **{"wsgi.input": _GoneAway()})
    assert _refused_once(response, last_event()) == Refusal.NOT_A_RESPONSE
    row = next(row for row in last_event().checks if row["check"] == "response")
    assert row["received"] == UnreadablePostError.__name__


@pytest.mark.parametrize(
    "cookie",
    [
        'sessionid="\\000abcdefgh\\000ijklmnop"',
        'csrftoken="\\000"',
        '\x80=1; =;;; sessionid="\\377\\377abcdefgh"',
    ],
)
def test_odd_cookies_are_no_fault(arrivals: Arrivals, agent: User, cookie: str) -> None:
    form = f"SAMLResponse={quote(arrivals.of(agent.email))}".encode()
    assert _post(arrivals, form, FORM, HTTP_COOKIE=cookie).status_code == 303
    client = Client(raise_request_exception=False)
    assert client.get("/login/", HTTP_COOKIE=cookie).status_code == 200


@pytest.mark.parametrize("path", ["/" + "é" * 1900, "/[", "/?" + "%" * 100, "/.//evil.example", "/😀"])
def test_an_odd_relay_state_stays_on_our_site(arrivals: Arrivals, agent: User, path: str) -> None:
    response = arrivals.post(arrivals.of(agent.email), RelayState=path)
    assert response.status_code == 303
    assert response["Location"].startswith("/")
    assert not response["Location"].startswith("//")


@pytest.mark.parametrize(
    ("refusal", "saml_response"),
    [
        (Refusal.NOT_A_RESPONSE, encode(f"<{'long' * 40_000}/>")),
        (Refusal.IDP_REFUSED, encode(Message(status=("x" * 150_000,)).xml())),
        (Refusal.NOT_SIGNED, encode(Message(destination="https://" + "x" * 150_000).xml())),
        (Refusal.NOT_SIGNED, encode(Message(in_response_to="_" + "é" * 20_000).xml())),
        (Refusal.NOT_SIGNED, encode(Message(in_response_to="").xml())),
        (Refusal.NOT_SIGNED, encode(Message(name_id="é\x7f\u202e\U0001f600").xml())),
    ],
)
def test_a_strangers_long_or_odd_text_is_kept_short(
    arrivals: Arrivals, last_event: Newest, refusal: Refusal, saml_response: str
) -> None:
    response = arrivals.post(saml_response)
    assert _refused_once(response, last_event()) == refusal
    texts = [from_json(row[name]) for row in last_event().checks for name in ("expected", "received")]
    assert all(len(value) <= 1000 for text in texts for value in values_in(text))
    assert all(len(in_words(text)) <= 1100 for text in texts)
    assert len(last_event().redacted_xml) <= 20_000


def test_a_member_who_moved_to_another_organization_is_not_signed_in_by_an_old_link(
    arrivals: Arrivals, agent: User, globex: Organization, last_event: Newest
) -> None:
    assert arrivals.post(arrivals.of(agent.email)).status_code == 303
    agent.organization = globex
    agent.save(update_fields=["organization"])
    assert arrivals.post(arrivals.of(agent.email)).status_code == 403
    assert last_event().refusal == Refusal.EMAIL_ELSEWHERE
