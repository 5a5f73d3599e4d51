"""Choosing an identity provider, and the page of a refused sign-in, in a browser: light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Organization, User
from sso.connection.setup import choose_guide, enable_sso
from sso.guides import FREQUENT, GUIDES
from sso.models import Connection
from tests.cast import Arrivals, connect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("light", 1280), ("dark", 390)]
OKTA_SSO = "https://acme.okta.com/app/justcall/exk1fcia6d6EMsf331d8/sso/saml"


def arrive(page: Page, connection: Connection, saml_response: str) -> None:
    """A form the identity provider's page would post."""
    page.goto("/login/")
    page.set_content(
        f'<form method="post" action="{connection.acs_url}"><input name="SAMLResponse" value="{saml_response}"></form>'
    )
    page.evaluate("document.forms[0].submit()")
    expect(page.get_by_role("heading", level=1)).to_have_text("We couldn't sign you in")


@pytest.mark.parametrize(("color_scheme", "width"), LOOKS)
def test_every_guide_reads_well_and_is_one_choice_away(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    acme: Organization,
    admin: User,
    color_scheme: str,
    width: int,
) -> None:
    enable_sso(acme, admin)
    page = new_page(color_scheme, width, user=admin)
    page.goto("/settings/security/sso/")
    for guide in reversed(GUIDES.values()):
        if guide in FREQUENT:
            frequent = page.get_by_role("group", name="Which identity provider?")
            frequent.get_by_role("button", name=guide.title, exact=True).click()
        else:
            page.get_by_label("Another one").select_option(guide.label)
            page.get_by_role("button", name="Show its guide").click()
        expect(page.get_by_role("heading", name=f"Add JustCall to {guide.title}")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        axe(page)


def test_a_pasted_address_of_okta_leads_to_its_guide_without_losing_it(
    new_page: Callable[..., Page], axe: Callable[[Page], None], acme: Organization, admin: User
) -> None:
    choose_guide(enable_sso(acme, admin), admin, "onelogin")
    page = new_page(javascript=False, user=admin)
    page.goto("/settings/security/sso/")
    page.get_by_label("SSO URL").fill(OKTA_SSO)
    page.get_by_role("button", name="Save Configuration").click()
    page.get_by_role("button", name="Use the Okta guide").click()
    expect(page.get_by_role("heading", name="Add JustCall to Okta")).to_be_visible()
    expect(page.get_by_label("SSO URL")).to_have_value(OKTA_SSO)


@pytest.mark.parametrize(("color_scheme", "width"), LOOKS)
def test_the_page_of_a_refusal_is_heard_copied_and_left_by_starting_again(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    acme: Organization,
    agent: User,
    app_server: str,
    color_scheme: str,
    width: int,
) -> None:
    connection = connect(acme)
    # The identity provider of this test is a page of our own, so that nothing leaves the machine.
    Connection.objects.filter(pk=connection.pk).update(sso_url=f"{app_server}/login/sso/")
    page = new_page(color_scheme, width)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=app_server)
    arrive(page, connection, Arrivals(connection).of(agent.email, audiences=("x",)))
    axe(page)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Your IT admin can fix it.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Copy reference and time").click()
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert copied.startswith("Reference SSO-")
    assert copied.endswith(" UTC")
    page.get_by_role("link", name="Try again").click()
    page.wait_for_url("**/login/sso/?SAMLRequest=*")
