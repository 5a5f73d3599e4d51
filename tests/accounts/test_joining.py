"""Joining a company: an invitation says who invites, and offers single sign-on if it can be taken up by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.invitations import invite, token_hash
from accounts.members import deactivate
from accounts.models import Invitation, Organization, User
from accounts.roles import Role
from sso.models import Connection
from tests.cast import Arrivals, connect
from tests.outbox import deliver

NORA = "nora@acme.example"
TOKEN = "a-token-that-is-long-enough-to-be-the-one-of-an-invitation"
LINK = f"/invitations/{TOKEN}/"


def invited(organization: Organization, inviter: User | None, email: str = NORA) -> Invitation:
    return organization.invitations.create(
        email=email,
        role="supervisor",
        invited_by=inviter,
        token_hash=token_hash(TOKEN),
        expires_at=timezone.now() + timedelta(days=1),
    )


def page_of(client: Client | None = None) -> str:
    response = (client or Client()).get(LINK)
    assert response.status_code == 200
    return response.content.decode()


def test_the_email_and_the_page_say_who_invites(acme: Organization, owner: User) -> None:
    invite(acme, NORA, Role.AGENT, actor=owner, now=timezone.now())
    body = str(deliver()[-1].body)
    assert "Olivia Owner (olivia@acme.example) invites you to Acme on JustCall." in body
    path = re.search(r"/invitations/\S+", body)
    assert path
    page = Client().get(path[0]).content.decode()
    assert "Olivia Owner (olivia@acme.example) invites you." in page


@pytest.mark.parametrize("state", ["deleted", "without_name", "elsewhere"])
def test_who_invites_is_said_only_while_it_is_true(
    acme: Organization, globex: Organization, owner: User, admin: User, state: str
) -> None:
    if state == "without_name":
        User.objects.filter(pk=admin.pk).update(first_name="", last_name="")
    elif state == "elsewhere":
        User.objects.filter(pk=admin.pk).update(organization=globex)
    admin.refresh_from_db()
    invited(acme, None if state == "deleted" else admin)
    page = page_of()
    if state == "without_name":
        assert "adam@acme.example invites you." in page
    else:
        assert "invites you." not in page


def test_a_deactivated_admin_has_invited_all_the_same(acme: Organization, owner: User, admin: User) -> None:
    invited(acme, admin)
    deactivate(admin, actor=owner)
    assert "Adam Admin (adam@acme.example) invites you." in page_of()


def test_an_invitation_of_a_company_with_single_sign_on_is_taken_up_by_it_with_its_role(
    arrivals: Arrivals, owner: User
) -> None:
    invited(arrivals.connection.organization, owner)
    client = Client()
    page = page_of(client)
    assert "Join with OneLogin" in page
    assert "Join with a password" in page
    assert 'href="/login/sso/acme/"' in page
    assert client.get("/login/sso/acme/")["Location"].startswith(arrivals.connection.sso_url)
    asked = arrivals.connection.pending_logins.get().request_id
    assert arrivals.post(arrivals.of(NORA, in_response_to=asked), client).status_code == 303
    nora = User.objects.get(email=NORA)
    assert (nora.role, nora.has_usable_password()) == ("supervisor", False)
    assert Client().get(LINK).status_code == 404


@pytest.mark.parametrize("guide", ["other", "", "no such guide"])
def test_an_identity_provider_that_nobody_has_named_is_called_single_sign_on(
    arrivals: Arrivals, owner: User, guide: str
) -> None:
    Connection.objects.update(guide=guide)
    invited(arrivals.connection.organization, owner)
    assert "Join with single sign-on" in page_of()


@pytest.mark.parametrize("why", ["none", "off", "plan", "domain", "theirs"])
def test_where_single_sign_on_would_not_let_them_in_it_is_not_offered(
    acme: Organization, globex: Organization, owner: User, why: str
) -> None:
    email = NORA
    if why != "none":
        connect(acme)
    if why == "off":
        Connection.objects.update(enabled_at=None)
    elif why == "plan":
        Organization.objects.update(plan="pro")
    elif why == "domain":
        email = "nora@elsewhere.example"
    elif why == "theirs":
        # Of a domain that another company has verified, whose single sign-on is on.
        connect(globex, issuer="https://idp.globex.example/")
        email = "nora@globex.example"
    invited(acme, owner, email)
    page = page_of()
    assert "Join with" not in page
    assert "/login/sso/" not in page
    assert re.search(r">\s*Join\s*<", page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("color_scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_page_has_no_accessibility_faults(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    acme: Organization,
    owner: User,
    color_scheme: str,
    width: int,
) -> None:
    connect(acme)
    invited(acme, owner)
    page = new_page(color_scheme, width)
    page.goto(LINK)
    expect(page.get_by_role("link", name="Join with OneLogin")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
