"""What the Single Sign-On page shows of a staged change, and of two people who edit at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.roles import Role
from sso.connection.configuration import (
    LABELS,
    Configuration,
    changed_fields,
    edited_configuration,
    live_configuration,
    staged_configuration,
)
from sso.models import ConfigurationCandidate, Connection
from sso.saml.differences import Piece, compare
from sso.saml.pasted.certificates import IdpCertificateInfo


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
    lines = _lines(live_configuration(connection), staged_configuration(connection, candidate))
    return StagedChange(candidate, lines, candidate.is_tested)


def conflict_of(connection: Connection, mine: Configuration) -> Conflict:
    """What is saved now beside what this form would have saved."""
    latest = (
        connection.organization.audit_entries.select_related("actor")
        .filter(action__startswith="sso.")
        .order_by("-at", "-pk")
        .first()
    )
    who = latest.actor.get_full_name() if latest and latest.actor else ""
    lines = _lines(edited_configuration(connection), mine)
    return Conflict(who, latest.at if latest else None, lines)


def _lines(before: Configuration, after: Configuration) -> list[Line]:
    """The fields that differ, with the difference marked."""
    return [_line(name, before, after) for name in changed_fields(before, after)]


def _line(name: str, before: Configuration, after: Configuration) -> Line:
    label, old, new = _(LABELS[name]), _in_words(before, name), _in_words(after, name)
    if name == "certificates":
        # Between two certificates nearly everything differs.
        return Line(label, (Piece(old, False),), (Piece(new, False),))
    compared = compare(old, new)
    return Line(label, compared.expected, compared.received)


def _in_words(configuration: Configuration, name: str) -> str:
    match getattr(configuration, name):
        case bool() as is_on:
            return _("yes") if is_on else _("no")
        case tuple() as certificates:
            return "\n\n".join(_certificate(each) for each in certificates)
        case role if name == "default_role":
            return Role(role).label
        case value:
            return str(value)


def _certificate(info: IdpCertificateInfo) -> str:
    return f"{info.subject}\n{info.sha256_colons}\n" + _("valid until %s") % f"{info.not_after:%-d %b %Y}"
