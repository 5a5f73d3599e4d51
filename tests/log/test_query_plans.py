"""Every page of the log is a range of one index: nothing is scanned, and nothing is sorted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEntry, Organization, User
from sso.log.cured import with_cures
from sso.log.cursor import Cursor, below
from sso.log.sign_in_log import Wanted, events, unanswered
from sso.management.commands.housekeeping import stale
from sso.models import Connection, Flow, PendingLogin, SignInEvent

NOW = timezone.now()
CURSOR = Cursor(NOW - timedelta(days=10), 1000)
BY_TIME = "events_of_organization"
# What most rows are, may be read by time as well.
FILTERS = [
    (Wanted(), [BY_TIME]),
    (Wanted(result="signed_in"), ["events_by_result", BY_TIME]),
    (Wanted(result="refused"), ["events_by_result"]),
    (Wanted(reason="no_seat"), ["events_by_refusal"]),
    (Wanted(flow="tile"), ["events_by_flow", BY_TIME]),
    (Wanted(flow="test"), ["events_by_flow"]),
    (Wanted(emails=("n7@acme.example",)), ["events_by_email"]),
    (Wanted(since=NOW - timedelta(days=20), until=NOW - timedelta(days=5)), [BY_TIME]),
]
# As SQLite and PostgreSQL say that they read everything, or sort ("Incremental Sort" among them).
EVERYTHING = ("SCAN sso_", "SCAN accounts_", "Seq Scan on sso_", "Seq Scan on accounts_audit")
COSTLY = (*EVERYTHING, "TEMP B-TREE", "Sort")


@pytest.fixture
def many(acme: Organization, globex: Organization, admin: User, connection: Connection) -> Iterator[None]:
    """Enough rows, of two companies, for the planners to think about."""
    codes = ["", "", "", "", "", "", "", "", "", "no_seat"]
    for company in (acme, globex):
        SignInEvent.objects.bulk_create(
            SignInEvent(
                reference=f"{company.pk}-{number}",
                organization=company,
                occurred_at=NOW - timedelta(minutes=40 * number),
                flow=Flow.TEST if number % 50 == 0 else Flow.TILE,
                refusal=codes[number % 10],
                email=f"n{number % 300}@acme.example",
                redacted_xml="<x/>" if number < 1000 else "",
            )
            for number in range(3000)
        )
    PendingLogin.objects.bulk_create(
        PendingLogin(
            request_id=str(number),
            connection=connection,
            browser_hash="x",
            created_at=NOW - timedelta(minutes=number),
            expires_at=NOW - timedelta(minutes=number - 10),
            answered_at=None if number % 10 == 0 else NOW - timedelta(minutes=number - 1),
        )
        for number in range(3000)
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(
            # One small company among others.
            organization=globex if number % 50 else acme,
            actor=admin,
            at=NOW - timedelta(minutes=number),
            action="sso.enabled",
        )
        for number in range(4000)
    )
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
        if database.vendor == "postgresql":
            # It reads a table of a few rows whole, and tests before leave pages that it counts. The question is whether
            # an index can serve: what still is a Seq Scan now has none.
            cursor.execute("SET LOCAL enable_seqscan = off")
    yield
    if database.vendor == "sqlite":
        # The statistics stay behind in the file: the next test's tables are small again.
        with database.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_stat1")


def _plan(rows: QuerySet[Any]) -> str:
    return rows.explain()


def _is_cheap(plan: str) -> None:
    assert not any(costly in plan for costly in COSTLY), plan


def test_every_page_of_the_log_is_a_range_of_an_index(many: None, acme: Organization) -> None:
    for wanted, indexes in FILTERS:
        for before in (None, CURSOR):
            plan = _plan(events(acme, wanted, before)[:51])
            assert any(index in plan for index in indexes), plan
            _is_cheap(plan)


def test_unanswered_requests_are_a_range_of_their_index(many: None, connection: Connection) -> None:
    for before in (None, Cursor(NOW - timedelta(minutes=500), 5, 1)):
        plan = _plan(unanswered(connection, Wanted(), NOW, before)[:51])
        assert "unanswered_of_connection" in plan, plan
        _is_cheap(plan)


def test_what_cures_a_cause_is_looked_up_in_an_index(many: None, acme: Organization) -> None:
    refused = acme.sign_in_events.filter(refused__in=[True], occurred_at__gt=NOW - timedelta(days=7))
    plan = _plan(with_cures(refused, acme))
    for index in ("events_by_result", "events_by_email", "events_by_flow"):
        assert index in plan, plan
    assert not any(everything in plan for everything in EVERYTHING), plan


def test_a_reference_is_one_look_up(many: None, acme: Organization) -> None:
    plan = _plan(acme.sign_in_events.filter(reference="1-77"))
    assert "reference" in plan, plan
    _is_cheap(plan)


def test_the_audit_trail_is_a_range_of_an_index(many: None, acme: Organization, admin: User) -> None:
    rows = below(acme.audit_entries.order_by("-at", "-pk"), "at", Cursor(NOW - timedelta(hours=20), 1000))
    for found in (rows, rows.filter(actor__in=[admin.pk])):
        plan = _plan(found[:51])
        assert "audit_of_organization" in plan or "audit_by_actor" in plan, plan
        _is_cheap(plan)


def test_the_housekeeping_finds_its_batch_by_an_index(many: None) -> None:
    for kind in stale(NOW):
        if kind.rows.model in (SignInEvent, AuditEntry) or kind.name == "answered requests":
            plan = _plan(kind.rows.values_list("pk", flat=True)[:1000])
            # Sorting what an index found is as good: a run takes it all in the end.
            assert not any(everything in plan for everything in EVERYTHING), plan
