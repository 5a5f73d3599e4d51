"""A live connection of Acme, and the identity provider it trusts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Organization
from sso.connection.sp_keys import create_sp_key
from sso.models import Connection, SignInEvent
from sso.signing_in import pending
from sso.signing_in.browser_secret import _name
from tests.saml.messages import ISSUER, SSO_URL, IdentityProvider, Message

IDP = IdentityProvider()


def connect(organization: Organization, idp: IdentityProvider = IDP, issuer: str = ISSUER) -> Connection:
    """A connection that is on, trusting an identity provider."""
    connection = Connection.objects.create(
        organization=organization, idp_entity_id=issuer, sso_url=SSO_URL, enabled_at=timezone.now()
    )
    pinned = idp.pinned
    connection.certificates.create(
        pem=pinned.pem, sha256=pinned.sha256, not_before=pinned.not_before, not_after=pinned.not_after
    )
    create_sp_key(connection)
    return connection


@pytest.fixture
def connection(acme: Organization) -> Connection:
    return connect(acme)


@dataclass
class Arrivals:
    """Posts responses to a connection's ACS, as a browser does."""

    connection: Connection
    idp: IdentityProvider = IDP

    def message(self, **says: Any) -> Message:
        here = {
            "destination": self.connection.acs_url,
            "recipient": self.connection.acs_url,
            "audiences": (self.connection.entity_id,),
            "issuer": self.connection.idp_entity_id,
            "response_issuer": self.connection.idp_entity_id,
        }
        return Message(**(here | says))

    def of(self, email: str, **says: Any) -> str:
        """A response that signs somebody in."""
        name = email.partition("@")[0].capitalize()
        rows = (("email", (email,)), ("firstName", (name,)), ("lastName", ("Person",)))
        return self.idp.response(self.message(**({"name_id": email, "attributes": rows} | says)))

    def post(self, saml_response: str, client: Client | None = None, **fields: str) -> HttpResponse:
        return (client or Client()).post(  # type: ignore[return-value]
            f"/sso/saml/{self.connection.public_id}/acs/", {"SAMLResponse": saml_response, **fields}
        )

    def ask(self, client: Client, path: str = "/", **options: Any) -> str:
        """Start a request in a browser; its ID."""
        started = pending.start(self.connection, timezone.now(), relay_path=path, **options)
        client.cookies[_name(started.request_id)] = started.browser_secret
        return started.request_id


@pytest.fixture
def arrivals(connection: Connection) -> Arrivals:
    return Arrivals(connection)


@pytest.fixture
def last_event(db: None) -> Callable[[], SignInEvent]:
    def newest() -> SignInEvent:
        return SignInEvent.objects.order_by("-pk")[0]

    return newest
