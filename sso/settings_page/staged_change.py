"""What the Single Sign-On page shows of a staged change, and of two people who edit at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sso.connection import staging
from sso.models import ConfigurationCandidate, Connection
from sso.saml.differences import Piece, compare
from sso.saml.pasted.certificates import read_certificate
from sso.settings_page.forms import ConfigurationForm


@dataclass(frozen=True, slots=True)
class Line:
    """One field in two versions: now and then, or theirs and yours."""

    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class StagedChange:
    """A change that waits for its test."""

    candidate: ConfigurationCandidate
    lines: list[Line]
    is_tested: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else's edit, and this one that was not saved."""

    who: str
    at: datetime | None
    lines: list[Line]


def staged_change(connection: Connection) -> StagedChange | None:
    """The change of a connection, field by field."""
    candidate = connection.staged
    if candidate is None:
        return None
    lines = []
    for name, (live, staged) in staging.changes_of(connection, candidate).items():
        if name == "certificate":
            lines.append(Line(_label(name), *_certificates(connection, candidate)))
        else:
            compared = compare(live, staged)
            lines.append(Line(_label(name), compared.expected, compared.received))
    return StagedChange(candidate, lines, candidate.is_tested)


def _certificates(
    connection: Connection, candidate: ConfigurationCandidate
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    live = "\n\n".join(_certificate(row.pem) for row in connection.certificates.all())
    return (Piece(live, False),), (Piece(_certificate(candidate.certificate_pem), False),)


def _certificate(pem: str) -> str:
    info = read_certificate(pem)
    return f"{info.subject}\n{info.sha256_colons}\n" + _("valid until %s") % f"{info.not_after:%-d %b %Y}"


def conflict_of(connection: Connection, form: ConfigurationForm) -> Conflict:
    """What is saved now beside what this form would have saved."""
    wanted = form.configuration
    candidate = connection.staged
    pairs = {
        "sso_url": (candidate.sso_url if candidate else connection.sso_url, wanted.sso_url),
        "idp_entity_id": (
            candidate.idp_entity_id if candidate else connection.idp_entity_id,
            wanted.idp_entity_id,
        ),
        "default_role": (connection.get_default_role_display(), wanted.default_role.capitalize()),
        "allow_idp_initiated": (_yes(connection.allow_idp_initiated), _yes(wanted.allow_idp_initiated)),
        "create_members": (_yes(connection.create_members), _yes(wanted.create_members)),
    }
    if wanted.certificate is not None:
        saved = (
            [candidate.certificate_sha256]
            if candidate and candidate.certificate_sha256
            else [row.sha256 for row in connection.certificates.all()]
        )
        pairs["certificate"] = (", ".join(saved), wanted.certificate.sha256)
    lines = []
    for name, (theirs, mine) in pairs.items():
        if theirs != mine:
            compared = compare(theirs, mine)
            lines.append(Line(_label(name), compared.expected, compared.received))
    latest = (
        connection.organization.audit_entries.select_related("actor")
        .filter(action__startswith="sso.")
        .order_by("-at", "-pk")
        .first()
    )
    who = latest.actor.get_full_name() if latest and latest.actor else ""
    return Conflict(who, latest.at if latest else None, lines)


def _label(name: str) -> str:
    return {
        "sso_url": _("SSO URL"),
        "idp_entity_id": _("Issuer / Entity ID"),
        "certificate": _("Certificate"),
        "default_role": _("Default Role"),
        "allow_idp_initiated": _("Sign-in from the tile"),
        "create_members": _("Create members automatically"),
    }[name]


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
