"""A staged change and two people who edit at once, in Chromium: both palettes, narrow screens, without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from accounts.models import User
from sso.models import Connection
from tests.cast import SignedIn
from tests.in_browser import LookAt
from tests.saml.messages import ISSUER
from tests.settings_page.configuring import NEW_ISSUER, PAGE, form

if TYPE_CHECKING:
    from playwright.sync_api import Page


pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_page_with_a_staged_change_and_the_pages_that_wait(
    live: Connection,
    admin: User,
    signed_in: SignedIn,
    look_at: LookAt,
) -> None:
    client = signed_in(admin)
    client.post(PAGE, form(idp_entity_id=NEW_ISSUER))
    look_at(admin, PAGE)
    client.post(f"{PAGE}test/")
    look_at(admin, f"{PAGE}test/{live.tests.latest('pk').public_id}/")


@pytest.mark.parametrize("javascript", [True, False])
def test_two_windows_edit_at_once_and_the_second_sees_both_values(
    live: Connection,
    admin: User,
    owner: User,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    javascript: bool,
) -> None:
    first, second = (new_page(user=user, javascript=javascript) for user in (admin, owner))
    for page, issuer in ((first, "urn:first"), (second, "urn:second")):
        page.goto(PAGE)
        page.get_by_label("Issuer / Entity ID").fill(issuer)
    first.get_by_role("button", name="Save Configuration").click()
    expect(first.get_by_role("heading", name="A change is staged")).to_be_visible()
    second.get_by_role("button", name="Save Configuration").click()
    alert = second.get_by_role("alert")
    expect(alert).to_contain_text("Somebody else changed this meanwhile")
    expect(alert).to_contain_text("Adam Admin saved at")
    expect(alert.locator("mark")).to_have_text(["first", "second"])
    if javascript:
        axe(second)
    second.get_by_role("button", name="Save Configuration").click()
    expect(second.get_by_role("region", name="A change is staged")).to_contain_text("Staged by Olivia Owner")
    # The first one's window still shows the change as it was: its buttons do not touch another.
    first.locator("summary", has_text="Apply without testing").click()
    first.get_by_label("Type your company's name, Acme").fill("Acme")
    first.get_by_role("button", name="Apply without testing").click()
    expect(first.get_by_text("Somebody else changed this meanwhile.")).to_be_visible()
    live.refresh_from_db()
    assert live.idp_entity_id == ISSUER
    first.locator("summary", has_text="Apply without testing").click()
    first.get_by_label("Type your company's name, Acme").fill("Acme")
    first.get_by_role("button", name="Apply without testing").click()
    expect(first.locator("#sso-state")).to_have_text("On, not tested")
    live.refresh_from_db()
    assert live.idp_entity_id == "urn:second"
