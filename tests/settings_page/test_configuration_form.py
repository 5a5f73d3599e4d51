"""Save Configuration: what people paste and upload, what is kept, what is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Organization, User
from sso.models import Connection
from sso.saml.pasted.certificates import MINIMUM_RSA_BITS
from tests.cast import SignedIn
from tests.saml.certificate_forms import (
    bare_base64_of,
    certificate,
    der_of,
    pem_of,
    private_key_of,
    rsa_key,
    signing_request,
)
from tests.saml.messages import ISSUER, SSO_URL

SAVED = certificate()
NEW = certificate(rsa_key(number=1))
SLO_URL = "https://acme.onelogin.com/trust/saml2/http-redirect/slo/1234567"


@pytest.fixture
def save(admin: User, signed_in: SignedIn) -> Callable[..., HttpResponse]:
    """Presses Save Configuration, with the article's values unless others are given."""
    client = signed_in(admin)

    def press(**changes: Any) -> HttpResponse:
        values = {
            "sso_url": SSO_URL,
            "idp_entity_id": ISSUER,
            "certificates": pem_of(SAVED),
            "default_role": "agent",
            "allow_idp_initiated": "on",
            "create_members": "on",
        } | changes
        sent = {name: value for name, value in values.items() if value is not None}
        return cast(HttpResponse, client.post(reverse("sso_settings"), sent))

    return press


def errors_of(response: HttpResponse) -> dict[str, list[str]]:
    form = response.context["page"].form  # type: ignore[attr-defined]
    return {name: [error.code for error in each.as_data()] for name, each in form.errors.items()}


def saved() -> Connection:
    return Connection.objects.get()


def file_of(content: bytes, name: str = "onelogin.pem") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_it_saves_the_articles_values(draft: Connection, save: Callable[..., HttpResponse]) -> None:
    response = save()
    assert response.status_code == 302
    assert (saved().sso_url, saved().idp_entity_id) == (SSO_URL, ISSUER)
    assert saved().certificates.get().pem == pem_of(SAVED)
    assert saved().is_complete


@pytest.mark.parametrize(
    "pasted",
    [
        pem_of(SAVED).replace("\n", "\r\n"),
        "\n".join(f"\t  {line} " for line in pem_of(SAVED).splitlines()),
        bare_base64_of(SAVED),
        f"Bag Attributes\n    friendlyName: OneLogin\n{pem_of(SAVED)}",
    ],
)
def test_it_takes_a_certificate_as_it_is_pasted(
    draft: Connection, save: Callable[..., HttpResponse], pasted: str
) -> None:
    assert save(certificates=pasted).status_code == 302
    assert saved().certificates.get().pem == pem_of(SAVED)


@pytest.mark.parametrize("content", [pem_of(SAVED).encode(), der_of(SAVED), pem_of(SAVED).encode("utf-16")])
def test_it_takes_a_certificate_as_a_file(
    draft: Connection, save: Callable[..., HttpResponse], content: bytes
) -> None:
    assert save(certificates="", certificate_file=file_of(content)).status_code == 302
    assert saved().certificates.get().pem == pem_of(SAVED)


def test_it_takes_the_same_certificate_pasted_and_uploaded(
    draft: Connection, save: Callable[..., HttpResponse]
) -> None:
    assert save(certificate_file=file_of(der_of(SAVED))).status_code == 302


def test_it_refuses_two_different_certificates(draft: Connection, save: Callable[..., HttpResponse]) -> None:
    response = save(certificate_file=file_of(der_of(NEW)))
    assert response.status_code == 422
    assert errors_of(response) == {"certificate_file": ["two_certificates"]}


def test_without_pasting_the_saved_certificate_stays(
    configured: Connection, save: Callable[..., HttpResponse]
) -> None:
    before = configured.certificates.get()
    assert (
        save(certificates="", sso_url="https://acme.onelogin.com/trust/saml2/http-post/sso/9").status_code
        == 302
    )
    assert saved().certificates.get() == before


def test_a_new_certificate_replaces_the_saved_one(
    configured: Connection, save: Callable[..., HttpResponse]
) -> None:
    assert save(certificates=pem_of(NEW)).status_code == 302
    assert saved().certificates.get().pem == pem_of(NEW)


