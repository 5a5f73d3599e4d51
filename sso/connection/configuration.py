"""The configuration of a connection as one value: read, compared, and made live.

The form, the saved configuration, the staged change, a conflict and the audit trail have the same fields under the same
names. `ConnectionConfig` is something else: what the protocol code expects of a response.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from accounts.audit import Changes
from sso.models import ConfigurationCandidate, Connection
from sso.saml.pasted.certificates import IdpCertificateInfo, read_certificate


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything that Save Configuration saves. `certificates` are all trusted ones, each once."""

    sso_url: str
    idp_entity_id: str
    certificates: tuple[IdpCertificateInfo, ...]
    default_role: str
    allow_idp_initiated: bool
    create_members: bool


# The label of each field on the page and in the audit trail.
LABELS = {
    "sso_url": gettext_noop("SSO URL"),
    "idp_entity_id": gettext_noop("Issuer / Entity ID"),
    "certificates": gettext_noop("Certificate"),
    "default_role": gettext_noop("Default Role"),
    "allow_idp_initiated": gettext_noop("Allow sign-in from the tile"),
    "create_members": gettext_noop("Create members automatically"),
}
# A test proves that these work. The others only decide about members, so they never wait for a test.
TESTED = frozenset({"sso_url", "idp_entity_id", "certificates"})


def live_configuration(connection: Connection) -> Configuration:
    """The configuration that sign-ins use now. One query, for the certificates."""
    return Configuration(
        sso_url=connection.sso_url,
        idp_entity_id=connection.idp_entity_id,
        certificates=tuple(read_certificate(row.pem) for row in connection.certificates.all()),
        default_role=connection.default_role,
        allow_idp_initiated=connection.allow_idp_initiated,
        create_members=connection.create_members,
    )


def staged_configuration(connection: Connection, candidate: ConfigurationCandidate) -> Configuration:
    """The configuration that sign-ins will use once the staged change is applied."""
    live = live_configuration(connection)
    return replace(
        live,
        sso_url=candidate.sso_url,
        idp_entity_id=candidate.idp_entity_id,
        certificates=tuple(read_certificate(pem) for pem in candidate.pems) or live.certificates,
    )


def edited_configuration(connection: Connection) -> Configuration:
    """The configuration that the form shows: the staged one, or the live one without a staged change."""
    candidate = connection.staged
    return staged_configuration(connection, candidate) if candidate else live_configuration(connection)


def changed_fields(before: Configuration, after: Configuration) -> list[str]:
    """The names of the fields that differ, in the order of the form. Certificates have no order."""
    return [name for name in LABELS if _compared(before, name) != _compared(after, name)]


def changes_between(before: Configuration, after: Configuration) -> Changes:
    """What differs, as the audit trail stores it. A certificate is stored as its SHA-256 fingerprint."""
    return {name: [_kept(before, name), _kept(after, name)] for name in changed_fields(before, after)}


def fingerprints_of(certificates: tuple[IdpCertificateInfo, ...]) -> str:
    """The SHA-256 fingerprints of certificates, as the audit trail stores them."""
    return ", ".join(each.sha256 for each in certificates)


def _compared(configuration: Configuration, name: str) -> Any:
    value = getattr(configuration, name)
    return {each.sha256 for each in value} if name == "certificates" else value


def _kept(configuration: Configuration, name: str) -> Any:
    value = getattr(configuration, name)
    return fingerprints_of(value) if name == "certificates" else value


def make_live(connection: Connection, configuration: Configuration, now: datetime) -> Changes:
    """Save what differs and return the changes. The caller has locked the connection.

    Increases `version` if the connection must be tested again. A certificate that stays keeps its row, and so the time it
    was last used.
    """
    live = live_configuration(connection)
    changes = changes_between(live, configuration)
    fields = [name for name in changes if name != "certificates"]
    for name in fields:
        setattr(connection, name, getattr(configuration, name))
    if "certificates" in changes:
        _trust_only(connection, configuration.certificates, now)
    if changes.keys() & TESTED:
        connection.version += 1
        fields.append("version")
    if fields:
        connection.save(update_fields=fields)
    return changes


def _trust_only(connection: Connection, certificates: tuple[IdpCertificateInfo, ...], now: datetime) -> None:
    connection.certificates.exclude(sha256__in=[each.sha256 for each in certificates]).delete()
    for each in certificates:
        connection.certificates.get_or_create(
            sha256=each.sha256,
            defaults={
                "pem": each.pem,
                "not_before": each.not_before,
                "not_after": each.not_after,
                "added_at": now,
            },
        )
