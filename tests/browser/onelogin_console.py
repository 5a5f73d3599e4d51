"""OneLogin's side of the help article, as an admin and its people do it in a browser: by the labels of the console."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def add_app(page: Page, onelogin: str) -> None:
    """Step 2: Applications → Applications → Add App."""
    page.goto(f"{onelogin}/admin/")
    page.get_by_role("link", name="Add App").click()
    page.get_by_label("Search").fill("SAML Custom Connector (Advanced)")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="SAML Custom Connector (Advanced)").click()
    page.get_by_label("Display Name").fill("JustCall")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("JustCall")


def open_tab(page: Page, onelogin: str, tab: str) -> None:
    """Applications → Applications → JustCall → a tab."""
    page.goto(f"{onelogin}/admin/")
    page.get_by_role("link", name="JustCall").click()
    with page.expect_navigation():
        page.get_by_role("navigation", name="Tabs").get_by_role("link", name=tab, exact=True).click()


def configure(page: Page, onelogin: str, *, entity_id: str, acs_url: str, validator: str) -> None:
    """Step 3: the Configuration tab."""
    open_tab(page, onelogin, "Configuration")
    page.get_by_label("Audience (EntityID)").fill(entity_id)
    page.get_by_label("ACS (Consumer) URL", exact=True).fill(acs_url)
    page.get_by_label(re.compile("URL Validator")).fill(validator)
    page.get_by_label("SAML nameID format").select_option("Email")
    _save(page)


def add_parameter(page: Page, onelogin: str, name: str, value: str) -> None:
    """Step 4: the + icon of the Parameters tab, with Include in SAML assertion."""
    open_tab(page, onelogin, "Parameters")
    page.get_by_role("link", name="Add parameter").click()
    page.get_by_label("Field Name").fill(name)
    page.get_by_label("Value", exact=True).select_option(value)
    page.get_by_label("Include in SAML assertion").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=f"{name} {value} Yes")).to_be_visible()


def provider_details(page: Page, onelogin: str) -> tuple[str, str, str]:
    """Step 5: SAML 2.0 Endpoint (HTTP), Issuer URL, and the certificate of View Details."""
    open_tab(page, onelogin, "SSO")
    endpoint = page.get_by_label("SAML 2.0 Endpoint (HTTP)").input_value()
    issuer = page.get_by_label("Issuer URL").input_value()
    # The tab has a field of the same name: a list to choose from.
    with page.expect_navigation():
        page.get_by_role("link", name="View Details").click()
    return endpoint, issuer, page.get_by_label("X.509 Certificate").input_value()


def assign(page: Page, onelogin: str, *people: str) -> None:
    """Step 7: the Users tab."""
    open_tab(page, onelogin, "Users")
    for person in people:
        page.get_by_label(re.compile(re.escape(person))).check()
    _save(page)


def set_field(page: Page, onelogin: str, label: str, value: str) -> None:
    """One field of the Configuration tab."""
    open_tab(page, onelogin, "Configuration")
    page.get_by_label(label, exact=True).fill(value)
    _save(page)


def include_parameter(page: Page, onelogin: str, name: str, *, included: bool) -> None:
    """The Parameters tab: tick or untick Include in SAML assertion."""
    open_tab(page, onelogin, "Parameters")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_label("Include in SAML assertion").set_checked(included)
    page.get_by_role("button", name="Save").click()
    answer = "Yes" if included else "No"
    expect(page.get_by_role("row", name=re.compile(f"^{name} .* {answer}$"))).to_be_visible()


def change_certificate(page: Page, onelogin: str) -> None:
    """The SSO tab: X.509 Certificate → Change, to a new one."""
    open_tab(page, onelogin, "SSO")
    chooser = page.get_by_label("X.509 Certificate", exact=True)
    chooser.select_option("RSA 2048")
    _save(page)


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    # Whoever leaves before the answer may leave before the question.
    expect(page.get_by_role("status")).to_have_text("Saved.")


def sign_in(page: Page, email: str) -> None:
    """OneLogin's own sign-in page; the stand-in asks for no password."""
    page.get_by_role("button", name=f"Sign in as {email}").click()
