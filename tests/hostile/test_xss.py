"""Texts from outside, on every page that shows them, in a real browser under the content security policy.

Each carries markup that would make an element with the id "planted" and open a dialog. The policy would stop the
script; what is tested is that no markup arises at all. `new_page` fails a test whose page the policy had to stop.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.invitations import token_hash
from accounts.models import INVITATION_LIFETIME, Organization, User
from sso.connection.configuration import Configuration
from sso.connection.saving import save_configuration
from sso.connection.setup import enable_sso, turn_on
from sso.models import ConfigurationCandidate, Connection, SignInEvent
from sso.saml.pasted.certificates import read_certificate
from sso.trial import starting
from tests.cast import Arrivals
from tests.hostile.routes import INVITATION_TOKEN
from tests.saml.certificate_forms import pem_of
from tests.saml.messages import SSO_URL, IdentityProvider
from tests.saml.metadata_files import WHOLE

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, FilePayload, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVIL = "\"'><img src=x id=planted onerror=alert(1)><script id=planted>alert(1)</script><!--{{7*7}}"
SHORT = "<b id=planted>"
IN_XML = escape(EVIL)


class EvilIdp(IdentityProvider):
    """Its certificate has markup for a subject."""

    @property
    def evil_certificate(self) -> x509.Certificate:
        from datetime import UTC, datetime, timedelta

        from cryptography.hazmat.primitives import hashes

        from tests.saml.messages import key_of

        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, EVIL[:60]),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, SHORT),
            ]
        )
        starts = datetime.now(UTC) - timedelta(days=1)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key_of(self.kind).public_key())
            .serial_number(1)
            .not_valid_before(starts)
            .not_valid_after(starts + timedelta(days=900))
            .sign(key_of(self.kind), hashes.SHA256())
        )


def look_at(page: Page, path: str) -> str:
    """Open a page with everything unfolded; its text. Nothing planted may be there."""
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status < 500
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.locator("#planted").count() == 0, path
    assert page.locator("img[src=x]").count() == 0, path
    assert dialogs == []
    assert page.evaluate("document.querySelectorAll('[onerror], [onload], [onclick]').length") == 0
    return page.inner_text("body")


@pytest.fixture
def evil_company(acme: Organization, owner: User, agent: User, app_server: str) -> Connection:
    """Acme with markup wherever somebody can put it: names, issuer, certificate, domain, invitation."""
    acme.name = EVIL[:120]
    acme.save()
    for person in (owner, agent):
        person.first_name, person.last_name = EVIL[:100], SHORT
        person.save()
    acme.invitations.create(
        email="ivy@acme.example",
        token_hash=token_hash(INVITATION_TOKEN),
        expires_at=timezone.now() + INVITATION_LIFETIME,
    )
    connection = enable_sso(acme, owner)
    info = read_certificate(pem_of(EvilIdp().evil_certificate))
    issuer = "https://idp.example/" + EVIL.replace(" ", "/")
    save_configuration(
        connection, owner, Configuration(SSO_URL, issuer, (info,), "agent", True, True), timezone.now()
    )
    turn_on(connection, owner, timezone.now())
    connection.refresh_from_db()
    return connection


@pytest.fixture
def evil_sign_ins(evil_company: Connection, owner: User) -> Connection:
    """Sign-ins of every fate whose messages say nothing but markup."""
    arrivals = Arrivals(evil_company, EvilIdp())
    issuer = escape(evil_company.idp_entity_id)
    rows = (
        ("email", ("nora@acme.example",)),
        ("firstName", (IN_XML,)),
        ("lastName", (IN_XML,)),
        (IN_XML.replace('"', "&quot;"), (IN_XML,)),
    )
    here = {"issuer": issuer, "response_issuer": issuer}
    for says in (
        {"attributes": rows, "name_id": "nora@acme.example"},
        {"attributes": rows, "name_id": IN_XML},
        {"attributes": (("email", (IN_XML,)),), "name_id": IN_XML},
        {"audiences": (IN_XML,)},
        {"recipient": IN_XML},
        {"destination": IN_XML},
        {"issuer": IN_XML, "response_issuer": IN_XML},
        {"status": ("Responder", IN_XML), "status_message": IN_XML},
        {"in_response_to": "_" + "a" * 20},
    ):
        arrivals.post(arrivals.idp.response(arrivals.message(**(here | says))), RelayState=EVIL)
    client = Client()
    begun = starting.start(evil_company, owner, timezone.now())
    tester, started = begun.test, begun.request
    from sso.signing_in.browser_secret import cookie_name

    client.cookies[cookie_name(started.request_id)] = started.browser_secret
    answer = arrivals.message(**here, attributes=rows, in_response_to=started.request_id)
    arrivals.post(arrivals.idp.response(answer), client)
    tester.refresh_from_db()
    assert tester.finished_at is not None
    assert SignInEvent.objects.count() == 10
    ConfigurationCandidate.objects.create(
        connection=evil_company,
        # Spaces are made visible where the two differ.
        sso_url=f"{SSO_URL}?{SHORT.replace(' ', '/')}",
        idp_entity_id=f"{evil_company.idp_entity_id}/{EVIL}",
        certificate_pem=pem_of(EvilIdp("rsa-stranger").evil_certificate),
        certificate_sha256="0" * 64,
        staged_by=owner,
    )
    return evil_company


def test_the_admins_pages(
    evil_sign_ins: Connection, owner: User, agent: User, acme: Organization, new_page: Callable[..., Page]
) -> None:
    page = new_page(user=owner)
    test = evil_sign_ins.tests.get()
    domain = acme.domains.get()
    references = SignInEvent.objects.values_list("reference", flat=True)
    entries = [reverse("sign_in_entry", args=[reference]) for reference in references]
    explained = [f"{reverse('sso_troubleshoot')}?reference={reference}" for reference in references]
    shown = {
        path: look_at(page, path)
        for path in (
            "/",
            reverse("team"),
            reverse("member_deactivate", args=[agent.pk]),
            reverse("domains"),
            reverse("domain_remove", args=[domain.pk]),
            reverse("sso_settings"),
            reverse("sso_delete"),
            reverse("sso_test_result", args=[test.public_id]),
            reverse("sign_in_log"),
            reverse("audit_trail"),
            *entries,
            *explained,
        )
    }
    # It is shown as the text it is; a page that shows nothing would prove nothing.
    for path in (
        "/",
        reverse("team"),
        reverse("sso_settings"),
        reverse("sso_test_result", args=[test.public_id]),
        reverse("sign_in_log"),
        reverse("audit_trail"),
        *entries,
        *explained,
    ):
        assert "planted" in shown[path], path
    assert "{{7*7}}" in shown["/"]


def test_what_is_typed_wrong_comes_back_as_text(
    evil_company: Connection, owner: User, new_page: Callable[..., Page]
) -> None:
    page = new_page(user=owner)
    look_at(page, reverse("sso_settings"))
    for label in ("SSO URL", "Issuer / Entity ID", "Certificate"):
        page.get_by_label(label, exact=True).fill(EVIL)
    page.get_by_role("button", name="Save Configuration").click()
    page.get_by_text("Please check the following").wait_for()
    assert page.get_by_label("SSO URL", exact=True).input_value() == EVIL
    assert page.locator("#planted").count() == 0
    for path, label, button in (
        (reverse("domains"), "Email domain", None),
        (reverse("team"), "Email", None),
    ):
        look_at(page, path)
        field = page.get_by_label(label, exact=True)
        field.fill(EVIL)
        with page.expect_navigation():
            field.press("Enter")
        assert page.locator("#planted").count() == 0, button


def test_metadata_of_an_attacker_fills_in_text(
    evil_company: Connection, owner: User, new_page: Callable[..., Page]
) -> None:
    page = new_page(user=owner)
    look_at(page, reverse("sso_settings"))
    document = WHOLE.replace("https://app.onelogin.com/saml/metadata/77", IN_XML.replace('"', "&quot;"))
    file: FilePayload = {"name": f"{SHORT}.xml", "mimeType": "text/xml", "buffer": document.encode()}
    page.get_by_label("Metadata file").set_input_files(files=[file])
    with page.expect_navigation():
        page.get_by_role("button", name="Read metadata").click()
    assert page.get_by_label("Issuer / Entity ID").input_value() == EVIL
    assert page.locator("#planted").count() == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_the_pages_of_people_who_sign_in(
    evil_company: Connection, new_page: Callable[..., Page], javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    # The browser remembers the company, whose name is markup.
    arrivals = Arrivals(evil_company, EvilIdp())
    client = Client()
    arrivals.post(
        arrivals.of(
            "agnes@acme.example",
            issuer=escape(evil_company.idp_entity_id),
            response_issuer=escape(evil_company.idp_entity_id),
        ),
        client,
    )
    remembered = client.cookies["last_company"].value
    page.context.add_cookies(
        [{"name": "last_company", "value": remembered, "url": settings.PUBLIC_BASE_URL + "/login/"}]
    )
    for path in (
        f"/login/?next={EVIL}",
        f"/login/sso/?next=/{EVIL}",
        f"/login/sso/{SHORT}/",
        f"/invitations/{INVITATION_TOKEN}/",
        f"/password-reset/{SHORT}/{SHORT}/",
        f"/{EVIL}",
    ):
        page.goto(path)
        assert page.locator("#planted").count() == 0, path
    page.goto("/login/sso/")
    assert "Continue with" in page.inner_text("body")
    for path in ("/login/", "/login/sso/", "/password-reset/"):
        page.goto(path)
        field = page.locator("main input[name=email], form input[name=email]").first
        field.fill(EVIL)
        with page.expect_navigation():
            field.press("Enter")
        assert page.locator("#planted").count() == 0, path
