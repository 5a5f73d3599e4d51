"""Fills a PostgreSQL database with many companies, members, links and events: the database makes the rows itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.bench.databases import Database
from tests.bench.run import Run
from tests.bench.sizes import Sizes

_BATCH = 50_000


@dataclass(frozen=True)
class _Table:
    """Rows of one table: `statement` makes those with the numbers %(first)s to %(last)s."""

    name: str
    rows: int
    statement: str


def fill(database: Database, sizes: Sizes, run: Run) -> None:
    """Add companies with connection, certificate, key and domain; members with a link; events of the last 90 days.

    There must be a member and a connection already, whose certificate and key are copied.
    """
    with database.connected() as connection:
        cursor = connection.cursor()
        fixed: dict[str, Any] = {
            "companies": sizes.companies,
            "members": sizes.members,
            "companies_before": _last_id(cursor, "accounts_organization"),
            "connections_before": _last_id(cursor, "sso_connection"),
            "users_before": _last_id(cursor, "accounts_user"),
        }
        for table in _tables(sizes):
            batches = list(_batches(table.rows))
            for first, last in run.shown(batches, len(batches), f"{table.rows:,} {table.name}"):
                cursor.execute(table.statement, fixed | {"first": first, "last": last})
        for statement in ("VACUUM", "ANALYZE", "CHECKPOINT"):
            cursor.execute(statement)


def _last_id(cursor: Any, table: str) -> int:
    """The id after which the next rows of a table are numbered without a gap."""
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    (last,) = cursor.fetchone()
    return int(last)


def _batches(rows: int) -> Iterator[tuple[int, int]]:
    for first in range(1, rows + 1, _BATCH):
        yield first, min(first + _BATCH - 1, rows)


def _tables(sizes: Sizes) -> list[_Table]:
    companies = sizes.companies
    return [
        _Table("companies", companies, _COMPANIES),
        _Table("connections", companies, _CONNECTIONS),
        _Table("certificates", companies, _CERTIFICATES),
        _Table("keys", companies, _KEYS),
        _Table("domains", companies, _DOMAINS),
        _Table("members", sizes.members, _MEMBERS),
        _Table("links", sizes.members, _LINKS),
        _Table("events", sizes.events, _EVENTS),
    ]


# Row number i: of the company i where each has one, else member i of company 1 + i mod companies.
_NUMBERS = "FROM generate_series(%(first)s, %(last)s) AS i"
_COMPANY, _CONNECTION = "%(companies_before)s + i", "%(connections_before)s + i"
_ITS_COMPANY = "%(companies_before)s + 1 + i %% %(companies)s"
_ITS_CONNECTION = "%(connections_before)s + 1 + i %% %(companies)s"
_COMPANIES = f"""
INSERT INTO accounts_organization (name, slug, plan, seat_limit, created_at)
SELECT 'Company ' || i, 'company-' || i, 'business', 1000000, now() {_NUMBERS}"""
_CONNECTIONS = f"""
INSERT INTO sso_connection (organization_id, public_id, guide, idp_entity_id, sso_url, default_role, allow_idp_initiated,
                            create_members, allow_sha1, enabled_at, created_at, version)
SELECT {_COMPANY}, md5('connection ' || i), 'onelogin', 'https://idp.example/' || i, 'https://idp.example/' || i, 'agent',
       true, true, false, now(), now(), 1 {_NUMBERS}"""
_CERTIFICATES = f"""
INSERT INTO sso_idpcertificate (connection_id, pem, sha256, not_before, not_after, added_at)
SELECT {_CONNECTION}, one.pem, one.sha256, one.not_before, one.not_after, now()
{_NUMBERS}, (SELECT * FROM sso_idpcertificate ORDER BY id LIMIT 1) AS one"""
_KEYS = f"""
INSERT INTO sso_serviceproviderkey (connection_id, certificate_pem, sealed_private_key, created_at)
SELECT {_CONNECTION}, one.certificate_pem, one.sealed_private_key, now()
{_NUMBERS}, (SELECT * FROM sso_serviceproviderkey ORDER BY id LIMIT 1) AS one"""
_DOMAINS = f"""
INSERT INTO accounts_emaildomain (organization_id, name, token, created_at, verified_at, last_checked_at)
SELECT {_COMPANY}, 'company-' || i || '.example', md5('domain ' || i), now(), now(), now() {_NUMBERS}"""
_MEMBERS = f"""
INSERT INTO accounts_user (organization_id, email, password, first_name, last_name, role, is_active, is_staff,
                           is_superuser, date_joined, session_epoch, failed_passwords)
SELECT {_ITS_COMPANY}, 'member-' || i || '@filled.example', '!', 'Member', 'Number ' || i, 'agent', true, false,
       false, now(), 0, 0 {_NUMBERS}"""
_LINKS = f"""
INSERT INTO sso_linkedidentity (connection_id, name_id, user_id, created_at, last_used_at)
SELECT {_ITS_CONNECTION}, 'member-' || i || '@filled.example', %(users_before)s + i, now(), now() {_NUMBERS}"""
_EVENTS = f"""
INSERT INTO sso_signinevent (reference, organization_id, connection_id, user_id, occurred_at, flow, refusal, admission,
                             email, checks, attributes, redacted_xml)
SELECT upper(left(md5('event ' || event), 16)), {_ITS_COMPANY}, {_ITS_CONNECTION}, %(users_before)s + i,
       now() - (event %% 7776000) * interval '1 second', CASE WHEN event %% 3 = 0 THEN 'tile' ELSE 'sso_page' END,
       CASE WHEN event %% 33 = 0 THEN 'wrong_audience' ELSE '' END, CASE WHEN event %% 33 = 0 THEN '' ELSE 'member' END,
       'member-' || i || '@filled.example',
       '[{{"check": "response", "outcome": "passed"}}, {{"check": "signature", "outcome": "passed"}}]', '{{}}', ''
FROM generate_series(%(first)s, %(last)s) AS event, LATERAL (SELECT 1 + event %% %(members)s AS i) AS member"""