def test_an_expired_certificate_is_saved_and_said(
    draft: Connection, save: Callable[..., HttpResponse], admin: User, signed_in: SignedIn
) -> None:
    old = certificate(not_after=datetime(2020, 1, 1, tzinfo=UTC))
    assert save(certificates=pem_of(old)).status_code == 302
    page = signed_in(admin).get(reverse("sso_settings")).content.decode()
    assert "expired " in page
    assert "days ago" in page


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"sso_url": None}, {"sso_url": ["required"]}),
        ({"idp_entity_id": " "}, {"idp_entity_id": ["required"]}),
        ({"certificates": None}, {"certificates": ["required"]}),
        ({"certificates": "hello\x00"}, {"certificates": ["null_characters_not_allowed"]}),
        ({"certificates": signing_request(rsa_key(), Encoding.PEM).decode()}, {"certificates": ["csr"]}),
        ({"certificates": pem_of(certificate(rsa_key(1024)))}, {"certificates": ["weak_rsa"]}),
        ({"certificates": "<html><p>Sign in</p></html>"}, {"certificates": ["html"]}),
        ({"sso_url": SLO_URL}, {"sso_url": ["slo_url"]}),
        ({"sso_url": ISSUER}, {"sso_url": ["issuer"]}),
        ({"idp_entity_id": SSO_URL}, {"idp_entity_id": ["sso_url"]}),
        ({"sso_url": ISSUER, "idp_entity_id": SSO_URL}, {"sso_url": ["swapped"]}),
        ({"default_role": "owner"}, {"default_role": ["invalid_choice"]}),
    ],
)
def test_it_names_what_is_wrong_and_saves_nothing(
    draft: Connection,
    settings: Any,
    save: Callable[..., HttpResponse],
    values: dict[str, Any],
    errors: dict[str, list[str]],
) -> None:
    settings.PUBLIC_BASE_URL = "https://sso.justcall.example"
    response = save(**values)
    assert response.status_code == 422
    assert errors_of(response) == errors
    assert saved().version == draft.version
    assert not saved().is_complete


def test_it_names_our_own_addresses(draft: Connection, save: Callable[..., HttpResponse]) -> None:
    response = save(sso_url=draft.acs_url, idp_entity_id=draft.entity_id)
    assert errors_of(response) == {"sso_url": ["our_acs_url"], "idp_entity_id": ["our_entity_id"]}
    assert "JustCall&#x27;s own ACS URL" in response.content.decode()


def test_http_is_refused_where_we_are_served_by_https(
    draft: Connection, save: Callable[..., HttpResponse], settings: Any
) -> None:
    stand_in = "http://127.0.0.1:8001/trust/saml2/http-post/sso/1"
    settings.PUBLIC_BASE_URL = "https://sso.justcall.example"
    assert errors_of(save(sso_url=stand_in)) == {"sso_url": ["not_https"]}
    settings.PUBLIC_BASE_URL = "http://localhost:8000"
    assert save(sso_url=stand_in).status_code == 302


def test_everything_entered_is_kept_upon_an_error(
    draft: Connection, save: Callable[..., HttpResponse]
) -> None:
    page = save(sso_url=SLO_URL, default_role="admin", create_members=None).content.decode()
    assert SLO_URL in page
    assert ISSUER in page
    assert pem_of(SAVED).splitlines()[1] in page
    assert '<option value="admin" selected>' in page
    assert page.count(" checked") == 1


def test_an_uploaded_certificate_outlives_an_error_elsewhere(
    draft: Connection, save: Callable[..., HttpResponse]
) -> None:
    page = save(sso_url=SLO_URL, certificates="", certificate_file=file_of(der_of(SAVED))).content.decode()
    assert pem_of(SAVED).splitlines()[1] in page


@pytest.mark.parametrize("field", ["sso_url", "idp_entity_id", "certificates"])
def test_a_private_key_is_never_shown_again(
    draft: Connection, save: Callable[..., HttpResponse], field: str
) -> None:
    key = private_key_of(rsa_key(MINIMUM_RSA_BITS)).decode()
    response = save(**{field: key})
    assert response.status_code == 422
    assert errors_of(response)[field] == ["private_key"]
    page = response.content.decode()
    assert not any(line in page for line in key.splitlines())


def test_an_uploaded_private_key_is_not_shown_either(
    draft: Connection, save: Callable[..., HttpResponse]
) -> None:
    key = private_key_of(rsa_key()).decode()
    page = save(certificate_file=file_of(key.encode())).content.decode()
    assert "This is a private key" in page
    assert not any(line in page for line in key.splitlines())


@pytest.mark.parametrize("size", [64 * 1024 + 1, 3 * 1024 * 1024])
def test_a_file_that_is_no_certificate_by_its_size_is_named(
    draft: Connection, save: Callable[..., HttpResponse], size: int
) -> None:
    response = save(certificates="", certificate_file=file_of(b"A" * size))
    assert errors_of(response) == {"certificate_file": ["too_large"]}


def test_markup_in_what_is_pasted_stays_text(draft: Connection, save: Callable[..., HttpResponse]) -> None:
    page = save(sso_url='"><script>alert(1)</script>').content.decode()
    assert "<script>alert" not in page


def test_a_role_of_a_former_plan_does_not_change_by_itself(
    configured: Connection, acme: Organization, save: Callable[..., HttpResponse]
) -> None:
    Connection.objects.update(default_role="supervisor")
    Organization.objects.filter(pk=acme.pk).update(plan="team")
    assert save(certificates="", default_role="supervisor").status_code == 302
    assert saved().default_role == "supervisor"
