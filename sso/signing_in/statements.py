"""The statements of a sign-in that are written by hand: half of what a sign-in cost was Django's composing them.

Each says in one what the ORM needs several for. They hold on SQLite and on PostgreSQL. Table and column names come from
the models, so that a migration changes them here as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from django.db import connection as database
from django.db import models

from accounts.models import EmailDomain, Invitation, Organization, User
from sso.identity import VerifiedIdentity
from sso.models import Connection, ConsumedAssertion, IdpCertificate, LinkedIdentity

ModelT = TypeVar("ModelT", bound=models.Model)


def _columns(model: type[models.Model], alias: str = "") -> str:
    return ", ".join(f"{alias}.{field.column}".lstrip(".") for field in model._meta.concrete_fields)


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _read(model: type[ModelT], values: Sequence[Any]) -> ModelT:
    """An instance of the columns of `_columns`. SQLite keeps times without their zone, which is UTC."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(database.alias, names, [_aware(value) for value in values])


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _time(moment: datetime) -> Any:
    return database.ops.adapt_datetimefield_value(moment)


_CONNECTION = f"""
    SELECT {_columns(Connection, "c")}, {_columns(Organization, "o")}, {_columns(IdpCertificate, "x")}
    FROM {_table(Connection)} c
    JOIN {_table(Organization)} o ON o.id = c.organization_id
    LEFT JOIN {_table(IdpCertificate)} x ON x.connection_id = c.id
    WHERE c.public_id = %s
    ORDER BY x.added_at, x.id
"""


