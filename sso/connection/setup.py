"""Everything an admin does to the single sign-on of a company: one transaction and one audit entry each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from accounts import audit
from accounts.models import Organization, User
from sso.connection.own_connection import connection_of
from sso.connection.sp_keys import create_sp_key
from sso.guides import GUIDES, guide_named
from sso.models import Connection
from sso.saml.pasted.certificates import IdpCertificateInfo


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
    """Single sign-on can't be turned on yet. Names every gate that is unmet."""

    def __init__(self, gates: list[Gate]) -> None:
        super().__init__(", ".join(gates))
        self.gates = gates


class PlanWithoutSso(Exception):
    """The organization's plan does not include single sign-on."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What Save Configuration saves. Without a certificate, the saved one is kept."""

    sso_url: str
    idp_entity_id: str
    certificate: IdpCertificateInfo | None
    default_role: str
    allow_idp_initiated: bool
    create_members: bool


# A change of one of these is a change a test must vouch for anew; the others decide about members only.
_MATTERS = frozenset({"sso_url", "idp_entity_id", "certificate"})


def enable_sso(organization: Organization, actor: User) -> Connection:
    """Make a draft with its own addresses and key. One that exists is returned as it is. Raises PlanWithoutSso."""
    if not organization.current_plan.includes_sso:
        raise PlanWithoutSso
    existing = connection_of(organization)
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            connection = organization.connections.create()
            create_sp_key(connection)
            audit.record(organization, actor, "sso.enabled", {"protocol": ["", "SAML 2.0"]})
    except IntegrityError:
        # Somebody else, or a second click, was faster by a moment.
        return organization.connections.get()
    return connection


def save_configuration(
    connection: Connection, actor: User, configuration: Configuration, now: datetime
) -> dict[str, list[Any]]:
    """Save what changed, and return it as {field: [before, after]}. A new certificate replaces the saved ones.

    `version` is raised only by a change that matters to a sign-in, so that a test goes on vouching for the rest.
    """
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        changes: dict[str, list[Any]] = {}
        for name in ("sso_url", "idp_entity_id", "default_role", "allow_idp_initiated", "create_members"):
            before, after = getattr(locked, name), getattr(configuration, name)
            if before != after:
                changes[name] = [before, after]
                setattr(locked, name, after)
        fields = list(changes)
        if configuration.certificate is not None:
            changes |= replace_certificate(locked, configuration.certificate, now)
        if not changes:
            return {}
        if _MATTERS & changes.keys():
            locked.version += 1
            fields.append("version")
        locked.save(update_fields=fields)
        audit.record(locked.organization, actor, "sso.configuration_saved", changes)
    connection.refresh_from_db()
    return changes


def replace_certificate(
    connection: Connection, certificate: IdpCertificateInfo, now: datetime
) -> dict[str, list[Any]]:
    """Trust this certificate and no other, in the caller's transaction; {field: [before, after]} if that is new."""
    saved = [row.sha256 for row in connection.certificates.all()]
    if saved == [certificate.sha256]:
        return {}
    connection.certificates.exclude(sha256=certificate.sha256).delete()
    connection.certificates.get_or_create(
        sha256=certificate.sha256,
        defaults={
            "pem": certificate.pem,
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
            "added_at": now,
        },
    )
    return {"certificate": [", ".join(saved), certificate.sha256]}


def unmet_gates(connection: Connection) -> list[Gate]:
    """What still keeps this connection from being turned on, in the order to do it."""
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
            audit.record(locked.organization, actor, "sso.turned_on", {"enabled": [False, True]})
    connection.refresh_from_db()


def turn_off(connection: Connection, actor: User) -> None:
    """Stop sign-in by this connection at once. The configuration stays; sessions that exist go on."""
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if locked.enabled_at is not None:
            locked.enabled_at = None
            locked.save(update_fields=["enabled_at"])
            audit.record(locked.organization, actor, "sso.turned_off", {"enabled": [True, False]})
    connection.refresh_from_db()


def choose_guide(connection: Connection, actor: User, name: str) -> None:
    """Show the words of another identity provider. Nothing of a sign-in changes. Raises KeyError for an unknown name."""
    guide = GUIDES[name]
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if locked.guide != guide.name:
            before = guide_named(locked.guide).title
            locked.guide = guide.name
            locked.save(update_fields=["guide"])
            audit.record(locked.organization, actor, "sso.guide_chosen", {"guide": [before, guide.title]})
    connection.refresh_from_db()


def accept_sha1(connection: Connection, actor: User, accept: bool) -> None:
    """Accept signatures made with SHA-1 by this connection, or stop it.

    Whatever passed without SHA-1 passes with it; the other way round, a test has to vouch anew.
    """
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if locked.allow_sha1 != accept:
            locked.allow_sha1 = accept
            locked.version += 0 if accept else 1
            locked.save(update_fields=["allow_sha1", "version"])
            audit.record(locked.organization, actor, "sso.sha1_changed", {"allow_sha1": [not accept, accept]})
    connection.refresh_from_db()


def delete_connection(connection: Connection, actor: User) -> None:
    """Delete the configuration with its links, tests, keys and certificates. Members and the sign-in log stay."""
    with transaction.atomic():
        # Held first, as a sign-in does: the two never wait for each other.
        connection = (
            Connection.objects.select_for_update().select_related("organization").get(pk=connection.pk)
        )
        before = {
            "sso_url": [connection.sso_url, ""],
            "idp_entity_id": [connection.idp_entity_id, ""],
            "certificate": [", ".join(row.sha256 for row in connection.certificates.all()), ""],
            "acs_url": [connection.acs_url, ""],
        }
        organization = connection.organization
        connection.delete()
        audit.record(organization, actor, "sso.deleted", before)
