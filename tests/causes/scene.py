"""One company, its people and its connection, freshly made: where a cause is provoked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.models import Organization, User
from sso.models import Connection
from tests.cast import Arrivals, company, connect, member
from tests.saml.messages import IdentityProvider

NORA = "nora@acme.example"


@dataclass
class Scene:
    """Acme with single sign-on turned on; `browser` is the one of the person who wants in."""

    acme: Organization
    admin: User
    agent: User
    connection: Connection
    arrivals: Arrivals
    browser: Client = field(default_factory=Client)

    def says(self, email: str = NORA, **fields: Any) -> str:
        """A signed response for somebody; a field may be a function of the connection."""
        return self.arrivals.of(email, **self._resolved(fields))

    def says_as(self, idp: IdentityProvider, email: str = NORA, **options: Any) -> str:
        """The same, of another key, algorithm or place of the signature."""
        message = self.arrivals.message(
            name_id=email, attributes=(("email", (email,)), ("firstName", ("Nora",)), ("lastName", ("New",)))
        )
        return idp.response(message, **options)

    def _resolved(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {name: value(self.connection) if callable(value) else value for name, value in fields.items()}


def new_scene() -> Scene:
    """Everything anew, in the caller's transaction."""
    acme = company("Acme", "business")
    admin = member(acme, "Adam", "Admin", "admin")
    agent = member(acme, "Agnes", "Agent", "agent")
    connection = connect(acme)
    return Scene(acme, admin, agent, connection, Arrivals(connection))
