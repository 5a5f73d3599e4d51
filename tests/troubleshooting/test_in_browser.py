"""Troubleshoot single sign-on in Chromium: both palettes, wide and narrow, without scripts, nothing for axe to find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from sso.models import Connection, Flow
from sso.refusals import Refusal
from sso.signing_in import pending
from tests.cast import Arrivals
from tests.in_browser import LookAt
from tests.recording import record_event

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/settings/security/sso/troubleshoot/"


def failures(connection: Connection) -> None:
    now = timezone.now()
    for minutes, refusal in [
        (9, Refusal.WRONG_AUDIENCE),
        (12, Refusal.WRONG_AUDIENCE),
        (300, Refusal.NO_SEAT),
    ]:
        record_event(
            flow=Flow.TILE,
            now=now - timedelta(minutes=minutes),
            organization=connection.organization,
            connection=connection,
            refusal=refusal,
        )
    pending.start(connection, now - timedelta(minutes=40))


def paste(message: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.get_by_label("Reference or message").fill(message)
        with page.expect_navigation():
            page.get_by_role("button", name="Explain").click()

    return go


def test_the_page_with_failures(arrivals: Arrivals, owner: User, look_at: LookAt) -> None:
    failures(arrivals.connection)
    look_at(owner, PAGE)


def test_an_explained_message_and_one_that_is_none(arrivals: Arrivals, owner: User, look_at: LookAt) -> None:
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    rows = (("Email", ("nora@acme.example",)), ("firstName", ("Nora",)))
    says = {"now": made, "attributes": rows, "audiences": (arrivals.connection.entity_id.rstrip("/"),)}
    look_at(owner, PAGE, paste(arrivals.of("nora@acme.example", **says)))
    look_at(owner, PAGE, paste("<samlp:AuthnRequest/>"))


def test_an_explained_reference(arrivals: Arrivals, owner: User, look_at: LookAt) -> None:
    arrivals.post(arrivals.of("nora@acme.example", audiences=("https://wrong.example/",)))
    reference = arrivals.connection.events.latest("pk").reference
    look_at(owner, PAGE, paste(reference.lower()))


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_settings_to_the_cause_by_hand(
    arrivals: Arrivals, owner: User, new_page: Callable[..., Page], javascript: bool
) -> None:
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    field = arrivals.of("nora@acme.example", now=made)
    page = new_page(user=owner, javascript=javascript)
    page.goto("/settings/security/sso/")
    page.get_by_role("link", name="Troubleshoot single sign-on").click()
    paste(field)(page)
    expect(page.get_by_role("status")).to_contain_text("1 thing to change")
    fresh = page.locator("#when-made")
    fresh.locator("summary").click()
    expect(fresh.get_by_text("Failed")).to_have_count(0)
    expect(fresh.get_by_text("It goes by the clock of this moment")).to_be_visible()
    upload: FilePayload = {"name": "a.xml", "mimeType": "text/xml", "buffer": b"<samlp:LogoutResponse/>"}
    page.get_by_label("Or upload a file").set_input_files(files=[upload])
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_role("alert")).to_contain_text("This is a LogoutResponse")


def test_too_much_to_paste_is_answered_and_not_cut_off(
    arrivals: Arrivals, owner: User, new_page: Callable[..., Page]
) -> None:
    page = new_page(user=owner)
    page.goto(PAGE)
    paste("x" * 3_000_000)(page)
    expect(page.get_by_role("alert")).to_contain_text("Save it in a file")
