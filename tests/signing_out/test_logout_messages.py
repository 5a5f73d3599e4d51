"""Logout messages that arrive at the ACS URL are told as what they are, and sign nobody out."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from sso.refusals import Refusal
from sso.saml.lenient_reading import message_name
from tests.cast import Arrivals, Newest, SignedIn
from tests.saml.messages import deflated, encode

LOGOUT_REQUEST = '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"/>'
LOGOUT_RESPONSE = LOGOUT_REQUEST.replace("LogoutRequest", "LogoutResponse")


@pytest.mark.parametrize("method", ["post", "get"])
@pytest.mark.parametrize(
    ("field", "xml"), [("SAMLRequest", LOGOUT_REQUEST), ("SAMLResponse", LOGOUT_RESPONSE)]
)
def test_a_logout_message_is_told_as_one(
    method: str,
    field: str,
    xml: str,
    arrivals: Arrivals,
    agent: User,
    signed_in: SignedIn,
    last_event: Newest,
) -> None:
    client = signed_in(agent)
    encoded = encode(xml) if method == "post" else deflated(xml)
    page = getattr(client, method)(arrivals.acs_path, {field: encoded}).content.decode()
    assert "You are signed out there" in page
    assert "couldn" not in page
    event = last_event()
    assert event.refusal == Refusal.LOGOUT_AT_ACS
    assert message_name(encoded) in str(event.checks)
    # Nobody proved anything: the session stays.
    assert client.get("/").status_code == 200


def test_a_logout_message_does_not_use_up_the_request_its_browser_has_open(
    arrivals: Arrivals, agent: User
) -> None:
    browser = Client()
    asked = arrivals.ask(browser)
    browser.post(arrivals.acs_path, {"SAMLRequest": encode(LOGOUT_REQUEST)})
    assert arrivals.post(arrivals.of(agent.email, in_response_to=asked), browser).status_code == 303
