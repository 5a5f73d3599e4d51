"""Logout messages posted to the ACS: met with Moodle's auth_saml2, mod_auth_mellon and GLPI's samlsso."""

from __future__ import annotations

import base64

import pytest
from django.test import Client

from tests.cast import Newest
from tests.field.filling import Field, text_of

CASE = "logout-messages-at-the-acs"


@pytest.mark.parametrize(
    ("field_name", "file"),
    [
        ("SAMLRequest", "logout-request.xml"),
        ("SAMLResponse", "logout-response.xml"),
    ],
)
def test_a_logout_message_gets_a_page_of_its_own(
    field_name: str, file: str, field: Field, last_event: Newest
) -> None:
    message = base64.b64encode(field.filled(text_of(CASE, file)).encode()).decode()
    page = Client().post(f"/sso/saml/{field.connection.public_id}/acs/", {field_name: message})
    assert "We couldn't sign you in" not in page.content.decode()
    assert "does not sign you out of JustCall" in page.content.decode()
    assert last_event().refusal == "logout_at_acs"
