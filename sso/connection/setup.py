"""Enables single sign-on, turns it on and off, and deletes it. Each writes one audit entry."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from accounts import audit
from accounts.audit import Action
from accounts.models import Organization, User
from sso.connection.configuration import fingerprints_of, live_configuration
from sso.connection.own_connection import connection_of
from sso.connection.sp_keys import create_sp_key
from sso.guides import GUIDES
from sso.models import Connection


class Gate(StrEnum):
    """What must be true before single sign-on can be turned on."""

    PLAN = "plan"
    DOMAIN = "domain"
    INCOMPLETE = "incomplete"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Gate.PLAN: gettext_noop("Your company needs the Business plan."),
    Gate.DOMAIN: gettext_noop("Your company needs a verified email domain."),
    Gate.INCOMPLETE: gettext_noop("SSO URL, Issuer / Entity ID and Certificate must be saved."),
}


class NotReady(Exception):
    """Single sign-on can't be turned on yet. `gates` are all that are unmet."""

    def __init__(self, gates: list[Gate]) -> None:
        super().__init__(", ".join(gates))
        self.gates = gates


class PlanWithoutSso(Exception):
    """The organization's plan does not include single sign-on."""


def enable_sso(organization: Organization, actor: User) -> Connection:
    """Create a connection with addresses and a key, or return the existing one. Raises PlanWithoutSso."""
    if not organization.current_plan.includes_sso:
        raise PlanWithoutSso
    existing = connection_of(organization)
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            connection = organization.connections.create()
            create_sp_key(connection)
            audit.record(organization, actor, Action.SSO_ENABLED, {"protocol": ["", "saml2"]})
    except IntegrityError:
        # Another request, perhaps a second click, created it at the same moment.
        return organization.connections.get()
    return connection


def unmet_gates(connection: Connection) -> list[Gate]:
    """What is missing before this connection can be turned on, in the order to do it."""
    organization = connection.organization
    met = {
        Gate.PLAN: organization.current_plan.includes_sso,
        Gate.DOMAIN: organization.domains.filter(verified_at__isnull=False).exists(),
        Gate.INCOMPLETE: connection.is_complete,
    }
    return [gate for gate, is_met in met.items() if not is_met]


def turn_on(connection: Connection, actor: User, now: datetime) -> None:
    """Let people sign in by this connection from now on. Raises NotReady."""
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if gates := unmet_gates(locked):
            raise NotReady(gates)
        if locked.enabled_at is None:
            locked.enabled_at = now
            locked.save(update_fields=["enabled_at"])
            audit.record(locked.organization, actor, Action.SSO_TURNED_ON, {"enabled": [False, True]})
    connection.refresh_from_db()


def turn_off(connection: Connection, actor: User) -> None:
    """Stop sign-in by this connection at once. The configuration stays; sessions that exist go on."""
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if locked.enabled_at is not None:
            locked.enabled_at = None
            locked.save(update_fields=["enabled_at"])
            audit.record(locked.organization, actor, Action.SSO_TURNED_OFF, {"enabled": [True, False]})
    connection.refresh_from_db()


def choose_guide(connection: Connection, actor: User, name: str) -> None:
    """Show the guide of another identity provider. Changes no sign-in. Raises KeyError."""
    guide = GUIDES[name]
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if locked.guide != guide.name:
            changes = {"guide": [locked.guide, guide.name]}
            locked.guide = guide.name
            locked.save(update_fields=["guide"])
            audit.record(locked.organization, actor, Action.GUIDE_CHOSEN, changes)
    connection.refresh_from_db()


def accept_sha1(connection: Connection, actor: User, accept: bool) -> None:
    """Accept signatures made with SHA-1 by this connection, or stop it.

    Accepting it keeps a passed test valid. Refusing it again does not, so `version` increases.
    """
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if locked.allow_sha1 != accept:
            locked.allow_sha1 = accept
            locked.version += 0 if accept else 1
            locked.save(update_fields=["allow_sha1", "version"])
            audit.record(
                locked.organization, actor, Action.SHA1_CHANGED, {"allow_sha1": [not accept, accept]}
            )
    connection.refresh_from_db()


def delete_connection(connection: Connection, actor: User) -> None:
    """Delete the configuration with its links, tests, keys and certificates. Members and log stay."""
    with transaction.atomic():
        # Lock the connection first, as a sign-in does, so that there is no deadlock.
        connection = (
            Connection.objects.select_for_update().select_related("organization").get(pk=connection.pk)
        )
        live = live_configuration(connection)
        before = {
            "sso_url": [live.sso_url, ""],
            "idp_entity_id": [live.idp_entity_id, ""],
            "certificates": [fingerprints_of(live.certificates), ""],
            "acs_url": [connection.acs_url, ""],
        }
        organization = connection.organization
        connection.delete()
        audit.record(organization, actor, Action.SSO_DELETED, before)
