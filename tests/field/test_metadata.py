"""Metadata as people bring it: met with crewjam/saml, pysaml2, LastPass, Sustainsys, Teleport and Parabol."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from sso.models import Connection
from sso.saml.names import BINDING_POST
from sso.saml.pasted.metadata import MetadataProblem, MetadataRefused, read_idp_metadata
from sso.saml.pasted.metadata_certificates import signing_certificates
from sso.saml.sp_metadata import service_provider_metadata
from tests.field.filling import text_of
from tests.saml.certificate_forms import bare_base64_of, pem_of, private_key_of, rsa_key
from tests.saml.metadata_files import ENTITY_ID, SIGNING, WHOLE, entities, entity, key, service

NOW = datetime(2026, 11, 25, 14, 9, tzinfo=UTC)
KEY = key(bare_base64_of(SIGNING))
SAML_1 = (
    '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol urn:mace:shibboleth:1.0">'
    '<SingleSignOnService Binding="urn:mace:shibboleth:1.0:profiles:AuthnRequest" Location="https://old.example/"/>'
    "</IDPSSODescriptor>"
)


@pytest.fixture
def upload(draft: Connection, owner: User, signed_in: Callable[[User], Client]) -> Callable[..., str]:
    """What the page says of a document, uploaded or pasted where its address was asked for."""

    def bring(document: str | bytes, *, pasted: bool = False, status: int = 200) -> str:
        data = document.encode() if isinstance(document, str) else document
        form = {"metadata_url": document} if pasted else {"metadata_file": SimpleUploadedFile("m.xml", data)}
        response = signed_in(owner).post(reverse("sso_upload_metadata"), form)
        assert response.status_code == status
        return response.content.decode()

    return bring


def test_of_a_chain_in_any_order_the_leaf_is_taken() -> None:
    text = text_of("metadata-chain-root-first", "idp-metadata.xml")
    for document in (text, _certificates_reversed(text)):
        found = signing_certificates(read_idp_metadata(document.encode()), NOW)
        assert [each.subject for each in found.taken] == ["CN=idp leaf signing"]


def _certificates_reversed(text: str) -> str:
    first, _, rest = text.partition("<ds:X509Certificate>")
    one, _, rest = rest.partition("</ds:X509Certificate>")
    middle, _, rest = rest.partition("<ds:X509Certificate>")
    two, _, rest = rest.partition("</ds:X509Certificate>")
    open_, close = "<ds:X509Certificate>", "</ds:X509Certificate>"
    return f"{first}{open_}{two}{close}{middle}{open_}{one}{close}{rest}"


def test_an_expired_key_beside_the_valid_one_is_left_out_and_said(upload: Callable[..., str]) -> None:
    page = upload(text_of("metadata-two-keys-expired-first", "idp-metadata.xml"))
    assert "CN=idp new active, valid until" in page
    assert "was left out: CN=idp old expired" in page


def test_a_descriptor_of_saml_1_beside_is_passed_over() -> None:
    document = entity(KEY, service()).replace("<IDPSSODescriptor", SAML_1 + "<IDPSSODescriptor", 1)
    assert read_idp_metadata(document.encode()).sso_url == read_idp_metadata(WHOLE.encode()).sso_url


def test_a_descriptor_that_names_no_protocol_is_taken() -> None:
    document = entity(KEY, service()).replace(
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"', ""
    )
    assert read_idp_metadata(document.encode()).entity_id == ENTITY_ID


@pytest.mark.parametrize("place", ["<EntityDescriptor ", "<IDPSSODescriptor "])
def test_metadata_past_its_time_is_read_and_said(place: str, upload: Callable[..., str]) -> None:
    page = upload(WHOLE.replace(place, f'{place}validUntil="2026-01-31T12:00:00Z" ', 1))
    assert "This metadata was valid until 31 Jan 2026. Download it again" in page
    assert "was valid until" not in upload(
        WHOLE.replace(place, f'{place}validUntil="2999-01-31T12:00:00Z" ', 1)
    )


def test_an_identity_provider_that_takes_posts_only_is_said(upload: Callable[..., str]) -> None:
    for document in (
        text_of("idp-with-post-binding-only", "idp-metadata.xml"),
        entity(KEY, service(BINDING_POST, "https://idp.example/sso")),
    ):
        assert "takes requests by HTTP-POST only" in upload(document)
    assert "HTTP-POST only" not in upload(WHOLE)


def test_xml_pasted_where_its_address_was_asked_for_is_read(upload: Callable[..., str]) -> None:
    for document in (
        text_of("metadata-text-in-the-url-field", "pasted.xml"),
        f'\n <?xml version="1.0"?>{WHOLE}',
    ):
        assert "The fields are filled in from the metadata." in upload(document, pasted=True)
    assert "This is XML, but not SAML metadata." in upload("<a/>", pasted=True, status=422)


@pytest.mark.parametrize("blank", [" ", "\n  "])
def test_blanks_around_an_entity_id_are_left_away_at_both_doors(
    blank: str, upload: Callable[..., str], draft: Connection
) -> None:
    page = upload(WHOLE.replace(ENTITY_ID, f"{blank}{ENTITY_ID}{blank}"))
    assert f'value="{ENTITY_ID}"' in page


def test_what_save_would_refuse_is_said_at_the_upload(upload: Callable[..., str]) -> None:
    page = upload(
        WHOLE.replace('"https://acme.onelogin.com/trust/saml2/http-redirect', '"ftp://acme.example')
    )
    assert "This is not a web address." in page
    assert "is-invalid" not in upload(WHOLE)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (text_of("sign-in-page-instead-of-metadata", "downloaded.xml"), MetadataProblem.HTML),
        (text_of("sign-in-page-instead-of-metadata", "downloaded-2.xml"), MetadataProblem.HTML),
        (
            "\n<?xml version='1.0'?>\n<!-- a -- b --->\n<HTML><body>You are signed out</body>",
            MetadataProblem.HTML,
        ),
        ('{"issuer": "https://idp.example", "authorization_endpoint": ""}', MetadataProblem.OPENID),
        ("subject=CN = idp\n-----BEGIN CERTIFICATE-----\nMIIC", MetadataProblem.CERTIFICATE),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", MetadataProblem.PRIVATE_KEY),
        ("%PDF-1.7", MetadataProblem.DOCUMENT),
        ("https://idp.example/metadata", MetadataProblem.WEB_ADDRESS),
        (entity(KEY, service()).replace("SAML:2.0:protocol", "SAML:1.1:protocol"), MetadataProblem.SAML_1),
        (entity(role="RoleDescriptor"), MetadataProblem.NO_IDP),
    ],
)
def test_what_is_no_metadata_is_named_as_what_it_is(document: str, problem: MetadataProblem) -> None:
    with pytest.raises(MetadataRefused) as refused:
        read_idp_metadata(document.encode())
    assert refused.value.problem is problem


@pytest.mark.parametrize(
    "typed",
    [
        f"&lt;?xml version='1.0'?&gt;{WHOLE}".replace("<", "&lt;"),
        f"<?xml version='1.0' encoding='UTF-16'?>{WHOLE}",
        f"This XML file does not appear to have any style information associated with it.\n{WHOLE}",
    ],
    ids=["the source of a page", "of a file in UTF-16", "as a browser shows it"],
)
def test_xml_is_read_however_it_was_copied(upload: Callable[..., str], typed: str) -> None:
    assert "The fields are filled in from the metadata." in upload(typed, pasted=True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (f"<{'https://10.0.0.1/metadata'}>", "not found on the public internet"),
        (pem_of(SIGNING), "This is a certificate, not metadata."),
        (bare_base64_of(SIGNING), "This is a certificate, not metadata."),
        ('{"issuer": "https://idp.example"}', "This is JSON"),
        ("Metadata", "This is not a web address."),
    ],
)
def test_what_is_no_address_is_named(upload: Callable[..., str], typed: str, words: str) -> None:
    assert words in upload(typed, pasted=True, status=422)


def test_a_private_key_in_place_of_metadata_is_not_shown_again(upload: Callable[..., str]) -> None:
    key_of_somebody = private_key_of(rsa_key()).decode()
    for is_pasted in (True, False):
        page = upload(key_of_somebody, pasted=is_pasted, status=422)
        assert "This is a private key. We have not kept any of it." in page
        assert not any(line in page for line in key_of_somebody.splitlines())


def test_our_own_metadata_are_told_apart(upload: Callable[..., str], draft: Connection) -> None:
    ours = service_provider_metadata(draft.entity_id, draft.acs_url, "").decode()
    assert "This is JustCall&#x27;s own metadata" in upload(ours, status=422)
    theirs = service_provider_metadata("https://sp.example/", "https://sp.example/acs", "").decode()
    assert "This is the metadata of a service provider." in upload(theirs, status=422)


def test_of_two_identity_providers_in_a_file_the_one_for_saml_2_is_taken(upload: Callable[..., str]) -> None:
    old = WHOLE.replace("SAML:2.0:protocol", "SAML:1.1:protocol").replace(ENTITY_ID, "https://old.example/")
    page = upload(entities(old, WHOLE))
    assert f'value="{ENTITY_ID}"' in page
    assert "several identity providers" in upload(entities(WHOLE, WHOLE), status=422)


def test_a_certificate_with_its_armour_inside_metadata_is_read() -> None:
    armoured = key(f"-----BEGIN CERTIFICATE-----\n{bare_base64_of(SIGNING)}\n-----END CERTIFICATE-----")
    found = signing_certificates(read_idp_metadata(entity(armoured, service()).encode()), NOW)
    assert len(found.taken) == 1
