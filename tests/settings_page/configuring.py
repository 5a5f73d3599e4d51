"""The configuration form filled in, and Test Connection answered."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from sso.models import ConnectionTest, PendingLogin
from tests.cast import Arrivals
from tests.saml.messages import ISSUER, SSO_URL, IdentityProvider

PAGE = "/settings/security/sso/"
NEW = IdentityProvider("rsa-new")
NEW_ISSUER = "https://app.onelogin.com/saml/metadata/900"
NEW_SSO_URL = "https://acme.onelogin.com/trust/saml2/http-post/sso/900"


def form(**changes: Any) -> dict[str, Any]:
    """The configuration form as it is filled in for what is live, but for the changes."""
    ticked = {"allow_idp_initiated": "on", "create_members": "on"}
    return {"sso_url": SSO_URL, "idp_entity_id": ISSUER, "default_role": "agent"} | ticked | changes


def moved(**changes: Any) -> dict[str, Any]:
    """Another app of OneLogin: all three values."""
    return form(sso_url=NEW_SSO_URL, idp_entity_id=NEW_ISSUER, certificates=NEW.pem, **changes)


def said(client: Client, path: str, data: dict[str, Any]) -> str:
    response = client.post(path, data, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    return response.content.decode()


def run_test(client: Client, arrivals: Arrivals, email: str, **says: Any) -> ConnectionTest:
    """Press Test Connection and let the identity provider answer."""
    assert client.post(f"{PAGE}test/").status_code == 200
    test = ConnectionTest.objects.latest("pk")
    asked = PendingLogin.objects.get(test=test).request_id
    arrivals.post(arrivals.of(email, in_response_to=asked, **says), client)
    test.refresh_from_db()
    return test


def seen(client: Client) -> str:
    found = re.search(r'name="seen" value="(\w+)"', client.get(PAGE).content.decode())
    assert found
    return found[1]
