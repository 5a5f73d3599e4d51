"""Every URL of the URLconf, with what fills its parameters: a new view is among them by itself.

`FILLERS` says, for each name of a parameter, how to make one that belongs to a company. A view with a parameter that is
not there fails the tests, with what to add.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.invitations import token_hash
from accounts.models import INVITATION_LIFETIME, Organization, User
from accounts.roles import Role
from sso.models import Connection, Flow

INVITATION_TOKEN = "an-invitation-token-that-is-long-enough-to-be-one"
# Open to everybody, by design. Everything else asks for a sign-in.
PUBLIC = {
    "health_live",
    "health_ready",
    "metrics",
    "login",
    "login_password",
    "operator_login",
    "logout",
    "password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
    "invitation",
    "sso_start",
    "sso_start_at",
    "sso_again",
    "sso_refused",
    "sso_acs",
    "sso_acs_without_slash",
    "sso_metadata",
    "sso_metadata_without_slash",
}
# For every member, whatever the role.
FOR_MEMBERS = {"home", "settings"}


@dataclass(frozen=True)
class Route:
    """A named URL. Its parameters by name."""

    name: str
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return self.name

    def path(self, company: Organization) -> str:
        """The address, with the objects of a company in it."""
        return reverse(self.name, kwargs={each: self._filled(each, company) for each in self.parameters})

    def _filled(self, parameter: str, company: Organization) -> Any:
        fill = FILLERS.get(f"{self.name}.{parameter}") or FILLERS.get(parameter)
        assert fill is not None, (
            f"The view “{self.name}” has a parameter “{parameter}” nobody here knows. Add to FILLERS in "
            f"{__name__} how to make one that belongs to a company, so that tenancy is tested with it."
        )
        return fill(company)


def _routes(resolver: URLResolver, parameters: tuple[str, ...] = ()) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        inner = (*parameters, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            # The operator's pages are Django's own, and tested as a whole.
            if pattern.namespace != "admin":
                yield from _routes(pattern, inner)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"Give the URL {pattern.pattern} a name, so that it is tested."
            yield Route(pattern.name, inner)


ROUTES = list(_routes(get_resolver()))
GUARDED = [route for route in ROUTES if route.name not in PUBLIC]
SETTINGS = [route for route in GUARDED if route.name not in FOR_MEMBERS]


def _member(company: Organization) -> User:
    return company.members.get(role=Role.AGENT.value)


def _invitation_id(company: Organization) -> int:
    invitation, _is_new = company.invitations.get_or_create(
        email=f"invited@{company.slug}.example",
        defaults={
            "token_hash": token_hash(INVITATION_TOKEN),
            "expires_at": timezone.now() + INVITATION_LIFETIME,
        },
    )
    return invitation.pk


def _invitation_token(company: Organization) -> str:
    _invitation_id(company)
    return INVITATION_TOKEN


def _connection(company: Organization) -> Connection:
    return company.connections.get()


def _test_id(company: Organization) -> str:
    connection = _connection(company)
    return str((connection.tests.first() or connection.tests.create(version=1)).public_id)


def _event_reference(company: Organization) -> str:
    event, _is_new = company.sign_in_events.get_or_create(
        reference="SSO-22ZZ33YY", defaults={"connection": _connection(company), "flow": Flow.TILE}
    )
    return event.reference


FILLERS: dict[str, Callable[[Organization], Any]] = {
    "slug": lambda company: company.slug,
    "public_id": lambda company: _connection(company).public_id,
    "sso_test_result.public_id": _test_id,
    "sso_test_status_of.public_id": _test_id,
    "uidb64": lambda company: urlsafe_base64_encode(force_bytes(_member(company).pk)),
    "token": lambda company: default_token_generator.make_token(_member(company)),
    "invitation.token": _invitation_token,
    "member_id": lambda company: _member(company).pk,
    "domain_id": lambda company: company.domains.get().pk,
    "invitation_id": _invitation_id,
    "reference": _event_reference,
    "certificate_id": lambda company: _connection(company).certificates.get().pk,
}
