"""Choosing an identity provider in Chromium: every guide reads well, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Organization, User
from sso.connection.setup import choose_guide, enable_sso
from sso.guides import FREQUENT, GUIDES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("light", 1280), ("dark", 390)]
OKTA_SSO = "https://acme.okta.com/app/justcall/exk1fcia6d6EMsf331d8/sso/saml"


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
