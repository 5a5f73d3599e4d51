"""What is pasted is named, limited, and neither kept nor shown again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sso.models import Connection
from sso.saml.pasted.messages import MAX_BYTES
from tests.cast import Arrivals
from tests.troubleshooting.page import PAGE, har, paste, text_of


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "There is nothing in it"),
        ("<samlp:AuthnRequest/>", "This is a SAMLRequest"),
        ("<samlp:LogoutResponse/>", "This is a LogoutResponse"),
        ("<soap:Envelope/>", "The element is Envelope."),
        ("<html>", "This is a web page"),
        ("SSO-1", "A reference is SSO-"),
    ],
)
def test_what_it_is_instead_is_said(client: Client, connection: Connection, pasted: str, words: str) -> None:
    response = paste(client, pasted)
    assert response.status_code == 422
    assert words in text_of(response)


def test_a_private_key_is_not_shown_again(client: Client, connection: Connection) -> None:
    page = text_of(paste(client, "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"))
    assert "We have not kept any of it" in page
    assert "MIIEvQIBADANBg" not in page


def test_no_message_is_sent_back_but_a_mistyped_reference_is(arrivals: Arrivals, client: Client) -> None:
    field = "".join(arrivals.of("nora@acme.example").split())
    for pasted, fields in [(field, {}), (field[:401], {}), (field, {"judge": "other"})]:
        page = text_of(paste(client, pasted, **fields))
        assert field[:40] not in page
    assert "paste it once more" in page
    page = text_of(paste(client, "SSO-12"))
    assert "> SSO-12</textarea>" in page
    assert "paste it once more" not in page


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_nothing_pasted_becomes_markup(arrivals: Arrivals, client: Client, hostile: str) -> None:
    escaped = hostile.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    rows = (("email", ("nora@acme.example",)), (escaped, (escaped,)))
    field = arrivals.of("nora@acme.example", attributes=rows, audiences=(escaped,))
    pages = [
        paste(client, field),
        paste(client, hostile),
        paste(client, har(arrivals, field).replace(arrivals.connection.acs_url, json.dumps(hostile)[1:-1])),
        client.get(PAGE, {"reference": hostile}),
    ]
    for page in pages:
        assert hostile not in text_of(page)
        assert page.status_code < 500


def test_an_upload_is_limited_and_never_on_the_disk(
    client: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise AssertionError("an upload touched the disk")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", refuse)
    large = SimpleUploadedFile("large.har", b"x" * (MAX_BYTES + 200_000))
    response = client.post(PAGE, {"message_file": large})
    assert response.status_code == 422
    assert "more than 5 MB" in text_of(response)
    fits = SimpleUploadedFile("large.har", b'{"log": {"entries": []' + b" " * (MAX_BYTES - 30) + b"}}")
    assert "has no SAMLResponse" in text_of(client.post(PAGE, {"message_file": fits}))


def test_too_much_to_paste_is_told_to_be_uploaded(client: Client, connection: Connection) -> None:
    response = paste(client, "x" * 3_000_000)
    assert response.status_code == 413
    assert "Save it in a file" in text_of(response)


def test_it_is_limited(arrivals: Arrivals, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sso.troubleshooting.views._MESSAGES", 1)
    field = arrivals.of("nora@acme.example")
    assert paste(client, field).status_code == 200
    assert paste(client, field).status_code == 429
    # Before it is looked at, whatever it is.
    assert paste(client, '{"log": {"entries": []}}').status_code == 429


def test_no_message_is_logged(arrivals: Arrivals, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    field = arrivals.of("nora@acme.example")
    paste(client, field)
    client.get(PAGE, {"reference": "SSO-22222222"})
    assert "".join(field.split())[:40] not in caplog.text
    assert "SSO-22222222" not in caplog.text
