"""The log in Chromium: both palettes, wide and narrow, by keyboard and without any script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import audit
from accounts.audit import Action
from accounts.models import Organization, User
from sso.models import Admission, Connection, Flow, SignInEvent
from sso.signing_in import pending
from tests.cast import Write
from tests.in_browser import LookAt
from tests.log.pages import AUDIT, LOG, wrong_audience

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def week(
    acme: Organization, owner: User, admin: User, agent: User, connection: Connection, write: Write
) -> str:
    """A week of Acme; the reference of its refusal."""
    now = timezone.now()
    write(3, agent.email, user=agent, admission=Admission.MEMBER, checks=wrong_audience(connection)[:3])
    write(
        26, "nora.with.a.rather.long.name@sub.acme.example", flow=Flow.SSO_PAGE, admission=Admission.CREATED
    )
    refused = write(
        95,
        agent.email,
        flow=Flow.SSO_PAGE,
        requested_at=now - timedelta(minutes=95, seconds=12),
        refusal="wrong_audience",
        checks=wrong_audience(connection),
        attributes={"email": [agent.email], "firstName": ["Agnes"], "lastName": ["Agent"]},
        redacted_xml="<samlp:Response>…</samlp:Response>\n" * 30,
    )
    write(190, "", refusal="signature_invalid")
    write(200, admin.email, flow=Flow.TEST, refusal="email_missing")
    write(230, admin.email, flow=Flow.TEST)
    write(60 * 30, "dora@acme.example", refusal="member_deactivated")
    pending.start(connection, now - timedelta(minutes=40))
    audit.record(acme, owner, Action.SSO_ENABLED, {"protocol": ["", "saml2"]})
    changes: audit.Changes = {
        "sso_url": ["https://acme.onelogin.com/trust/saml2/http-post/sso/1", connection.sso_url],
        "certificate": ["ab" * 32, "cd" * 32],
        "allow_idp_initiated": [True, False],
    }
    audit.record(acme, admin, Action.CONFIGURATION_SAVED, changes)
    audit.record(
        acme, admin, Action.MEMBER_ROLE_CHANGED, {"role": ["agent", "supervisor"]}, subject=agent.email
    )
    audit.record(acme, owner, Action.DOMAIN_REMOVED, {"status": ["verified", ""]}, subject="acme.test")
    audit.record(acme, None, Action.DOMAIN_LAPSED, subject="old.acme.example")
    return refused.reference


@pytest.mark.parametrize("name", ["log", "filtered", "entry", "audit", "nothing", "wrong"])
def test_each_page_in_each_look(week: str, owner: User, look_at: LookAt, name: str) -> None:
    path = {
        "log": LOG,
        "filtered": f"{LOG}?result=refused&person=agnes",
        "entry": f"{LOG}{week}/",
        "audit": AUDIT,
        "nothing": f"{LOG}?reference=22222222",
        "wrong": f"{AUDIT}?since=2026-03-02&until=2026-03-01",
    }[name]
    look_at(owner, path)


def test_from_the_reference_a_colleague_read_out_to_the_cure_without_script(
    week: str, owner: User, new_page: Callable[..., Page]
) -> None:
    page = new_page(user=owner, javascript=False)
    page.goto("/settings/security/sso/")
    page.get_by_role("link", name="See the whole log").click()
    page.get_by_label("Reference").fill(week.removeprefix("SSO-").lower())
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(week)
    expect(page.locator("main")).to_contain_text("Audience (EntityID)")
    page.get_by_role("link", name="Sign-in log").first.click()
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Result").select_option("Refused")
    page.get_by_label("Person").fill("agnes")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert week in lines[1]
    page.get_by_role("link", name="Audit trail").click()
    expect(page.locator("main")).to_contain_text("Changed the role of agnes@acme.example")


def test_older_and_newest_lead_there_and_back(
    write: Write, owner: User, new_page: Callable[..., Page]
) -> None:
    for minutes in range(1, 61):
        write(minutes)
    page = new_page(user=owner)
    page.goto(LOG)
    newest, oldest = (
        SignInEvent.objects.order_by("-occurred_at")[0],
        SignInEvent.objects.order_by("occurred_at")[0],
    )
    expect(page.get_by_role("link", name=newest.reference)).to_be_visible()
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("link", name=oldest.reference)).to_be_visible()
    page.get_by_role("link", name="Newest").click()
    expect(page.get_by_role("link", name=newest.reference)).to_be_visible()
