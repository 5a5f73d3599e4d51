"""Which identity provider? Changing it changes words only; what is pasted is recognised; SHA-1 has a switch."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape, strip_tags

from accounts.models import AuditEntry, User
from sso.guides import FREQUENT, GUIDES, OTHER, Guide
from sso.log.audit_words import Change, changes_in_words
from sso.models import Connection
from tests.cast import SignedIn
from tests.saml.certificate_forms import certificate, pem_of
from tests.saml.metadata_files import entity, key, service

PAGE = "/settings/security/sso/"
OKTA_SSO = "https://acme.okta.com/app/justcall/exk1fcia6d6EMsf331d8/sso/saml"
OKTA_ISSUER = "http://www.okta.com/exk1fcia6d6EMsf331d8"
HINT = "This looks like an Okta URL. Use the Okta guide?"


@pytest.fixture
def client(owner: User, signed_in: SignedIn) -> Client:
    return signed_in(owner)


def page_of(client: Client) -> str:
    return client.get(PAGE).content.decode()


def changes() -> list[tuple[str, object]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "changes"))


def words_of(page: str) -> str:
    """What a person reads, but for the choice of a guide and what is random."""
    said = re.sub(
        r'<div class="mb-4" id="guides">.*?\n</div>|<textarea.*?</textarea>', "", page, flags=re.DOTALL
    )
    return strip_tags(said)


def test_the_first_is_shown_as_long_as_nobody_has_chosen(draft: Connection, client: Client) -> None:
    page = page_of(client)
    assert draft.guide == ""
    assert re.search(r'value="onelogin"\s+aria-pressed="true"', page)
    assert page.count('aria-pressed="true"') == 1
    assert page.count('aria-pressed="false"') == len(FREQUENT) - 1
    assert "Add JustCall to OneLogin" in page


def test_all_others_are_in_one_list_with_a_button(draft: Connection, client: Client) -> None:
    page = page_of(client)
    offered = re.findall(r'<option value="(\w+)">([^<]+)</option>', page.partition("another-guide")[2])
    others = [(guide.name, guide.label) for guide in GUIDES.values() if guide not in FREQUENT]
    assert offered[: len(others)] == others
    assert others[-1] == ("other", "Another identity provider (SAML 2.0)")
    client.post(reverse("sso_choose_guide"), {"guide": "keycloak"})
    page = page_of(client)
    assert re.search(r'value="keycloak"\s+aria-pressed="true">Keycloak</button>', page)
    assert '<option value="keycloak">' not in page
    assert page.count('aria-pressed="false"') == len(FREQUENT)


@pytest.mark.parametrize("guide", GUIDES.values(), ids=list(GUIDES))
def test_the_page_speaks_the_words_of_the_guide(draft: Connection, client: Client, guide: Guide) -> None:
    client.post(reverse("sso_choose_guide"), {"guide": guide.name})
    page = page_of(client)
    settings = [guide.acs_url, guide.entity_id, guide.sso_url, guide.issuer, guide.certificate]
    for words in [*(setting.menu_path for setting in settings), guide.people_path, guide.mapping.title]:
        assert escape(words) in page
    assert all(f"<td>{escape(row.value)}</td>" in page for row in guide.parameters)
    assert ("ACS URL Validator" in page) is (guide.acs_url_validator is not None)
    assert ("Certificate for encryption" in page) is (guide.encryption is not None)
    said = words_of(page)
    assert "**" not in said
    others = [other.title for other in GUIDES.values() if other not in (guide, OTHER)]
    assert [title for title in others if re.search(rf"\b{title}\b", said)] == []


ANY_ADDRESS = "https://idp.acme.example/sso"
KEYCLOAK_SSO = "https://login.acme.example/realms/acme/protocol/saml"
KEYCLOAK_ISSUER = "https://login.acme.example/realms/acme"


@pytest.mark.parametrize(
    ("sso_url", "issuer", "name"),
    [
        (OKTA_SSO, OKTA_ISSUER, "okta"),
        (KEYCLOAK_SSO, KEYCLOAK_ISSUER, "keycloak"),
        (ANY_ADDRESS, "urn:acme:idp", "other"),
    ],
)
def test_where_nobody_has_chosen_what_is_saved_tells_whose_words_are_spoken(
    draft: Connection, client: Client, sso_url: str, issuer: str, name: str
) -> None:
    form = {
        "sso_url": sso_url,
        "idp_entity_id": issuer,
        "certificates": pem_of(certificate()),
        "default_role": "agent",
    }
    page = client.post(PAGE, form, follow=True).content.decode()
    guide = GUIDES[name]
    assert Connection.objects.get().guide == name
    assert escape(f"Add JustCall to {guide.title}") in page
    assert 'id="recognised"' not in page
    for setting in (FREQUENT[0].acs_url, FREQUENT[0].sso_url):
        assert escape(setting.menu_path) not in page
    _, saved = changes()[-1]
    assert isinstance(saved, dict)
    assert saved["guide"] == ["", name]
    assert Change("Identity provider", "", guide.label) in changes_in_words(saved)


def test_what_is_typed_tells_it_before_it_is_saved(draft: Connection, client: Client) -> None:
    form = {
        "sso_url": f"{KEYCLOAK_SSO}/clients/justcall",
        "idp_entity_id": KEYCLOAK_ISSUER,
        "default_role": "agent",
    }
    page = client.post(PAGE, form).content.decode()
    assert "Add JustCall to Keycloak" in page
    assert "This address starts a sign-in at Keycloak, as its tile does." in page
    assert Connection.objects.get().guide == ""


def test_choosing_changes_words_only_and_is_kept_in_the_audit_trail(
    configured: Connection, client: Client, owner: User
) -> None:
    Connection.objects.update(tested_version=configured.version)
    before = Connection.objects.values().get()
    assert client.post(reverse("sso_choose_guide"), {"guide": "okta"})["Location"] == f"{PAGE}#step-values"
    client.post(reverse("sso_choose_guide"), {"guide": "okta"})
    assert Connection.objects.values().get() == before | {"guide": "okta"}
    assert changes()[1:][-1] == ("sso.guide_chosen", {"guide": ["onelogin", "okta"]})
    assert [action for action, _ in changes()].count("sso.guide_chosen") == 1


def test_an_identity_provider_nobody_knows_is_not_chosen(draft: Connection, client: Client) -> None:
    for name in ("lotus", ""):
        assert client.post(reverse("sso_choose_guide"), {"guide": name}).status_code == 400
    assert Connection.objects.get().guide == ""


def test_a_saved_address_of_another_identity_provider_is_a_hint(
    configured: Connection, client: Client
) -> None:
    assert HINT not in page_of(client)
    Connection.objects.update(sso_url=OKTA_SSO, idp_entity_id=OKTA_ISSUER)
    assert HINT in page_of(client)
    client.post(reverse("sso_choose_guide"), {"guide": "okta"})
    assert HINT not in page_of(client)


@pytest.fixture
def chosen(draft: Connection) -> Connection:
    """A draft with OneLogin's guide, because somebody chose it."""
    Connection.objects.update(guide="onelogin")
    return draft


