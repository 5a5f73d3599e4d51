"""The four rows of the help article's troubleshooting table: provoked in OneLogin's own screens, and cured by doing
exactly what the test page says, until a new test passes with every check."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Organization, User
from sso.connection.configuration import Configuration
from sso.connection.saving import save_configuration
from sso.connection.setup import enable_sso
from sso.models import Connection
from sso.saml.pasted.certificates import read_certificate
from tests.browser import onelogin_console as console
from tests.standin_process import AppInfo, StandIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SETTINGS = "/settings/security/sso/"


@dataclass
class Desk:
    """An admin's browser: JustCall in one window, OneLogin's console in the other."""

    page: Page
    console: Page
    onelogin: str
    email: str

    def test(self) -> Page:
        """Press Test Connection and sign in at OneLogin; the new tab."""
        self.page.goto(SETTINGS)
        with self.page.context.expect_page() as opened:
            self.page.get_by_role("button", name=re.compile("^Test Connection")).click()
        tab = opened.value
        console.sign_in(tab, self.email)
        return tab

    def told(self, tab: Page, title: str, menu: str, *, system: str = "OneLogin") -> str:
        """The report's row that failed, with its cure; the summary names it with the menu path."""
        expect(tab.locator("#test-state")).to_have_text("Failed")
        expect(tab.locator("#verdict")).to_contain_text(f"1 thing to change in {system}.")
        expect(tab.locator("#verdict li")).to_contain_text(title)
        row = tab.locator("[data-outcome=failed]")
        expect(row.get_by_text(title, exact=True)).to_be_visible()
        expect(row.get_by_text(menu, exact=True)).to_be_visible()
        return row.inner_text()

    def expect_cured(self, *, warnings: int = 0) -> None:
        """A new test passes, and the window that started it says so."""
        tab = self.test()
        expect(tab.locator("#test-state")).to_have_text("Passed")
        expect(tab.locator("#verdict h2")).to_contain_text("17 of 17 checks passed")
        expect(tab.locator("[data-outcome]:not([data-outcome=passed])")).to_have_count(warnings)
        expect(self.page.locator("#test-status")).to_contain_text("The test passed.")
        expect(self.page.locator("#test-status [data-outcome=passed]")).to_have_count(17 - warnings)


@pytest.fixture
def connection(acme: Organization, owner: User, app_server: str) -> Connection:
    return enable_sso(acme, owner)


@pytest.fixture
def app(stand_in: StandIn, connection: Connection, owner: User) -> AppInfo:
    """JustCall in OneLogin as the article says, and its details saved in JustCall."""
    made = stand_in.create_app(acs_url=connection.acs_url, audience=connection.entity_id)
    info = read_certificate(made.certificate_pem)
    values = Configuration(made.sso_url, made.issuer, (info,), "agent", True, True)
    save_configuration(connection, owner, values, timezone.now())
    return made


@pytest.fixture
def desk(new_page: Callable[..., Page], app: AppInfo, stand_in: StandIn, admin: User) -> Desk:
    page = new_page(user=admin)
    return Desk(page, page.context.new_page(), stand_in.url, admin.email)


def test_invalid_audience(desk: Desk, connection: Connection, axe: Callable[[Page], None]) -> None:
    # Pasted without its last character: the usual slip.
    console.set_field(desk.console, desk.onelogin, "Audience (EntityID)", connection.entity_id.rstrip("/"))
    tab = desk.test()
    told = desk.told(
        tab,
        "Invalid audience",
        "Applications → Applications → JustCall → Configuration → Audience (EntityID)",
    )
    assert "The slash at the end is missing." in told
    expect(tab.locator("[data-outcome=failed] mark")).to_have_text("/")
    axe(tab)
    # "Paste the Entity ID from JustCall so that it matches exactly … Click Save."
    assert "Paste the Entity ID from JustCall" in told
    entity_id = desk.page.get_by_label("Entity ID", exact=True).input_value()
    console.set_field(desk.console, desk.onelogin, "Audience (EntityID)", entity_id)
    desk.expect_cured()


def test_attributes_not_received_though_the_name_id_says_the_address(desk: Desk) -> None:
    console.include_parameter(desk.console, desk.onelogin, "email", included=False)
    tab = desk.test()
    expect(tab.locator("#test-state")).to_have_text("Passed")
    row = tab.locator("[data-outcome=warning]")
    expect(row).to_contain_text("Email only as NameID")
    expect(row).to_contain_text("Parameters → email")
    expect(row).to_contain_text("Tick Include in SAML assertion.")
    console.include_parameter(desk.console, desk.onelogin, "email", included=True)
    desk.expect_cured()


