"""The page of a refused sign-in in Chromium: light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Organization, User
from sso.models import Connection
from tests.cast import Arrivals, connect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("light", 1280), ("dark", 390)]


def arrive(page: Page, connection: Connection, saml_response: str) -> None:
    """A form the identity provider's page would post."""
    page.goto("/login/")
    page.set_content(
        f'<form method="post" action="{connection.acs_url}"><input name="SAMLResponse" value="{saml_response}"></form>'
    )
    page.evaluate("document.forms[0].submit()")
    expect(page.get_by_role("heading", level=1)).to_have_text("We couldn't sign you in")


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
