"""What is kept how long, and forgetting the rest: in batches, twice over, at once, and dry."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from accounts import audit
from accounts.audit import Action
from accounts.models import AuditEntry, Organization, OutgoingEmail, Throttle, User
from sso import forgetting
from sso.log import retention
from sso.models import (
    Connection,
    ConnectionTest,
    ConsumedAssertion,
    DailyCount,
    FirstCause,
    PendingLogin,
    SignInEvent,
)
from sso.signing_in import pending
from tests.cast import Write

DAY = 24 * 60
_DONE = {"e-mails sent": 0, "e-mails waiting": 0, "e-mails given up": 1, "domains rechecked": 0}


def _run(*options: str) -> dict[str, int]:
    out = StringIO()
    call_command("housekeeping", *options, stdout=out)
    lines = [line.split(maxsplit=1) for line in out.getvalue().splitlines() if "so far" not in line]
    return {name.removesuffix(" would be forgotten"): int(number) for number, name in lines}


@pytest.fixture
def past(acme: Organization, admin: User, connection: Connection, write: Write) -> dict[str, int]:
    """Of everything something past its time and something that is not; how much of each is past."""
    now = timezone.now()
    for days in (89, 91, 92):
        event = write(days * DAY, redacted_xml="<x/>" if days == 89 else "")
        FirstCause.objects.create(organization=acme, cause="x", day=event.occurred_at.date(), event=event)
        pending.start(connection, now - timedelta(days=days))
        connection.tests.create(version=1, started_at=now - timedelta(days=days))
    for days in (29, 31):
        write(days * DAY, redacted_xml="<x/>", attributes={"email": ["x"]})
    for hours in (23, 25):
        pending.start(connection, now - timedelta(hours=hours))
        PendingLogin.objects.filter(created_at=now - timedelta(hours=hours)).update(
            answered_at=now - timedelta(hours=hours)
        )
    for minutes in (-1, 1):
        moment = now - timedelta(minutes=minutes)
        connection.consumed_assertions.create(id_hash=str(minutes), expires_at=moment - timedelta(hours=1))
        Throttle.objects.create(key=str(minutes), window_ends_at=moment)
    for days in (89, 91):
        day = (now - timedelta(days=days)).date()
        acme.daily_counts.create(day=day, flow="tile", is_refused=False, count=1)
    for days in (29, 31):
        at = now - timedelta(days=days)
        OutgoingEmail.objects.create(kind="note", created_at=at, due_at=at, given_up_at=at)
    for days in (364, 366):
        entry = audit.record(acme, admin, Action.SSO_ENABLED)
        AuditEntry.objects.filter(pk=entry.pk).update(at=now - timedelta(days=days))
    return {
        "answered requests": 1,
        "unanswered requests": 2,
        "consumed assertions": 1,
        "connection tests": 2,
        "sign-in events": 2,
        "messages of sign-ins": 2,
        "daily counts": 1,
        "audit entries": 1,
        "counters": 1,
        "old e-mails": 1,
    }


def _kept() -> dict[str, int]:
    models: list[Any] = [
        SignInEvent,
        FirstCause,
        PendingLogin,
        ConnectionTest,
        ConsumedAssertion,
        Throttle,
        AuditEntry,
        DailyCount,
        OutgoingEmail,
    ]
    return {model.__name__: model.objects.count() for model in models}


def test_it_forgets_what_is_past_its_time_and_nothing_else(past: dict[str, int]) -> None:
    assert _run() == {**past, **_DONE}
    assert _kept() == {
        "SignInEvent": 3,
        "FirstCause": 1,
        "PendingLogin": 2,
        "ConnectionTest": 1,
        "ConsumedAssertion": 1,
        "Throttle": 1,
        "AuditEntry": 1,
        "DailyCount": 1,
        "OutgoingEmail": 1,
    }
    young, *old = SignInEvent.objects.order_by("-occurred_at")
    assert young.redacted_xml
    assert young.attributes
    assert all(event.redacted_xml == "" and event.attributes == {} for event in old)


def test_a_second_run_finds_nothing(past: dict[str, int]) -> None:
    _run()
    kept = _kept()
    assert _run() == {**dict.fromkeys(past, 0), **_DONE}
    assert _kept() == kept


def test_a_dry_run_counts_and_changes_nothing(past: dict[str, int]) -> None:
    before = _kept()
    assert _run("--dry-run") == past
    assert _kept() == before


def test_it_goes_in_batches_and_says_how_far_it_is(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    monkeypatch.setattr("sso.management.commands.housekeeping.BATCH", 2)
    for _number in range(25):
        write(91 * DAY)
    out = StringIO()
    call_command("housekeeping", stdout=out)
    assert "      20 sign-in events so far" in out.getvalue()
    assert "      25 sign-in events\n" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_share_the_work(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 10)
    for _number in range(200):
        write(91 * DAY)
    faults: list[BaseException] = []
    together = threading.Barrier(2)

    def run() -> None:
        try:
            together.wait()
            _run()
        except BaseException as fault:  # noqa: BLE001 - handed to the test
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    _run()
    assert SignInEvent.objects.count() == 0


def test_the_pages_say_what_the_housekeeping_does(
    admin: User, signed_in: Callable[[User], Any], write: Write
) -> None:
    client = signed_in(admin)
    log = client.get("/settings/security/log/").content.decode()
    assert f"kept for {retention.EVENTS_KEPT.days} days" in log
    assert f"{retention.MESSAGES_KEPT.days} days" in log
    trail = client.get("/settings/security/log/audit/").content.decode()
    assert f"kept for {retention.AUDIT_KEPT.days} days" in trail
