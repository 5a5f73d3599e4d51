"""Who may open the pages of the set-up: Owner and Admins of one's own company, and nobody else."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from sso.connection.setup import enable_sso
from sso.models import Connection
from tests.cast import SignedIn

PAGES = ["sso_settings", "sso_delete"]
ACTIONS = ["sso_settings", "sso_enable", "sso_turn_on", "sso_turn_off", "sso_upload_metadata", "sso_delete"]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_signed_in_is_sent_to_the_sign_in_page(db: None, name: str) -> None:
    response = Client().get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_a_member_without_the_permission_is_refused(
    configured: Connection,
    agent: User,
    supervisor: User,
    signed_in: SignedIn,
    role: str,
    name: str,
) -> None:
    client = signed_in({"agent": agent, "supervisor": supervisor}[role])
    assert client.get(reverse("sso_settings")).status_code == 403
    assert client.post(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["sso_enable", "sso_turn_on", "sso_turn_off", "sso_upload_metadata"])
def test_an_action_is_never_a_link(owner: User, signed_in: SignedIn, name: str) -> None:
    assert signed_in(owner).get(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_needs_the_token_of_its_page(owner: User, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", [name for name in ACTIONS if name != "sso_enable"])
def test_a_stranger_reaches_only_the_own_company(
    configured: Connection, stranger: User, signed_in: SignedIn, name: str
) -> None:
    before = Connection.objects.values().get()
    client = signed_in(stranger)
    assert client.post(reverse(name), {"name": "Acme"}).status_code == 404
    assert Connection.objects.values().get() == before


def test_a_stranger_sees_nothing_of_another_companys_configuration(
    configured: Connection, globex: Organization, stranger: User, signed_in: SignedIn
) -> None:
    own = enable_sso(globex, stranger)
    page = signed_in(stranger).get(reverse("sso_settings")).content.decode()
    assert own.acs_url in page
    assert configured.public_id not in page
    assert configured.sso_url not in page


def test_an_operator_has_no_company_here(db: None, signed_in: SignedIn) -> None:
    operator = User.objects.create_superuser("operator@justcall.example", "correct-horse-battery-staple")
    assert signed_in(operator).get(reverse("sso_settings")).status_code in (403, 404)


def test_nobody_is_a_member_and_an_operator(agent: User) -> None:
    # The company's identity provider would vouch for the operator.
    agent.is_staff = True
    with pytest.raises(IntegrityError), transaction.atomic():
        agent.save()


def test_the_page_is_not_kept_by_the_browser(owner: User, signed_in: SignedIn) -> None:
    assert "no-store" in signed_in(owner).get(reverse("sso_settings"))["Cache-Control"]
