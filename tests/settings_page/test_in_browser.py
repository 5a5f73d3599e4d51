"""The pages of the set-up in Chromium: copying, keyboard, both palettes, narrow screens, and no script at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Organization, User
from sso.connection.setup import turn_on
from sso.models import Connection, ConnectionTest, Flow
from sso.refusals import Check, Refusal
from sso.saml.report import complete, failed, passed, warning
from tests.in_browser import LookAt
from tests.recording import record_event
from tests.saml.certificate_forms import bare_base64_of, certificate, der_of, pem_of
from tests.saml.messages import ISSUER, SSO_URL
from tests.saml.metadata_files import OTHER, SIGNING, WHOLE, entity, key, service

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/settings/security/sso/"


def save_as_it_is(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save Configuration").click()


def finished_test(connection: Connection, owner: User) -> ConnectionTest:
    now = timezone.now()
    report = complete(
        (
            passed(Check.RESPONSE),
            failed(Refusal.WRONG_AUDIENCE, expected=connection.entity_id, received="{audience}"),
            warning(Refusal.NAMES_MISSING, received="email"),
        )
    )
    event = record_event(
        flow=Flow.TEST,
        now=now,
        organization=connection.organization,
        connection=connection,
        refusal=Refusal.WRONG_AUDIENCE,
        report=report,
    )
    event.attributes = {"email": ["agnes@acme.example"], "groups": ["Sales", "Support"], "memo": []}
    event.redacted_xml = "<samlp:Response>…</samlp:Response>\n" * 40
    event.save(update_fields=["attributes", "redacted_xml"])
    return connection.tests.create(
        version=connection.version, started_by=owner, finished_at=now, event=event, started_at=now
    )


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}?enable=1"])
def test_the_page_before_set_up(owner: User, look_at: LookAt, path: str) -> None:
    look_at(owner, path)


def test_the_page_of_a_lower_plan(initech_owner: User, look_at: LookAt) -> None:
    look_at(initech_owner, PAGE)


def test_the_page_of_a_draft_without_a_verified_domain(
    draft: Connection, owner: User, look_at: LookAt
) -> None:
    draft.organization.domains.all().delete()
    look_at(owner, PAGE)


def test_the_page_with_errors(draft: Connection, owner: User, look_at: LookAt) -> None:
    look_at(owner, PAGE, save_as_it_is)


def test_the_page_in_use_and_the_one_that_deletes(
    configured: Connection, owner: User, look_at: LookAt
) -> None:
    turn_on(configured, owner, timezone.now())
    finished_test(configured, owner)
    look_at(owner, PAGE)
    look_at(owner, f"{PAGE}delete/")


def test_the_result_of_a_test_and_of_one_without_response(
    configured: Connection, owner: User, look_at: LookAt
) -> None:
    look_at(owner, f"{PAGE}test/{finished_test(configured, owner).public_id}/")
    late = configured.tests.create(
        version=1, started_by=owner, started_at=timezone.now() - timedelta(minutes=6)
    )
    look_at(owner, f"{PAGE}test/{late.public_id}/")


@pytest.mark.parametrize("javascript", [True, False])
def test_metadata_with_two_keys_is_read_and_saved(
    draft: Connection,
    owner: User,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    javascript: bool,
) -> None:
    keys = (key(bare_base64_of(each)) for each in (SIGNING, OTHER))
    page = new_page(user=owner, javascript=javascript)
    page.goto(PAGE)
    page.locator("summary", has_text="Upload metadata instead").click()
    document = entity(*keys, service()).encode()
    upload: FilePayload = {"name": "metadata.xml", "mimeType": "text/xml", "buffer": document}
    page.get_by_label("Metadata file").set_input_files(upload)
    page.get_by_role("button", name="Read metadata").click()
    note = page.get_by_role("status").filter(has_text="Nothing is saved yet")
    expect(note).to_contain_text("The metadata has 2 signing certificates")
    expect(note.get_by_role("listitem")).to_have_count(2)
    if javascript:
        axe(page)
    page.get_by_role("button", name="Save Configuration").click()
    expect(page.get_by_text("Saved certificate", exact=True)).to_have_count(2)
    expect(page.get_by_text("CN=Other,O=Acme").first).to_be_visible()
    assert draft.certificates.count() == 2


def test_a_value_is_copied_and_said_so(draft: Connection, owner: User, new_page: Callable[..., Page]) -> None:
    page = new_page(user=owner)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(PAGE)
    page.get_by_role("button", name="Copy ACS URL", exact=True).click()
    expect(page.get_by_role("button", name="Copied ACS URL")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == draft.acs_url
    page.get_by_role("button", name="Copy firstName").click()
    expect(page.get_by_role("button", name="Copied firstName")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "firstName"


@pytest.mark.parametrize("javascript", [True, False])
def test_the_whole_set_up_by_hand(
    acme: Organization, owner: User, new_page: Callable[..., Page], javascript: bool
) -> None:
    page = new_page(user=owner, javascript=javascript)
    page.goto(PAGE)
    page.get_by_role("button", name="Enable SSO").click()
    with page.expect_navigation():
        page.get_by_role("button", name="SAML 2.0").click()
    connection = acme.connections.get()
    expect(page.get_by_label("ACS URL", exact=True)).to_have_value(connection.acs_url)
    expect(page.get_by_label("Entity ID", exact=True)).to_have_value(connection.entity_id)
    page.get_by_label("SSO URL").fill(SSO_URL)
    page.get_by_label("Issuer / Entity ID").fill(ISSUER)
    page.get_by_label("Certificate", exact=True).fill(pem_of(certificate()))
    page.get_by_label("Default Role").select_option("Supervisor")
    page.get_by_role("button", name="Save Configuration").click()
    expect(page.get_by_text("Configuration saved. Next: Test Connection.")).to_be_visible()
    expect(page.get_by_text("CN=OneLogin Account,O=Acme").first).to_be_visible()
    expect(page.get_by_role("button", name="Test Connection")).to_be_visible()
    page.get_by_role("button", name="Turn on single sign-on").click()
    expect(page.locator("#sso-state")).to_have_text("On, not tested")
    page.locator("summary", has_text="Turn single sign-on off").click()
    page.get_by_role("button", name="Turn off single sign-on").click()
    expect(page.locator("#sso-state")).to_have_text("Draft")
    assert acme.connections.get().default_role == "supervisor"


def test_certificate_and_metadata_are_uploaded(
    draft: Connection, owner: User, new_page: Callable[..., Page]
) -> None:
    page = new_page(user=owner)
    page.goto(PAGE)
    page.locator("summary", has_text="Upload metadata instead").click()
    metadata: FilePayload = {"name": "metadata.xml", "mimeType": "text/xml", "buffer": WHOLE.encode()}
    page.get_by_label("Metadata file").set_input_files(files=[metadata])
    page.get_by_role("button", name="Read metadata").click()
    expect(page.get_by_label("Issuer / Entity ID")).to_have_value("https://app.onelogin.com/saml/metadata/77")
    page.get_by_label("Certificate", exact=True).fill("")
    der: FilePayload = {
        "name": "onelogin.der",
        "mimeType": "application/x-x509-ca-cert",
        "buffer": der_of(certificate()),
    }
    page.get_by_label("Or upload the certificate").set_input_files(files=[der])
    page.get_by_role("button", name="Save Configuration").click()
    expect(page.get_by_text("Configuration saved. Next: Test Connection.")).to_be_visible()
    assert draft.certificates.get().pem == pem_of(certificate())


def test_the_error_summary_leads_to_the_field(
    draft: Connection, owner: User, new_page: Callable[..., Page]
) -> None:
    page = new_page(user=owner)
    page.goto(PAGE)
    page.get_by_role("button", name="Save Configuration").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Issuer / Entity ID: Paste the Issuer / Entity ID.").click()
    expect(page.get_by_label("Issuer / Entity ID")).to_be_focused()
    assert page.title().startswith("Error:")


@pytest.mark.parametrize(("is_passed", "words"), [(True, "The test passed."), (False, "The test failed.")])
def test_the_page_that_waits_hears_of_the_result(
    configured: Connection, owner: User, new_page: Callable[..., Page], is_passed: bool, words: str
) -> None:
    # Nothing listens there: the new tab stays at its error page, as long as the test likes.
    Connection.objects.update(sso_url="http://localhost:9/sso")
    finished_test(configured, owner)
    page = new_page(user=owner)
    page.goto(PAGE)
    with page.context.expect_page():
        page.get_by_role("button", name="Test Connection").click()
    status = page.locator("#test-status")
    expect(status).to_contain_text("Waiting for OneLogin's response")
    started = configured.tests.get(finished_at=None)
    ConnectionTest.objects.filter(pk=started.pk).update(finished_at=timezone.now(), passed=is_passed)
    expect(status).to_contain_text(words)
    expect(status.get_by_role("link", name="See the result")).to_have_attribute(
        "href", f"{PAGE}test/{started.public_id}/"
    )
