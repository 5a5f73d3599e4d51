"""The Single Sign-On page: its states, its gates, what it shows, and each of its buttons."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import Organization, User
from sso.connection.setup import turn_on
from sso.connection.state import State, state_of_connection
from sso.guides.recognition import acs_url_validator
from sso.models import Connection, Flow
from sso.refusals import Refusal
from sso.saml.report import complete, failed
from sso.signing_in import pending
from tests.cast import SignedIn
from tests.recording import record_event
from tests.saml.certificate_forms import certificate, pem_of

PAGE = "/settings/security/sso/"


@pytest.fixture
def client(owner: User, signed_in: SignedIn) -> Client:
    return signed_in(owner)


def page_of(client: Client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def said(client: Client, path: str, data: dict[str, str] | None = None) -> str:
    """The page after pressing a button that leads back to it."""
    response = client.post(path, data or {}, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    return response.content.decode()


def test_off_it_offers_enable_sso_and_then_the_protocol(client: Client) -> None:
    assert "Enable SSO" in page_of(client)
    assert "SAML 2.0" in page_of(client, f"{PAGE}?enable=1")


def test_a_lower_plan_sees_what_it_would_get(initech_owner: User, signed_in: SignedIn) -> None:
    client = signed_in(initech_owner)
    page = page_of(client, f"{PAGE}?enable=1")
    assert "part of the Business plan" in page
    assert "sso_enable" not in page
    assert reverse("sso_enable") not in page
    assert "available on the Business plan" in said(client, reverse("sso_enable"))
    assert not Connection.objects.exists()


def test_saml_2_0_makes_a_draft_with_the_values_to_copy(client: Client, acme: Organization) -> None:
    page = said(client, reverse("sso_enable"))
    connection = acme.connections.get()
    for value in (connection.acs_url, connection.entity_id, acs_url_validator(connection.acs_url)):
        assert f'value="{escape(value)}"' in page
    assert "Applications → Applications → JustCall → Configuration → Audience (EntityID)" in page
    assert "Draft" in page


def test_the_states_have_words(configured: Connection, owner: User) -> None:
    assert state_of_connection(None) is State.OFF
    assert state_of_connection(configured) is State.DRAFT
    turn_on(configured, owner, timezone.now())
    assert state_of_connection(configured) is State.ON_NOT_TESTED
    configured.tested_version = configured.version
    assert state_of_connection(configured) is State.ON
    configured.organization.plan = "pro"
    assert state_of_connection(configured) is State.PAUSED
    assert [state.label for state in State] == ["Off", "Draft", "On, not tested", "On", "Paused: plan"]
    assert len({state.tone for state in State}) == len(State)


def test_turning_on_needs_what_is_missing_and_names_it(draft: Connection, client: Client) -> None:
    draft.organization.domains.all().delete()
    page = said(client, reverse("sso_turn_on"))
    assert "needs a verified email domain" in page
    assert "must be saved" in page
    assert "Verify a domain first" in page
    assert not Connection.objects.get().is_enabled


def test_it_turns_on_and_off(configured: Connection, client: Client) -> None:
    assert "On, not tested" in said(client, reverse("sso_turn_on"))
    assert Connection.objects.get().is_enabled
    assert "Draft" in said(client, reverse("sso_turn_off"))
    assert not Connection.objects.get().is_enabled


def test_on_it_shows_the_companys_own_sign_in_address(
    configured: Connection, client: Client, owner: User
) -> None:
    turn_on(configured, owner, timezone.now())
    assert 'value="http://localhost:8000/login/sso/acme/"' in page_of(client)


def test_it_offers_our_certificate_for_encryption(configured: Connection, client: Client) -> None:
    assert configured.sp_keys.get().certificate_pem in page_of(client)


def test_a_lapsed_plan_pauses_and_keeps_the_configuration(
    configured: Connection, client: Client, owner: User
) -> None:
    turn_on(configured, owner, timezone.now())
    Organization.objects.update(plan="pro")
    page = page_of(client)
    assert "Paused: plan" in page
    assert configured.sso_url in page


def test_turning_off_says_who_could_not_sign_in(configured: Connection, client: Client, owner: User) -> None:
    turn_on(configured, owner, timezone.now())
    assert "has no password" not in page_of(client)
    User.objects.create_user("nora@acme.example", organization=configured.organization)
    assert "1 member has no password" in page_of(client)


def test_the_certificate_is_shown_as_onelogin_shows_it(configured: Connection, client: Client) -> None:
    page = page_of(client).replace("<wbr>", "")
    digest = configured.certificates.get().sha256.upper()
    assert ":".join(digest[i : i + 2] for i in range(0, 64, 2)) in page
    assert "CN=OneLogin Account,O=Acme" in page
    assert "RSA 2048" in page


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (412, "expires in 411 days", "success"),
        (61.5, "expires in 61 days", "success"),
        (60.5, "expires in 60 days", "warning"),
        (1.5, "expires in 1 day", "warning"),
        (-1.5, "expired 2 days ago", "danger"),
        (3000, "not valid yet", "warning"),
    ],
)
def test_the_certificates_time_is_said(
    configured: Connection, client: Client, days: float, words: str, tone: str
) -> None:
    made = certificate(not_after=timezone.now().replace(microsecond=0) + timedelta(days=days))
    configured.certificates.update(pem=pem_of(made))
    page = page_of(client)
    assert words in page
    assert re.search(rf'class="badge[^"]*text-{tone}-emphasis">\s*{words}\s*<', page)


def test_without_a_saved_configuration_there_is_nothing_to_test(draft: Connection, client: Client) -> None:
    assert "Save the configuration first" in page_of(client)


def test_saving_says_what_comes_next(configured: Connection, client: Client) -> None:
    form = {"sso_url": configured.sso_url, "idp_entity_id": "urn:idp", "default_role": "agent"}
    assert "Next: Test Connection." in said(client, PAGE, form)
    assert "nothing was changed" in said(client, PAGE, form)
    Connection.objects.update(tested_version=Connection.objects.get().version)
    page = said(client, PAGE, form | {"default_role": "admin"})
    assert "Configuration saved." in page
    assert "Next: Test Connection." not in page


def test_a_refused_sign_in_is_shown_with_its_cure(configured: Connection, client: Client) -> None:
    entity_id = configured.entity_id
    report = complete((failed(Refusal.WRONG_AUDIENCE, expected=entity_id, received="{audience}"),))
    event = record_event(
        flow=Flow.TILE,
        now=timezone.now(),
        organization=configured.organization,
        connection=configured,
        refusal=Refusal.WRONG_AUDIENCE,
        report=report,
    )
    page = page_of(client)
    for words in (
        event.reference,
        "Invalid audience",
        "{audience}",
        "Audience (EntityID)",
        "OneLogin tile",
        "Refused",
    ):
        assert words in page


@pytest.mark.parametrize(("flow", "words"), [(Flow.SSO_PAGE, "Signed in"), (Flow.TEST, "Test passed")])
def test_a_sign_in_is_shown_with_its_person(
    configured: Connection, owner: User, client: Client, flow: Flow, words: str
) -> None:
    record_event(
        flow=flow, now=timezone.now(), organization=configured.organization, connection=configured, user=owner
    )
    page = page_of(client)
    assert re.search(rf">\s*{words}\s*<", page)
    assert "olivia@acme.example" in page


def test_a_code_of_another_release_does_not_break_the_page(configured: Connection, client: Client) -> None:
    configured.organization.sign_in_events.create(
        reference="SSO-22222222", flow="tile", refusal="of_tomorrow"
    )
    assert "of_tomorrow" in page_of(client)


def test_it_shows_the_last_ten_only(configured: Connection, client: Client) -> None:
    now = timezone.now()
    for number in range(12):
        configured.organization.sign_in_events.create(
            reference=f"SSO-{number:08}", flow="tile", occurred_at=now - timedelta(minutes=number)
        )
    page = page_of(client)
    assert "SSO-00000009" in page
    assert "SSO-00000010" not in page


def test_a_request_nobody_answered_is_shown_with_the_usual_causes(
    configured: Connection, client: Client
) -> None:
    now = timezone.now()
    pending.start(configured, now - timedelta(minutes=4))
    assert "Started, no response" not in page_of(client)
    pending.start(configured, now - timedelta(minutes=6))
    page = page_of(client)
    assert page.count("Started, no response") == 1
    assert "the person is assigned to the app" in page


def test_a_request_whose_answer_was_refused_does_not_count_as_unanswered(
    configured: Connection, client: Client
) -> None:
    asked_at = timezone.now() - timedelta(minutes=6)
    started = pending.start(configured, asked_at)
    record_event(
        flow=Flow.SSO_PAGE,
        now=asked_at + timedelta(minutes=1),
        organization=configured.organization,
        connection=configured,
        refusal=Refusal.WRONG_AUDIENCE,
        request=pending.find(configured, started.request_id),
    )
    assert "Started, no response" not in page_of(client)


def test_our_metadata_is_public_and_names_our_addresses(configured: Connection) -> None:
    response = Client().get(reverse("sso_metadata", args=[configured.public_id]))
    body = response.content.decode()
    assert response.status_code == 200
    assert response["Content-Type"] == "application/samlmetadata+xml; charset=utf-8"
    assert response["Content-Disposition"].startswith("inline")
    assert configured.acs_url in body
    assert f'entityID="{configured.entity_id}"' in body
    assert configured.sp_keys.get().certificate_pem.splitlines()[1] in body
    assert "PRIVATE" not in body


def test_our_metadata_can_be_downloaded(configured: Connection) -> None:
    response = Client().get(reverse("sso_metadata", args=[configured.public_id]), {"download": ""})
    assert response["Content-Disposition"] == 'attachment; filename="justcall-metadata.xml"'


def test_our_metadata_stands_without_a_key(configured: Connection) -> None:
    configured.sp_keys.all().delete()
    body = Client().get(reverse("sso_metadata", args=[configured.public_id])).content.decode()
    assert "KeyDescriptor" not in body


def test_there_is_no_metadata_of_nobody(db: None) -> None:
    assert Client().get(reverse("sso_metadata", args=["0" * 32])).status_code == 404


def test_deleting_says_who_loses_what(configured: Connection, owner: User, client: Client) -> None:
    configured.identities.create(name_id="olivia@acme.example", user=owner)
    User.objects.create_user("nora@acme.example", organization=configured.organization)
    page = page_of(client, reverse("sso_delete"))
    assert "1 member is linked" in page
    assert "1 member has no password" in page


def test_deleting_takes_the_companys_name(configured: Connection, client: Client) -> None:
    response = client.post(reverse("sso_delete"), {"name": "Globex"})
    assert response.status_code == 422
    assert "Nothing was deleted" in response.content.decode()
    assert Connection.objects.exists()
    assert "was deleted" in said(client, reverse("sso_delete"), {"name": " acme "})
    assert not Connection.objects.exists()


def test_deleting_needs_a_recent_sign_in(configured: Connection, owner: User, client: Client) -> None:
    User.objects.filter(pk=owner.pk).update(last_login=timezone.now() - timedelta(minutes=16))
    response = client.post(reverse("sso_delete"), {"name": "Acme"})
    assert response.status_code == 200
    assert "sign in again" in response.content.decode()
    assert Connection.objects.exists()
    again = client.post(reverse("sso_delete"), {"sign_in_again": "1"})
    assert again["Location"] == f"/login/?next={reverse('sso_delete')}"
    assert "_auth_user_id" not in client.session
