"""The published help article, done step by step in a browser: JustCall on one site, OneLogin's stand-in on another."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Organization, User
from sso.models import Connection, LinkedIdentity, SignInEvent
from tests.browser import onelogin_console as console
from tests.standin_process import StandIn
from tests.words import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def copied(page: Page, label: str) -> str:
    """What the Copy button of a value puts into the clipboard."""
    page.get_by_role("button", name=re.compile(rf"Copy {re.escape(label)}$")).click()
    expect(page.get_by_role("button", name=re.compile(rf"Copied {re.escape(label)}$"))).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def enable_sso(page: Page) -> None:
    """Step 1: Settings → Security → Single Sign-On, Enable SSO, SAML 2.0."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Single Sign-On").click()
    page.get_by_role("button", name="Enable SSO").click()
    page.get_by_role("button", name="SAML 2.0").click()


def arrive_as(page: Page, email: str) -> None:
    """The start page of JustCall, for this person."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    expect(page.get_by_role("definition").filter(has_text=email)).to_be_visible()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_article_works_as_written(
    color_scheme: str,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    stand_in: StandIn,
    acme: Organization,
    admin: User,
    agent: User,
    app_server: str,
) -> None:
    # A cookie that is wrong across sites would work within one: the two must be different sites.
    assert urlsplit(stand_in.url).hostname != urlsplit(app_server).hostname
    page = new_page(color_scheme)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=app_server)
    onelogin = page.context.new_page()

    page.goto("/login/")
    axe(page)
    page.get_by_label("Work email").fill(admin.email)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    # Step 1: Enable SSO in JustCall
    enable_sso(page)
    expect(page.locator("#sso-state")).to_have_text("Draft")
    axe(page)
    values = {label: copied(page, label) for label in ("ACS URL", "Entity ID", "ACS URL Validator")}
    connection = Connection.objects.get()
    assert values["ACS URL"] == connection.acs_url
    assert values["Entity ID"] == connection.entity_id

    # Steps 2 to 5, in OneLogin
    console.add_app(onelogin, stand_in.url)
    console.configure(
        onelogin,
        stand_in.url,
        entity_id=values["Entity ID"],
        acs_url=values["ACS URL"],
        validator=values["ACS URL Validator"],
    )
    for name, value in (("email", "Email"), ("firstName", "First Name"), ("lastName", "Last Name")):
        console.add_parameter(onelogin, stand_in.url, copied(page, name), value)
    sso_url, issuer, certificate = console.provider_details(onelogin, stand_in.url)

    # Step 6: Complete Configuration in JustCall
    page.get_by_label("SSO URL").fill(sso_url)
    page.get_by_label("Issuer / Entity ID").fill(issuer)
    page.get_by_label("Certificate", exact=True).fill(certificate)
    expect(page.get_by_label("Default Role")).to_have_value("agent")
    page.get_by_role("button", name="Save Configuration").click()
    expect(page.get_by_role("status").filter(has_text="Configuration saved.")).to_be_visible()
    axe(page)

    # Step 7 belongs before the test: OneLogin lets nobody through who is not assigned.
    console.assign(onelogin, stand_in.url, "adam@acme.example", "agnes@acme.example", "nora@acme.example")

    with page.context.expect_page() as opened:
        page.get_by_role("button", name=re.compile("^Test Connection")).click()
    test_tab = opened.value
    console.sign_in(test_tab, admin.email)
    expect(test_tab.get_by_role("heading", level=1)).to_have_text("Test result")
    expect(test_tab.locator("#test-state")).to_have_text("Passed")
    rows = test_tab.locator("[data-outcome]:not([data-outcome=passed])").all_inner_texts()
    assert rows == []
    for attribute in ("email", "firstName", "lastName"):
        expect(
            test_tab.get_by_role("cell", name=f"{attribute} Read as {attribute}", exact=True)
        ).to_be_visible()
    axe(test_tab)
    expect(page.locator("#test-status")).to_contain_text("The test passed.")
    assert not LinkedIdentity.objects.exists()

    page.reload()
    page.get_by_role("button", name="Turn on single sign-on").click()
    expect(page.locator("#sso-state")).to_have_text("On")
    axe(page)

    # User Login Flow, from OneLogin: somebody who is no member yet becomes one.
    nora = new_page(color_scheme)
    nora.goto(stand_in.url)
    console.sign_in(nora, "nora@acme.example")
    nora.get_by_role("link", name="JustCall").click()
    arrive_as(nora, "nora@acme.example")
    axe(nora)
    member = User.objects.get(email="nora@acme.example")
    assert (member.get_full_name(), member.role, member.organization) == ("Nora New", "agent", acme)

    # User Login Flow, from JustCall
    agnes = new_page(color_scheme)
    agnes.goto("/login/")
    with agnes.expect_navigation():
        agnes.get_by_role("link", name="Sign in with SSO").click()
    axe(agnes)
    agnes.get_by_label("Work email").fill(agent.email)
    agnes.get_by_role("button", name="Continue").click()
    console.sign_in(agnes, agent.email)
    arrive_as(agnes, agent.email)
    agent.refresh_from_db()
    assert agent.last_sso_at is not None
    assert User.objects.filter(organization=acme).count() == 3

    # The admin sees both, with nothing wrong.
    page.goto("/settings/security/sso/")
    events = page.locator("#latest-sign-ins")
    expect(events).to_contain_text("nora@acme.example")
    expect(events).to_contain_text(agent.email)
    assert not SignInEvent.objects.exclude(refusal="").exists()


@pytest.fixture
def set_up(acme: Organization, owner: User, stand_in: StandIn, app_server: str) -> Callable[..., Connection]:
    """Acme's connection, on, to an app whose `fields` differ from the article's."""
    from django.utils import timezone

    from sso.connection.configuration import Configuration
    from sso.connection.saving import save_configuration
    from sso.connection.setup import enable_sso, turn_on
    from sso.saml.pasted.certificates import read_certificate

    def with_app(certificate: str = "", **fields: Any) -> Connection:
        connection = enable_sso(acme, owner)
        article: dict[str, Any] = {"acs_url": connection.acs_url, "audience": connection.entity_id}
        app = stand_in.create_app(**(article | fields))
        info = read_certificate(certificate or app.certificate_pem)
        values = Configuration(app.sso_url, app.issuer, (info,), "agent", True, True)
        save_configuration(connection, owner, values, timezone.now())
        turn_on(connection, owner, timezone.now())
        return connection

    return with_app


WITHOUT_INCLUDE = [{"name": "email", "value": "Email", "include": False}]
TROUBLESHOOTING: dict[str, tuple[dict[str, Any], str, str]] = {
    "Invalid audience": (
        {"audience": "https://justcall.example/other/"},
        "Audience (EntityID)",
        "Entity ID from JustCall",
    ),
    "Attributes not received": (
        {"parameters": WITHOUT_INCLUDE, "name_id_value": "First Name", "name_id_format": "Unspecified"},
        "Parameters",
        "Include in SAML assertion",
    ),
}


def refused_at_the_tile(page: Page, stand_in: StandIn, email: str) -> str:
    """Click the tile, meet the error page, and give its reference."""
    page.goto(stand_in.url)
    console.sign_in(page, email)
    page.get_by_role("link", name="JustCall").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We couldn't sign you in")
    found = re.search(r"SSO-[A-Z0-9]{8}", page.get_by_role("main").inner_text())
    assert found, "no reference on the error page"
    return found[0]


def read_event(page: Page, reference: str) -> str:
    """What the admin reads of a sign-in on the settings page."""
    page.goto("/settings/security/sso/")
    line = page.locator("#latest-sign-ins > li").filter(has_text=reference)
    line.locator("summary").click()
    return line.inner_text()


@pytest.mark.parametrize("title", TROUBLESHOOTING)
def test_the_admin_reads_cause_and_cure_of_a_row_of_the_troubleshooting_table(
    title: str,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    set_up: Callable[..., Connection],
    stand_in: StandIn,
    admin: User,
    agent: User,
) -> None:
    fields, menu, cure = TROUBLESHOOTING[title]
    set_up(**fields)
    employee = new_page()
    reference = refused_at_the_tile(employee, stand_in, agent.email)
    axe(employee)
    page = new_page(user=admin)
    told = read_event(page, reference)
    assert title in told
    assert menu in told
    assert cure in told
    axe(page)


def test_the_admin_reads_that_another_certificate_signs(
    new_page: Callable[..., Page],
    set_up: Callable[..., Connection],
    stand_in: StandIn,
    admin: User,
    agent: User,
) -> None:
    from tests.saml.certificate_forms import certificate, pem_of

    set_up(certificate=pem_of(certificate()))
    reference = refused_at_the_tile(new_page(), stand_in, agent.email)
    told = read_event(new_page(user=admin), reference)
    assert "X.509 Certificate" in told
    assert "copy the certificate" in told.lower()


def test_somebody_unassigned_is_told_by_onelogin_and_the_test_page_names_the_cause(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    set_up: Callable[..., Connection],
    stand_in: StandIn,
    admin: User,
) -> None:
    set_up(roles=[])
    page = new_page(user=admin)
    page.goto("/settings/security/sso/")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name=re.compile("^Test Connection")).click()
    test_tab = opened.value
    console.sign_in(test_tab, admin.email)
    expect(test_tab.get_by_role("main")).to_contain_text("You do not have access to this application")
    page.reload()
    page.get_by_role("link", name="See the result").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("No response yet")
    expect(main).to_contain_text("You are not assigned to the app.")
    expect(main).to_contain_text("Users (or Access)")
    axe(page)
