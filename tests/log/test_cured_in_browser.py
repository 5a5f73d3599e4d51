"""Causes that were cured and that were not, in Chromium: both palettes, wide and narrow; and a value to copy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from sso.models import Connection, Flow
from sso.signing_in import pending
from tests.cast import Write
from tests.in_browser import LookAt
from tests.log.pages import LOG, wrong_audience

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def references(write: Write, connection: Connection) -> dict[str, str]:
    """A cause that was cured, one that was not, and a line of junk that stands for others."""
    now = timezone.now()
    pending.start(connection, now - timedelta(minutes=50), typed_email="una@acme.example")
    cured = write(60, "nora@acme.example", refusal="wrong_audience", checks=wrong_audience(connection))
    write(30, "agnes@acme.example")
    checks = wrong_audience(connection)
    still = write(
        20,
        "nora@acme.example",
        flow=Flow.SSO_PAGE,
        requested_at=now - timedelta(minutes=21),
        refusal="wrong_audience",
        checks=checks,
    )
    junk = write(10, "", flow=Flow.UNKNOWN, refusal="not_a_response", repeated=40)
    return {"cured": cured.reference, "open": still.reference, "junk": junk.reference}


@pytest.mark.parametrize("name", ["cured", "open", "junk", "log", "troubleshoot", "page"])
def test_each_page_in_each_look(references: dict[str, str], owner: User, look_at: LookAt, name: str) -> None:
    others = {
        "log": LOG,
        "troubleshoot": "/settings/security/sso/troubleshoot/",
        "page": "/settings/security/sso/",
    }
    look_at(owner, others.get(name) or f"{LOG}{references[name]}/")


def test_the_value_beside_a_cure_is_copied(
    references: dict[str, str], owner: User, connection: Connection, new_page: Callable[..., Page]
) -> None:
    page = new_page(user=owner)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{LOG}{references['open']}/")
    page.locator("#check-audience").get_by_role("button", name="Copy Entity ID").click()
    expect(page.locator("#check-audience").get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == connection.entity_id
