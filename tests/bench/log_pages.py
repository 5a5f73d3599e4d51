"""Is the sign-in log as fast with a million sign-ins as with a thousand?

Fills a scratch database (SQLite, or the PostgreSQL of DATABASE_URL), asks each page of the log there, and drops it
again. Every page is measured in the same run against the same page of a company with a thousand sign-ins (the floor),
and the list against what it would cost to count to a page (OFFSET).
"""

# ruff: noqa: E402 - Django is set up before its models can be imported.
from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection as database
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from accounts.plans import Plan
from accounts.roles import Role
from sso.log.cursor import Cursor
from sso.refusals import Check, Refusal
from sso.saml.report import complete, passed
from tests.bench.run import Run

PART = "log"
LOG = "/settings/security/log/"
ROUNDS = 15
FLOOR = 1_000


def measure(run: Run, events: int) -> None:
    """Fill the scratch database, ask each page, and drop it again."""
    logging.disable()
    name = database.settings_dict["NAME"]
    database.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        _measure(run, events)
    finally:
        database.creation.destroy_test_db(name, verbosity=0)
        logging.disable(logging.NOTSET)


def _measure(run: Run, events: int) -> None:
    now = timezone.now()
    small, large = _company("small", FLOOR, now), _company("large", events, now)
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
    asked = {
        page: [_asking(_client(company), path) for company, path in paths]
        for page, paths in _pages(small, large).items()
    }
    for name, offset in (("middle of the list, by key", False), ("middle of the list, by OFFSET", True)):
        asked[name] = [_deep_list(company, offset=offset) for company in (small, large)]
    for page, actions in run.shown(asked.items(), len(asked), f"{database.vendor}: the log"):
        for size, action in zip((FLOOR, events), actions, strict=True):
            run.keep(PART, f"{database.vendor}: {page}", f"{size:,} sign-ins", {"ms": _milliseconds(action)})


def _company(slug: str, events: int, now: datetime) -> Organization:
    """A company with its sign-ins spread over 90 days: 3 % refused, a few of them for a rare reason, a few tests."""
    company = Organization.objects.create(
        name=slug, slug=slug, plan=Plan.BUSINESS.value, seat_limit=1_000_000
    )
    User.objects.create_user(f"owner@{slug}.example", organization=company, role=Role.OWNER.value)
    connection = company.connections.create()
    checks = complete(tuple(passed(check, "x" * 40) for check in Check)).as_list()
    seconds = timedelta(days=90).total_seconds() / events
    with database.cursor() as cursor:
        cursor.execute(
            _EVENTS.replace("MOMENT", _MOMENT[database.vendor]),
            [events, slug[0].upper(), company.pk, connection.pk, now, seconds, slug, json.dumps(checks)],
        )
        cursor.execute(
            _REQUESTS.replace("MOMENT", _MOMENT[database.vendor]),
            [events // 20, slug, connection.pk, now, seconds * 20, now],
        )
    return company


_MOMENT = {
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', %s, '-' || (i * %s) || ' seconds')",
    "postgresql": "%s - i * %s * interval '1 second'",
}
_NUMBERS = "WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < %s)"
# By the database itself: a million objects would take longer to make than everything else.
_EVENTS = f"""
INSERT INTO sso_signinevent (reference, organization_id, connection_id, occurred_at, flow, refusal, admission, email,
                             checks, attributes, redacted_xml)
{_NUMBERS}
SELECT %s || '-' || i, %s, %s, MOMENT,
       CASE WHEN i %% 10000 = 3 THEN 'test' WHEN i %% 3 = 0 THEN 'tile' ELSE 'sso_page' END,
       CASE WHEN i %% 20000 = 7 THEN 'no_seat' WHEN i %% 33 = 0 THEN 'wrong_audience' ELSE '' END,
       '', 'n' || (i %% 5000) || '@' || %s || '.example', %s, '{{}}', ''
FROM numbers"""
_REQUESTS = f"""
INSERT INTO sso_pendinglogin (request_id, connection_id, browser_hash, relay_path, created_at, expires_at)
{_NUMBERS}
SELECT %s || '-' || i, %s, '', '/', MOMENT, %s
FROM numbers"""


def _pages(small: Organization, large: Organization) -> dict[str, list[tuple[Organization, str]]]:
    def of_both(query: Callable[[Organization], str]) -> list[tuple[Organization, str]]:
        return [(company, LOG + query(company)) for company in (small, large)]

    return {
        "first page": of_both(lambda _company: ""),
        "page in the middle": of_both(lambda company: f"?before={_row(company, 0.5)}"),
        "last page": of_both(lambda company: f"?before={_row(company, 0.97)}"),
        "refused": of_both(lambda _company: "?result=refused"),
        "a rare reason": of_both(lambda _company: f"?reason={Refusal.NO_SEAT.value}"),
        "a reason nobody met": of_both(lambda _company: f"?reason={Refusal.REPLAYED.value}"),
        "no response": of_both(lambda _company: "?result=no_response"),
        "tests": of_both(lambda _company: "?flow=test"),
        "one person": of_both(lambda company: f"?person=n77@{company.slug}.example"),
        "a person and a reason": of_both(
            lambda company: f"?person=n77@{company.slug}.example&reason={Refusal.WRONG_AUDIENCE.value}"
        ),
        "refused tests": of_both(lambda _company: "?result=refused&flow=test"),
        "ten days": of_both(lambda _company: f"?since={_day(40)}&until={_day(30)}"),
        "search by reference": of_both(lambda _company: "?reference=22222222"),
        "one entry": of_both(lambda company: f"{company.slug[0]}-500/"),
        "CSV, first bytes": of_both(lambda _company: "export.csv"),
    }


def _row(company: Organization, part: float) -> Cursor:
    """The cursor of a row, that part of the way down."""
    number = int(part * (FLOOR if company.slug == "small" else _size(company)))
    row = company.sign_in_events.get(reference=f"{company.slug[0].upper()}-{number}")
    return Cursor(row.occurred_at, row.pk)


def _size(company: Organization) -> int:
    oldest = company.sign_in_events.order_by("occurred_at")[0]
    return int(oldest.reference.partition("-")[2]) + 1


def _day(ago: int) -> str:
    return f"{timezone.now() - timedelta(days=ago):%Y-%m-%d}"


def _client(company: Organization) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(organization=company))
    return client


def _asking(client: Client, path: str) -> Callable[[], object]:
    def ask() -> object:
        answer: Any = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        if not answer.streaming:
            return answer.content
        content = iter(answer.streaming_content)
        return [next(content) for _line in range(3)]

    return ask


def _deep_list(company: Organization, *, offset: bool) -> Callable[[], object]:
    rows = company.sign_in_events.defer("checks", "attributes", "redacted_xml").order_by(
        "-occurred_at", "-pk"
    )
    middle = (FLOOR if company.slug == "small" else _size(company)) // 2
    if offset:
        return lambda: list(rows[middle : middle + 50])
    cursor = _row(company, 0.5)
    return lambda: list(
        rows.filter(occurred_at__lte=cursor.at).exclude(occurred_at=cursor.at, pk__gte=cursor.pk)[:50]
    )


def _milliseconds(action: Callable[[], object]) -> float:
    action()
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return median(taken) * 1000
