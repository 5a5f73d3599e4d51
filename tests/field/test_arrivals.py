"""Responses that once vanished: met with php-saml, djangosaml2, Sustainsys, uaa, authentik and WSO2."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from sso.models import ConnectionTest, PendingLogin
from tests.cast import Newest, SignedIn
from tests.field.filling import Field, text_of

UNREADABLE = "test-connection-loses-unreadable-response"
# An honest response that nobody asked for.
HONEST = "persistent-name-id-new-email"

Change = Callable[[str], str]
CHANGES: dict[str, tuple[Change, str]] = {
    "cut off": (lambda xml: xml[:1500], "not_a_response"),
    "with a comment": (lambda xml: xml.replace("<saml:Subject>", "<!-- --><saml:Subject>"), "forbidden_xml"),
    "too large": (lambda xml: xml + "\n" * 300_000, "too_large"),
    "with advice": (
        lambda xml: xml.replace("</saml:Assertion>", "<saml:Advice/></saml:Assertion>"),
        "unexpected_structure",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_test_connection_ends_with_the_report_of_what_cannot_be_read(
    name: str, field: Field, admin: User, signed_in: SignedIn
) -> None:
    change, refusal = CHANGES[name]
    client = signed_in(admin)
    client.post("/settings/security/sso/test/")
    asked = PendingLogin.objects.get().request_id
    sent = base64.b64encode(change(field.filled(text_of(UNREADABLE), asked)).encode()).decode()
    test = ConnectionTest.objects.get()
    assert test.public_id in field.post(sent, client)["Location"]
    test.refresh_from_db()
    assert test.event is not None
    assert (test.event.refusal, test.event.flow) == (refusal, "test")


def test_the_acs_url_without_its_slash_takes_responses(field: Field, last_event: Newest) -> None:
    address = f"/sso/saml/{field.connection.public_id}/acs"
    assert Client().post(address, {"SAMLResponse": field.case(HONEST)}).status_code == 303
    assert last_event().refusal == ""


@pytest.mark.parametrize("address", ["/sso/saml/{id}/metadata/", "/login/sso/acme/"])
def test_a_response_at_another_address_is_told_which_one_is_right(
    address: str, field: Field, last_event: Newest
) -> None:
    there = address.format(id=field.connection.public_id)
    page = Client().post(there, {"SAMLResponse": field.case(HONEST)})
    assert "open for too long" not in page.content.decode()
    event = last_event()
    assert (event.refusal, event.organization) == ("wrong_address", field.connection.organization)


@pytest.mark.parametrize(
    ("relay_state", "leads_to"),
    [
        ("http://localhost:8000/settings/", "/settings/"),
        ("http://localhost:8000/settings/team/?a=1", "/settings/team/?a=1"),
        ("https://localhost:8000/settings/", "/"),
        ("http://localhost:8000.evil.example/settings/", "/"),
        ("http://evil.example/settings/", "/"),
    ],
)
def test_relay_state_leads_to_our_own_address_and_to_no_other(
    relay_state: str, leads_to: str, field: Field
) -> None:
    answer = field.post(field.case(HONEST), Client(), RelayState=relay_state)
    assert (answer.status_code, answer["Location"]) == (303, leads_to)


def test_the_same_response_again_leads_on_whom_it_signed_in(field: Field, last_event: Newest) -> None:
    browser = Client()
    sent = field.case(HONEST)
    assert field.post(sent, browser).status_code == 303
    again = field.post(sent, browser)
    assert (again.status_code, last_event().refusal) == (403, "replayed")
    way = f"/login/sso/again/{last_event().reference}/"
    assert way in again.content.decode()
    assert browser.get(way)["Location"] == "/"