def test_attributes_not_received_at_all(
    desk: Desk, stand_in: StandIn, app: AppInfo, axe: Callable[[Page], None]
) -> None:
    stand_in.configure(app, name_id_value="First Name", name_id_format="Unspecified")
    console.include_parameter(desk.console, desk.onelogin, "email", included=False)
    tab = desk.test()
    told = desk.told(
        tab, "Attributes not received", "Applications → Applications → JustCall → Parameters → email"
    )
    assert "Tick Include in SAML assertion." in told
    axe(tab)
    console.include_parameter(desk.console, desk.onelogin, "email", included=True)
    desk.expect_cured()


def test_certificate_validation_failure(desk: Desk, axe: Callable[[Page], None]) -> None:
    console.change_certificate(desk.console, desk.onelogin)
    tab = desk.test()
    told = desk.told(
        tab,
        "Signed with another certificate",
        "Settings → Security → Single Sign-On → Certificate",
        system="JustCall",
    )
    place = "Applications → Applications → JustCall → SSO → X.509 Certificate → View Details"
    assert f"What to copy is in OneLogin: {place}" in told
    assert told.count("valid until") == 2
    assert "Copy the certificate OneLogin uses now, paste it into Certificate in JustCall and save." in told
    axe(tab)
    _endpoint, _issuer, certificate = console.provider_details(desk.console, desk.onelogin)
    page = desk.page
    page.reload()
    # A paste that lost its end is refused at Save, by name.
    page.get_by_label("Certificate", exact=True).fill(certificate[: len(certificate) // 2])
    page.get_by_role("button", name="Save Configuration").click()
    expect(page.get_by_role("alert")).to_contain_text("Certificate")
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    page.get_by_label("Certificate", exact=True).fill(f"\n  {certificate}  \n")
    page.get_by_role("button", name="Save Configuration").click()
    expect(page.get_by_role("status").filter(has_text="Configuration saved.")).to_be_visible()
    desk.expect_cured()


@pytest.mark.parametrize("javascript", [True, False])
def test_user_cannot_access_the_app(
    new_page: Callable[..., Page],
    stand_in: StandIn,
    app: AppInfo,
    admin: User,
    axe: Callable[[Page], None],
    javascript: bool,
) -> None:
    stand_in.configure(app, roles=[])
    page = new_page(user=admin, javascript=javascript)
    desk = Desk(page, page.context.new_page(), stand_in.url, admin.email)
    tab = desk.test()
    expect(tab.get_by_role("main")).to_contain_text("You do not have access to this application")
    page.reload()
    page.get_by_role("link", name="See the result").click()
    expect(page.get_by_role("heading", name="No response yet")).to_be_visible()
    cure = page.get_by_text("Applications → Applications → JustCall → Users (or Access)")
    expect(cure).to_be_hidden()
    page.locator("summary", has_text="You do not have access to this application").click()
    expect(cure).to_be_visible()
    expect(page.get_by_text("Copy the ACS URL from JustCall and paste it.")).to_be_hidden()
    if javascript:
        axe(page)
    console.assign(desk.console, desk.onelogin, admin.email)
    if javascript:
        desk.expect_cured()
    else:
        tab = desk.test()
        tab.get_by_role("button", name="Continue").click()
        expect(tab.locator("#test-state")).to_have_text("Passed")
        page.reload()
        expect(page.locator("#last-test")).to_contain_text("Passed")


def test_the_page_that_waits_shows_the_response_by_itself(desk: Desk, stand_in: StandIn) -> None:
    desk.page.goto(SETTINGS)
    with desk.page.context.expect_page() as opened:
        desk.page.get_by_role("button", name=re.compile("^Test Connection")).click()
    tab = opened.value
    expect(tab.get_by_role("button", name=f"Sign in as {desk.email}")).to_be_visible()
    waiting = desk.page.context.new_page()
    waiting.goto(SETTINGS)
    waiting.get_by_role("link", name="See the result").click()
    expect(waiting.locator("#test-state")).to_have_text("Waiting")
    console.sign_in(tab, desk.email)
    expect(waiting.locator("#test-state")).to_have_text("Passed")


def test_two_windows_at_once_each_hear_of_their_own_test(
    desk: Desk, connection: Connection, owner: User, new_page: Callable[..., Page], stand_in: StandIn
) -> None:
    other_page = new_page(user=owner)
    tabs = []
    for page in (desk.page, other_page):
        page.goto(SETTINGS)
        with page.context.expect_page() as opened:
            page.get_by_role("button", name=re.compile("^Test Connection")).click()
        tabs.append(opened.value)
        expect(tabs[-1].get_by_role("button", name=f"Sign in as {desk.email}")).to_be_visible()
    console.sign_in(tabs[0], desk.email)
    expect(desk.page.locator("#test-status")).to_contain_text("The test passed.")
    expect(other_page.locator("#test-status")).to_contain_text("Waiting")
    console.set_field(desk.console, desk.onelogin, "Audience (EntityID)", "")
    console.sign_in(tabs[1], desk.email)
    expect(other_page.locator("#test-status")).to_contain_text("The test failed.")
    expect(other_page.locator("#test-status [data-outcome=failed]")).to_contain_text("Audience")
    expect(tabs[1].locator("[data-outcome=failed]")).to_contain_text(
        "The Audience (EntityID) field in OneLogin is empty"
    )
    expect(desk.page.locator("#test-status")).to_contain_text("The test passed.")


def test_the_tile_is_tested_while_single_sign_on_is_off(
    desk: Desk, new_page: Callable[..., Page], agent: User, stand_in: StandIn, axe: Callable[[Page], None]
) -> None:
    desk.page.goto(SETTINGS)
    with desk.page.context.expect_page() as opened:
        desk.page.get_by_role("button", name=re.compile("^Test the tile")).click()
    tab = opened.value
    expect(tab.get_by_role("heading", name="Now click the tile")).to_be_visible()
    axe(tab)
    # Somebody else who clicks the tile meanwhile learns nothing, and disturbs nothing.
    colleague = new_page()
    colleague.goto(stand_in.url)
    console.sign_in(colleague, agent.email)
    colleague.get_by_role("link", name="JustCall").click()
    expect(colleague.get_by_role("heading", level=1)).to_have_text(
        "Your company is still setting up single sign-on"
    )
    axe(colleague)
    portal = desk.page.context.new_page()
    portal.goto(stand_in.url)
    console.sign_in(portal, desk.email)
    portal.get_by_role("link", name="JustCall").click()
    expect(portal.get_by_role("heading", level=1)).to_have_text("Test result")
    expect(portal.locator("#test-state")).to_have_text("Passed")
    expect(portal.locator("#verdict")).to_contain_text("would sign in as Adam Admin")
    expect(tab.locator("#test-state")).to_have_text("Passed")
    expect(desk.page.locator("#test-status")).to_contain_text("The test passed.")


def test_a_staged_change_is_tested_and_applied_while_people_sign_in(
    desk: Desk,
    connection: Connection,
    app: AppInfo,
    owner: User,
    agent: User,
    stand_in: StandIn,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
) -> None:
    from sso.connection.setup import turn_on

    desk.expect_cured()
    turn_on(connection, owner, timezone.now())
    other = stand_in.create_app(
        name="JustCall, new", acs_url=connection.acs_url, audience=connection.entity_id
    )
    page = desk.page
    page.goto(SETTINGS)
    page.get_by_label("SSO URL").fill(other.sso_url)
    page.get_by_label("Issuer / Entity ID").fill(other.issuer)
    page.get_by_label("Certificate", exact=True).fill(other.certificate_pem)
    page.get_by_role("button", name="Save Configuration").click()
    expect(page.get_by_role("heading", name="A change is staged")).to_be_visible()
    expect(page.locator("#sso-state")).to_have_text("On")
    axe(page)
    colleague = new_page()
    colleague.goto("/login/sso/")
    colleague.get_by_label("Work email").fill(agent.email)
    colleague.get_by_role("button", name="Continue").click()
    console.sign_in(colleague, agent.email)
    expect(colleague.get_by_role("heading", level=1)).to_contain_text("Hello")
    tab = desk.test()
    expect(tab.locator("#test-state")).to_have_text("Passed")
    connection.refresh_from_db()
    assert connection.idp_entity_id == app.issuer
    tab.get_by_role("button", name="Apply this change").click()
    expect(tab.get_by_role("status").filter(has_text="The change is live")).to_be_visible()
    connection.refresh_from_db()
    assert connection.idp_entity_id == other.issuer
    assert connection.is_tested
