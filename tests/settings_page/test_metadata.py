"""Metadata fills the configuration form: every signing certificate, and what is left out is said."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography import x509
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from sso.models import Connection
from sso.settings_page.metadata_form import MetadataForm
from tests.saml.certificate_forms import bare_base64_of, certificate, ec_key, pem_of, rsa_key
from tests.saml.metadata_files import WHOLE, entity, key, service

PAGE = "/settings/security/sso/"
NONSENSE = base64.b64encode(b"no certificate" * 9).decode()
ONE = certificate()
TWO = certificate(rsa_key(number=1), subject="Two")
EXPIRED = certificate(rsa_key(number=2), subject="Old", not_after=datetime(2020, 3, 12, tzinfo=UTC))


@pytest.fixture
def client(owner: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(owner)


def document(*certificates: x509.Certificate) -> str:
    """Metadata with a signing key for each certificate."""
    return entity(*(key(bare_base64_of(each)) for each in certificates), service())


def upload(client: Client, metadata: str, *, status: int = 200) -> str:
    file = SimpleUploadedFile("m.xml", metadata.encode())
    response = client.post(reverse("sso_upload_metadata"), {"metadata_file": file})
    assert response.status_code == status
    return response.content.decode()


def as_filled_in(page: str) -> dict[str, str]:
    """What Save Configuration sends, if nobody touches what was filled in."""
    fields = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', page)
    }
    pasted = re.search(r'<textarea name="certificates"[^>]*>([^<]*)</textarea>', page)
    assert pasted
    return fields | {"certificates": html.unescape(pasted[1]), "default_role": "agent"}


def test_metadata_fills_the_fields_and_saves_nothing(draft: Connection, client: Client) -> None:
    response = client.post(
        reverse("sso_upload_metadata"), {"metadata_file": SimpleUploadedFile("m.xml", WHOLE.encode())}
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "https://acme.onelogin.com/trust/saml2/http-redirect/sso/77" in page
    assert "https://app.onelogin.com/saml/metadata/77" in page
    assert pem_of(certificate()).splitlines()[1] in page
    assert "Nothing is saved yet" in page
    assert not Connection.objects.get().is_complete


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"<html>", "web page"),
        (entity(key("AAAA"), service()).encode(), "no signing certificate"),
    ],
)
def test_metadata_that_is_none_is_named(
    draft: Connection, client: Client, content: bytes, words: str
) -> None:
    response = client.post(
        reverse("sso_upload_metadata"), {"metadata_file": SimpleUploadedFile("m.xml", content)}
    )
    assert response.status_code == 422
    assert words in response.content.decode()


def test_without_a_url_or_a_file_it_asks_for_one(draft: Connection, client: Client) -> None:
    response = client.post(reverse("sso_upload_metadata"))
    assert response.status_code == 422
    assert "Enter the metadata URL or choose the file." in response.content.decode()


def test_every_signing_certificate_is_filled_in_and_saved(draft: Connection, client: Client) -> None:
    page = upload(client, document(ONE, TWO))
    assert "The metadata has 2 signing certificates. All of them are trusted once you save:" in page
    assert "CN=OneLogin Account,O=Acme, valid until 28 Apr 2027" in page
    assert "CN=Two,O=Acme, valid until 28 Apr 2027" in page
    assert "left out" not in page
    assert client.post(PAGE, as_filled_in(page)).status_code == 302
    saved = Connection.objects.get().certificates.all()
    assert [row.pem for row in saved] == [pem_of(ONE), pem_of(TWO)]


def test_of_one_certificate_nothing_more_is_said(draft: Connection, client: Client) -> None:
    assert "signing certificate" not in upload(client, document(ONE))


def test_one_that_has_expired_is_left_out_and_said(draft: Connection, client: Client) -> None:
    page = upload(client, document(EXPIRED, ONE))
    assert "The metadata has a signing certificate:" in page
    assert "One that expired on 12 Mar 2020 was left out: CN=Old,O=Acme" in page
    assert as_filled_in(page)["certificates"].strip() == pem_of(ONE).strip()


def test_one_that_has_expired_is_taken_if_there_is_no_other(draft: Connection, client: Client) -> None:
    page = upload(client, document(EXPIRED))
    assert as_filled_in(page)["certificates"].strip() == pem_of(EXPIRED).strip()


def test_one_that_can_not_be_used_is_left_out_and_said(draft: Connection, client: Client) -> None:
    page = upload(client, entity(key(NONSENSE), key(bare_base64_of(TWO)), service()))
    assert "One can&#x27;t be used and was left out. This is not an X.509 certificate." in page
    assert as_filled_in(page)["certificates"].strip() == pem_of(TWO).strip()


def test_without_one_that_can_be_used_each_reason_is_said(draft: Connection, client: Client) -> None:
    weak = certificate(rsa_key(1024))
    page = upload(client, entity(key(NONSENSE), key(bare_base64_of(weak)), service()), status=422)
    for words in ("no signing certificate that can be used", "not an X.509", "shorter than 2048 bits"):
        assert words in page


@pytest.mark.parametrize(("useless", "status"), [(9, 200), (10, 422)])
def test_ten_certificates_are_looked_at_and_no_more(
    draft: Connection, client: Client, useless: int, status: int
) -> None:
    keys = [key(base64.b64encode(b"%d" % number).decode()) for number in range(useless)]
    upload(client, entity(*keys, key(bare_base64_of(TWO)), service()), status=status)


def test_what_comes_after_the_first_ten_is_said(draft: Connection, client: Client) -> None:
    several = [certificate(ec_key(), subject=f"{number}") for number in range(11)]
    assert "Only the first 10 were looked at." in upload(client, document(*several))


def test_an_address_is_not_fetched_by_the_form() -> None:
    form = MetadataForm({"metadata_url": "https://idp.example/metadata"})
    # Nothing in this test answers, and the tests refuse every connection to the outside.
    assert form.is_valid()
    assert form.url == "https://idp.example/metadata"