def connection_named(public_id: str) -> Connection | None:
    """The connection of an ACS URL, with its organization and certificates: one snapshot of them all."""
    with database.cursor() as cursor:
        cursor.execute(_CONNECTION, [public_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    ends = len(Connection._meta.concrete_fields)
    organization_ends = ends + len(Organization._meta.concrete_fields)
    connection = _read(Connection, rows[0][:ends])
    connection.organization = _read(Organization, rows[0][ends:organization_ends])
    certificates = connection.certificates.all()
    # As `prefetch_related` leaves them, which would take a statement of its own.
    certificates._result_cache = [
        _read(IdpCertificate, row[organization_ends:]) for row in rows if row[organization_ends] is not None
    ]
    connection._prefetched_objects_cache = {"certificates": certificates}  # type: ignore[attr-defined]
    return connection


# `of_now`: only while the connection is on, and as it was when the response was examined. PostgreSQL waits here for an
# admin who is changing it; others who sign in don't wait for each other.
_USE_UP = f"""
    INSERT INTO {_table(ConsumedAssertion)} (connection_id, id_hash, consumed_at, expires_at)
    SELECT c.id, %s, %s, %s FROM {_table(Connection)} c WHERE c.id = %s {{of_now}}
    ON CONFLICT DO NOTHING
"""
_RULES = (
    "version",
    "idp_entity_id",
    "allow_idp_initiated",
    "allow_sha1",
    "create_members",
    "default_role",
)
_AS_EXAMINED = "AND c.enabled_at IS NOT NULL " + " ".join(f"AND c.{name} = %s" for name in _RULES)


def use_up(
    connection: Connection, id_hash: str, now: datetime, expires_at: datetime, *, of_now: bool
) -> bool:
    """Insert a used assertion. False if it is there already, or the connection is no longer what it was.

    Of many copies at once, all but one wait for the first to commit.
    """
    values = [id_hash, _time(now), _time(expires_at), connection.pk]
    conditions = ""
    if of_now:
        values += [getattr(connection, name) for name in _RULES]
        conditions = _AS_EXAMINED + (" FOR SHARE" if database.vendor == "postgresql" else "")
    with database.cursor() as cursor:
        cursor.execute(_USE_UP.format(of_now=conditions), values)
        return bool(cursor.rowcount == 1)


# A text of all verified domains has another name on each database. No domain has a blank in it.
_FOUND = f"""
    SELECT o.plan, o.seat_limit,
        (SELECT {{joined}}(d.name, ' ') FROM {_table(EmailDomain)} d
         WHERE d.organization_id = o.id AND d.verified_at IS NOT NULL),
        linked.id, linked.email, linked.is_active, linked.organization_id, link.name_id,
        link.id, link.name_id_kind, link.last_used_at,
        holder.id, holder.email, holder.is_active, holder.organization_id, of_holder.name_id,
        (SELECT i.id FROM {_table(Invitation)} i
         WHERE i.organization_id = o.id AND i.email = %s AND i.expires_at > %s
         AND i.accepted_at IS NULL AND i.revoked_at IS NULL)
    FROM {_table(Organization)} o
    LEFT JOIN {_table(LinkedIdentity)} link ON link.id = (
        SELECT l.id FROM {_table(LinkedIdentity)} l JOIN {_table(User)} u ON u.id = l.user_id
        WHERE l.connection_id = %s AND l.name_id = %s AND (l.name_id_kind IN (%s, '', 'both') OR u.email = %s)
        ORDER BY CASE l.name_id_kind WHEN %s THEN 0 ELSE 1 END LIMIT 1)
    LEFT JOIN {_table(User)} linked ON linked.id = link.user_id
    LEFT JOIN {_table(User)} holder ON holder.email = %s
    LEFT JOIN {_table(LinkedIdentity)} of_holder ON of_holder.connection_id = %s AND of_holder.user_id = holder.id
    WHERE o.id = %s
"""
_JOINED = {"postgresql": "string_agg", "sqlite": "group_concat"}


class FoundMember(NamedTuple):
    """A member, and the NameID that is linked to them. All None if there is none."""

    id: int | None
    email: str
    is_active: bool
    organization_id: int | None
    name_id: str | None


class Found(NamedTuple):
    """What our records have of a person. `linked` is who their NameID is linked to, `holder` who has their email.

    Of one NameID in several kinds, the link of its own kind is found, or one of any kind, or one of the very person.
    """

    plan: str
    seat_limit: int
    verified_domains: frozenset[str]
    linked: FoundMember
    link_id: int | None
    link_kind: str | None
    link_used_at: datetime | None
    holder: FoundMember
    invitation_id: int | None


def find_person(connection: Connection, identity: VerifiedIdentity, now: datetime) -> Found:
    """Look a person up in the organization of a connection, by NameID and by email."""
    sql = _FOUND.format(joined=_JOINED[database.vendor])
    email, kind = identity.email, identity.name_id_kind.value
    link = [connection.pk, identity.name_id, kind, email, kind]
    of = [email, _time(now), *link, email, connection.pk, connection.organization_id]
    with database.cursor() as cursor:
        cursor.execute(sql, of)
        plan, seat_limit, domains, *row = cursor.fetchone()
    return Found(
        plan,
        seat_limit,
        frozenset((domains or "").split()),
        FoundMember(*row[:5]),
        row[5],
        row[6],
        _aware(row[7]),
        FoundMember(*row[8:13]),
        row[13],
    )


_NOTE_MEMBER = f"""
    UPDATE {_table(User)}
    SET first_name = COALESCE(NULLIF(%s, ''), first_name), last_name = COALESCE(NULLIF(%s, ''), last_name),
        last_sso_at = %s, last_login = %s
    WHERE id = %s AND is_active
    RETURNING {_columns(User)}
"""


def note_member(member_id: int, first_name: str, last_name: str, now: datetime) -> User | None:
    """Write who signs in, and read the member's row as it is now. None if there is no active one."""
    with database.cursor() as cursor:
        cursor.execute(_NOTE_MEMBER, [first_name, last_name, _time(now), _time(now), member_id])
        row = cursor.fetchone()
    return _read(User, row) if row else None


_LINK = f"""
    INSERT INTO {_table(LinkedIdentity)} (connection_id, name_id, name_id_kind, user_id, created_at, last_used_at)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING
"""


def link_new(connection: Connection, name_id: str, kind: str, user_id: int, now: datetime) -> bool:
    """Link a NameID to a member. False if it has a link already, or the member another one."""
    with database.cursor() as cursor:
        cursor.execute(_LINK, [connection.pk, name_id, kind, user_id, _time(now), _time(now)])
        return bool(cursor.rowcount == 1)