def test_a_hint_is_never_an_error(chosen: Connection, client: Client) -> None:
    form = {
        "sso_url": OKTA_SSO,
        "idp_entity_id": OKTA_ISSUER,
        "certificates": pem_of(certificate()),
        "default_role": "agent",
    }
    page = client.post(PAGE, form, follow=True).content.decode()
    assert Connection.objects.get().sso_url == OKTA_SSO
    assert HINT in page


def test_what_was_typed_comes_along_when_the_hint_is_followed(chosen: Connection, client: Client) -> None:
    page = client.post(
        PAGE, {"sso_url": OKTA_SSO, "idp_entity_id": "", "default_role": "agent"}
    ).content.decode()
    assert HINT in page
    assert f'type="hidden" name="sso_url" value="{OKTA_SSO}"' in page
    after = client.post(
        reverse("sso_choose_guide"),
        {"guide": "okta", "sso_url": OKTA_SSO, "idp_entity_id": "", "certificates": ""},
    ).content.decode()
    assert f'value="{OKTA_SSO}"' in after
    assert "Add JustCall to Okta" in after
    assert Connection.objects.get().sso_url == ""


def test_a_private_key_is_not_carried_along(chosen: Connection, client: Client) -> None:
    form = {"sso_url": OKTA_SSO, "idp_entity_id": "-----BEGIN PRIVATE KEY-----abc", "default_role": "agent"}
    page = client.post(PAGE, form).content.decode()
    assert HINT in page
    assert "PRIVATE KEY" not in page.replace("-----BEGIN CERTIFICATE-----", "")


def test_metadata_of_another_identity_provider_is_recognised(chosen: Connection, client: Client) -> None:
    body = "".join(pem_of(certificate()).splitlines()[1:-1])
    document = entity(key(body), service()).replace(
        "https://acme.onelogin.com/trust/saml2/http-redirect/sso/77", OKTA_SSO
    )
    upload = {"metadata_file": SimpleUploadedFile("m.xml", document.encode())}
    page = client.post(reverse("sso_upload_metadata"), upload).content.decode()
    assert OKTA_SSO in page
    assert HINT in page


def test_sha1_is_switched_on_with_a_warning_that_stays(
    configured: Connection, client: Client, owner: User
) -> None:
    Connection.objects.update(tested_version=configured.version)
    assert "SHA-1 signatures are accepted" not in page_of(client)
    client.post(reverse("sso_sha1"), {"allow": "1"})
    assert Connection.objects.get().allow_sha1
    # What passed without it passes with it.
    assert Connection.objects.get().is_tested
    for _ in range(2):
        assert 'id="sha1-warning"' in page_of(client)
    client.post(reverse("sso_sha1"))
    client.post(reverse("sso_sha1"))
    assert not Connection.objects.get().allow_sha1
    assert not Connection.objects.get().is_tested
    assert 'id="sha1-warning"' not in page_of(client)
    assert changes()[-2:] == [
        ("sso.sha1_changed", {"allow_sha1": [False, True]}),
        ("sso.sha1_changed", {"allow_sha1": [True, False]}),
    ]


@pytest.mark.parametrize("name", ["sso_choose_guide", "sso_sha1"])
def test_only_those_who_manage_single_sign_on_of_this_company_may(
    configured: Connection, agent: User, stranger: User, signed_in: SignedIn, name: str
) -> None:
    data = {"guide": "okta", "allow": "1"}
    assert signed_in(agent).post(reverse(name), data).status_code == 403
    assert signed_in(stranger).post(reverse(name), data).status_code == 404
    connection = Connection.objects.get()
    assert (connection.guide, connection.allow_sha1) == ("onelogin", False)
