"""The cast: companies, their people, and the identity provider that Acme trusts. Every test has these fixtures.

Companies: `acme` (Business, acme.example verified), `globex` (Business, the stranger), `initech` (Pro).
People, all with PASSWORD: `owner`, `admin`, `supervisor`, `agent` of Acme; `stranger`, Globex's owner;
    `initech_owner`.
`signed_in(user)` → a django test client of that member. Set a state, not a journey: no password is typed.
`draft` → Acme's connection with nothing of OneLogin saved. `configured` → with its values saved, neither tested nor on.
`connection` → Acme's connection that is on and trusts IDP; `live` → tested, too.
`arrivals` → posts responses of IDP to that connection, as a browser does.
`last_event()` → the newest line of the sign-in log. `write(minutes=, email=, …)` → writes a line of Acme's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from sso.connection.configuration import Configuration
from sso.connection.saving import save_configuration
from sso.connection.setup import enable_sso
from sso.connection.sp_keys import create_sp_key
from sso.log.reference import new_reference
from sso.models import Connection, Flow, SignInEvent
from sso.saml.pasted.certificates import read_certificate
from sso.signing_in import pending
from sso.signing_in.browser_secret import cookie_name
from tests.saml.certificate_forms import certificate, pem_of
from tests.saml.messages import ISSUER, SSO_URL, IdentityProvider, Message
from tests.words import PASSWORD

IDP = IdentityProvider()

SignedIn = Callable[[User], Client]
Newest = Callable[[], SignInEvent]
Write = Callable[..., SignInEvent]


def company(name: str, plan: str = "business") -> Organization:
    """A company with <its name>.example verified."""
    slug = name.lower()
    made = Organization.objects.create(name=name, slug=slug, plan=plan, seat_limit=10)
    made.domains.create(name=f"{slug}.example", verified_at=timezone.now(), last_checked_at=timezone.now())
    return made


def member(organization: Organization, first: str, last: str, role: str) -> User:
    """A member <first>@<company>.example with PASSWORD."""
    return User.objects.create_user(
        f"{first.lower()}@{organization.slug}.example",
        PASSWORD,
        organization=organization,
        first_name=first,
        last_name=last,
        role=role,
    )


@pytest.fixture
def acme(db: None) -> Organization:
    """Acme, on Business, with acme.example verified."""
    return company("Acme")


@pytest.fixture
def globex(db: None) -> Organization:
    """Globex, the stranger: on Business, with globex.example verified."""
    return company("Globex")


@pytest.fixture
def initech(db: None) -> Organization:
    """Initech, on Pro: its plan has no single sign-on."""
    return company("Initech", "pro")


@pytest.fixture
def owner(acme: Organization) -> User:
    return member(acme, "Olivia", "Owner", "owner")


@pytest.fixture
def admin(acme: Organization) -> User:
    return member(acme, "Adam", "Admin", "admin")


@pytest.fixture
def supervisor(acme: Organization) -> User:
    return member(acme, "Sam", "Supervisor", "supervisor")


@pytest.fixture
def agent(acme: Organization) -> User:
    return member(acme, "Agnes", "Agent", "agent")


@pytest.fixture
def stranger(globex: Organization) -> User:
    return member(globex, "Greta", "Owner", "owner")


@pytest.fixture
def initech_owner(initech: Organization) -> User:
    return member(initech, "Ian", "Owner", "owner")


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def draft(acme: Organization, owner: User) -> Connection:
    """Enabled, with nothing of OneLogin saved yet."""
    return enable_sso(acme, owner)


@pytest.fixture
def configured(draft: Connection, owner: User) -> Connection:
    """With OneLogin's three values saved, not tested and not on."""
    info = read_certificate(pem_of(certificate()))
    save_configuration(
        draft, owner, Configuration(SSO_URL, ISSUER, (info,), "agent", True, True), timezone.now()
    )
    return draft


def connect(organization: Organization, idp: IdentityProvider = IDP, issuer: str = ISSUER) -> Connection:
    """A connection that is on, trusting an identity provider."""
    connection = Connection.objects.create(
        organization=organization,
        guide="onelogin",
        idp_entity_id=issuer,
        sso_url=SSO_URL,
        enabled_at=timezone.now(),
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


@pytest.fixture
def live(connection: Connection) -> Connection:
    """On, and tested."""
    Connection.objects.update(tested_version=connection.version, tested_at=timezone.now())
    connection.refresh_from_db()
    return connection


@dataclass
class Arrivals:
    """Posts responses to a connection's ACS, as a browser does."""

    connection: Connection
    idp: IdentityProvider = IDP

    @property
    def acs_path(self) -> str:
        return f"/sso/saml/{self.connection.public_id}/acs/"

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
            self.acs_path, {"SAMLResponse": saml_response, **fields}
        )

    def ask(self, client: Client, path: str = "/", **options: Any) -> str:
        """Start a request in a browser; its ID."""
        started = pending.start(self.connection, timezone.now(), relay_path=path, **options)
        client.cookies[cookie_name(started.request_id)] = started.browser_secret
        return started.request_id


def nobody_comes_in(user: User, ends_at: datetime | None) -> None:
    """For messages that let nobody in: no session begins."""
    raise AssertionError(user)


@pytest.fixture
def arrivals(connection: Connection) -> Arrivals:
    return Arrivals(connection)


@pytest.fixture
def last_event(db: None) -> Callable[[], SignInEvent]:
    def newest() -> SignInEvent:
        return SignInEvent.objects.order_by("-pk")[0]

    return newest


@pytest.fixture
def write(acme: Organization, connection: Connection) -> Write:
    """Writes an event of Acme; minutes ago, person, and anything else of it."""

    def event(minutes: float = 1, email: str = "agnes@acme.example", **fields: Any) -> SignInEvent:
        values = {
            "reference": new_reference(),
            "organization": acme,
            "connection": connection,
            "occurred_at": timezone.now() - timedelta(minutes=minutes),
            "flow": Flow.TILE,
            "email": email,
        }
        return SignInEvent.objects.create(**values | fields)

    return event
