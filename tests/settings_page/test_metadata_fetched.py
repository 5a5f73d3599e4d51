"""Fetching metadata on the page: what is filled in, what is named, and how often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from sso.connection.metadata_fetch import (
    MetadataFetcher,
)
from sso.models import Connection
from tests.cast import SignedIn
from tests.connection.metadata_site import IDP, says
from tests.connection.tls_server import TlsServer
from tests.saml.metadata_files import REDIRECT_URL, WHOLE
from tests.standin_process import StandIn


def test_the_page_reads_the_stand_ins_metadata(
    configured: Connection,
    owner: User,
    signed_in: SignedIn,
    stand_in: StandIn,
) -> None:
    app = stand_in.create_app(acs_url=configured.acs_url, audience=configured.entity_id)
    url = f"{stand_in.url}/saml/metadata/{app.id}"
    page = signed_in(owner).post(reverse("sso_upload_metadata"), {"metadata_url": f" {url} "})
    assert page.status_code == 200
    initial = page.context["page"].form.initial
    assert (initial["idp_entity_id"], initial["certificates"].strip()) == (
        app.issuer,
        app.certificate_pem.strip(),
    )
    assert initial["sso_url"].startswith(stand_in.url)
    # Nothing is saved by looking.
    assert Connection.objects.get().sso_url == configured.sso_url


@pytest.fixture
def post(
    configured: Connection, owner: User, signed_in: SignedIn, settings: Settings
) -> Callable[[str], Any]:
    settings.PUBLIC_BASE_URL = "https://sso.justcall.example"
    client = signed_in(owner)
    return lambda url: client.post(reverse("sso_upload_metadata"), {"metadata_url": url})


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Enter the metadata URL or choose the file."),
        ("http://127.0.0.1/", "does not begin with https://"),
        ("https://169.254.169.254/latest/", "not found on the public internet"),
        ("https://10.0.0.1/", "not found on the public internet"),
        ("ftp://idp.example/", "does not begin with https://"),
        ("idp.example", "not a web address"),
        ("https://a:b@idp.example/", "user name or password"),
        ("https://" + "a" * 3000, "at most 2048 characters"),
        ("https://idp.example/\x00", "Null characters"),
        ("https://10.0.0.1/<script>alert(1)</script>", "not found on the public internet"),
    ],
)
def test_the_cause_is_named_and_what_was_typed_stays(
    post: Callable[[str], Any], url: str, words: str
) -> None:
    page = post(url)
    assert page.status_code == 422
    text = page.content.decode()
    assert words in text
    assert "<script>alert" not in text


def test_ten_tries_in_ten_minutes(post: Callable[[str], Any]) -> None:
    statuses = [post("https://10.0.0.1/").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (
            b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
            "document type declaration",
        ),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"\x89PNG\r\n", "not an XML file"),
        (b"{}", "This is JSON"),
        (b"", "empty"),
        (WHOLE.encode(), ""),
    ],
)
def test_what_was_fetched_must_be_metadata(
    post: Callable[[str], Any],
    server: TlsServer,
    fetcher: MetadataFetcher,
    monkeypatch: pytest.MonkeyPatch,
    document: bytes,
    words: str,
) -> None:
    # The page's own fetcher, but for where public addresses are and whom it trusts.
    monkeypatch.setattr("sso.settings_page.views.configuration.fetcher_for", lambda base_url: fetcher)
    server.answer = says(document)
    page = post(f"https://{IDP}:{server.port}/metadata")
    if words:
        assert page.status_code == 422
        assert words in page.content.decode()
        assert "root:" not in page.content.decode()
    else:
        assert page.context["page"].form.initial["sso_url"] == REDIRECT_URL
