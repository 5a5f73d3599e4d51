"""Each statement of a sign-in is a look-up by an index, however many companies and members there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from accounts.models import EmailDomain, Invitation, Organization, Throttle, User
from sso.models import (
    ConfigurationCandidate,
    Connection,
    ConnectionTest,
    ConsumedAssertion,
    IdpCertificate,
    LinkedIdentity,
    PendingLogin,
    ServiceProviderKey,
    SignInEvent,
)
from tests.cast import Arrivals

NOW = timezone.now()
MANY = 1500
_IN_ACME = 100
_PLANNED = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")

Statement = tuple[str, Any]


@pytest.fixture
def many(acme: Organization, connection: Connection) -> Iterator[None]:
    """Enough rows in every table of a sign-in for the planners to think about."""
    companies = Organization.objects.bulk_create(
        Organization(name=f"Company {number}", slug=f"company-{number}", plan="business")
        for number in range(MANY)
    )
    connections = Connection.objects.bulk_create(
        Connection(organization=company, idp_entity_id=company.slug, enabled_at=NOW) for company in companies
    )
    members = User.objects.bulk_create(
        User(organization=company, email=f"person@{company.slug}.example") for company in companies
    )
    User.objects.bulk_create(
        User(organization=acme, email=f"person{number}@acme.example") for number in range(_IN_ACME)
    )
    of_acme = User.objects.filter(organization=acme, email__startswith="person")
    LinkedIdentity.objects.bulk_create(
        [
            *(
                LinkedIdentity(connection=theirs, user=user, name_id=user.email)
                for theirs, user in zip(connections, members, strict=True)
            ),
            *(LinkedIdentity(connection=connection, user=user, name_id=user.email) for user in of_acme),
        ]
    )
    _rows_beside(companies, connections, members)
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
    yield
    if database.vendor == "sqlite":
        # The statistics stay behind in the file: the next test's tables are small again.
        with database.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_stat1")


def _rows_beside(companies: list[Organization], connections: list[Connection], members: list[User]) -> None:
    later = NOW + timedelta(minutes=5)
    IdpCertificate.objects.bulk_create(
        IdpCertificate(connection=theirs, pem="x", sha256="x", not_before=NOW, not_after=later)
        for theirs in connections
    )
    ServiceProviderKey.objects.bulk_create(
        ServiceProviderKey(connection=theirs, certificate_pem="x", sealed_private_key="x")
        for theirs in connections
    )
    EmailDomain.objects.bulk_create(
        EmailDomain(organization=company, name=f"{company.slug}.example", verified_at=NOW)
        for company in companies
    )
    Invitation.objects.bulk_create(
        Invitation(
            organization=company,
            email=f"new@{company.slug}.example",
            token_hash=str(company.pk),
            expires_at=later,
        )
        for company in companies
    )
    ConsumedAssertion.objects.bulk_create(
        ConsumedAssertion(connection=theirs, id_hash="x", expires_at=later) for theirs in connections
    )
    ConfigurationCandidate.objects.bulk_create(
        ConfigurationCandidate(connection=theirs, sso_url="x", idp_entity_id="x") for theirs in connections
    )
    ConnectionTest.objects.bulk_create(ConnectionTest(connection=theirs, version=1) for theirs in connections)
    PendingLogin.objects.bulk_create(
        PendingLogin(connection=theirs, request_id=str(theirs.pk), browser_hash="x", expires_at=later)
        for theirs in connections
    )
    SignInEvent.objects.bulk_create(
        SignInEvent(
            reference=f"R{user.pk}",
            organization_id=user.organization_id,
            user=user,
            flow="tile",
        )
        for user in members
    )
    Session.objects.bulk_create(
        Session(session_key=str(number), session_data="x", expire_date=later) for number in range(MANY)
    )
    Throttle.objects.bulk_create(Throttle(key=str(number), window_ends_at=later) for number in range(MANY))


@contextmanager
def captured() -> Iterator[list[Statement]]:
    """The statements that are executed within, with their parameters."""
    statements: list[Statement] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _PLANNED.match(sql):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with database.execute_wrapper(keep):
        yield statements


def _costly(statement: Statement) -> list[str]:
    """What the plan of a statement reads without an index that leads there."""
    sql, params = statement
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            steps = [row[3] for row in cursor.fetchall()]
            return [step for step in steps if re.match(r"SCAN (?!CONSTANT ROW|.*VALUES CLAUSE)", step)]
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()
    found = json.loads(plan) if isinstance(plan, str) else plan
    return [_words(node) for node in _nodes(found[0]["Plan"]) if _reads_everything(node)]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _reads_everything(node: dict[str, Any]) -> bool:
    kind = node["Node Type"]
    by_index = kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
    return kind == "Seq Scan" or (by_index and "Index Cond" not in node)


def _words(node: dict[str, Any]) -> str:
    return f"{node['Node Type']} of {node.get('Relation Name') or node.get('Index Name')}"


def _are_look_ups(statements: list[Statement]) -> None:
    assert statements
    found = {sql: costly for sql, params in statements if (costly := _costly((sql, params)))}
    assert found == {}


def test_a_sign_in_from_the_tile_is_look_ups(many: None, arrivals: Arrivals) -> None:
    form = arrivals.of("person7@acme.example")
    with captured() as statements:
        assert arrivals.post(form).status_code == 303
    _are_look_ups(statements)


def test_a_sign_in_that_was_asked_for_is_look_ups(many: None, arrivals: Arrivals) -> None:
    client = Client()
    form = arrivals.of("person7@acme.example", in_response_to=arrivals.ask(client))
    with captured() as statements:
        assert arrivals.post(form, client).status_code == 303
    _are_look_ups(statements)


def test_a_first_sign_in_is_look_ups(many: None, acme: Organization, arrivals: Arrivals) -> None:
    acme.seat_limit = MANY
    acme.save(update_fields=["seat_limit"])
    form = arrivals.of("nora@acme.example")
    with captured() as statements:
        assert arrivals.post(form).status_code == 303
    _are_look_ups(statements)


def test_a_refused_replay_is_look_ups(many: None, arrivals: Arrivals) -> None:
    form = arrivals.of("person7@acme.example")
    assert arrivals.post(form).status_code == 303
    with captured() as statements:
        assert arrivals.post(form).status_code == 403
    _are_look_ups(statements)


@pytest.mark.parametrize("way", ["address", "email"])
def test_the_start_of_a_sign_in_is_look_ups(many: None, live: Connection, way: str) -> None:
    with captured() as statements:
        if way == "address":
            assert Client().get("/login/sso/acme/").status_code == 302
        else:
            page = Client().post("/login/sso/", {"email": "person7@acme.example"})
            assert b"SAMLRequest" in page.content
    _are_look_ups(statements)


def test_a_statement_that_reads_everything_is_noticed(many: None) -> None:
    with captured() as statements:
        list(User.objects.filter(first_name="Nora"))
    with pytest.raises(AssertionError, match="accounts_user"):
        _are_look_ups(statements)
