"""Health as a load balancer asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings

from accounts.models import User
from justcall_sso import ending
from justcall_sso.health import READINESS, Readiness
from justcall_sso.models import ReadinessMark

ALL_OK = {"database": "ok", "migrations": "ok", "columns": "ok", "writing": "ok"}


@pytest.fixture(autouse=True)
def _nothing_is_known_yet() -> None:
    READINESS.forget()


def test_it_lives_without_a_database() -> None:
    response = Client().get("/health/live/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_it_lives_for_a_browser_that_is_signed_in_and_for_a_prober_that_names_no_host_of_ours() -> None:
    client = Client()
    # No database is allowed in this test, and a session would be looked up in one.
    client.cookies["sessionid"] = "a" * 32
    assert client.get("/health/live/", headers={"host": "10.1.2.3"}).status_code == 200
    assert Client().post("/health/live/").status_code == 405


@pytest.mark.django_db
def test_it_is_ready_when_the_database_has_every_migration() -> None:
    response = Client().get("/health/ready/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": ALL_OK}
    assert "no-store" in response["Cache-Control"]
    assert ReadinessMark.objects.count() == 1
    READINESS.forget()
    assert Client().get("/health/ready/").status_code == 200
    assert ReadinessMark.objects.count() == 1


@pytest.mark.django_db
def test_it_is_not_ready_while_a_migration_is_missing() -> None:
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    response = Client().get("/health/ready/")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "1 not applied: run manage.py migrate"


@pytest.fixture
def database_away() -> Iterator[None]:
    def refuse(*arguments: object) -> object:
        raise OperationalError("connection refused by 10.1.2.3")

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.django_db
def test_it_is_not_ready_while_the_database_is_away_and_tells_no_address(database_away: None) -> None:
    response = Client().get("/health/ready/")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "does not answer"
    assert "10.1.2.3" not in response.content.decode()


@pytest.mark.django_db
def test_it_is_not_ready_without_a_column_that_this_release_reads() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {User._meta.db_table} RENAME COLUMN session_epoch TO epoch")
    response = Client().get("/health/ready/")
    assert response.status_code == 503
    assert response.json()["checks"]["columns"].startswith("not as this release needs them")


@pytest.mark.django_db
def test_it_is_not_ready_while_nothing_can_be_written() -> None:
    def refuse_writing(execute: Any, sql: str, *arguments: Any) -> object:
        if sql.startswith("INSERT"):
            raise OperationalError("database or disk is full")
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse_writing):
        response = Client().get("/health/ready/")
    assert response.status_code == 503
    assert response.json()["checks"]["writing"].startswith("does not work")


def test_it_is_not_ready_when_the_process_is_about_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_FLAG", bytearray([1]))
    response = Client().get("/health/ready/")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "checks": {"process": "ends"}}


def test_a_good_answer_holds_for_ten_seconds_and_a_bad_one_for_one() -> None:
    found = [{"database": "ok"}, {"database": "does not answer"}, {"database": "ok"}]
    looks: list[int] = []

    def look() -> dict[str, str]:
        looks.append(len(looks))
        return found[looks[-1]]

    readiness = Readiness(look)
    states = {now: readiness.checks(now)["database"] for now in [100.0, 109.9, 110.0, 110.9, 111.0, 120.9]}
    assert states == {
        100.0: "ok",
        109.9: "ok",
        110.0: "does not answer",
        110.9: "does not answer",
        111.0: "ok",
        120.9: "ok",
    }
    assert len(looks) == 3


def test_while_one_thread_looks_the_others_say_what_is_known() -> None:
    inner: list[dict[str, str]] = []

    def look() -> dict[str, str]:
        inner.append(readiness.checks(100.0))
        return {"database": "ok"}

    readiness = Readiness(look)
    assert readiness.checks(100.0) == {"database": "ok"}
    assert inner == [{"process": "starts"}]


@override_settings(SECURE_SSL_REDIRECT=True)
def test_health_is_answered_by_plain_http_where_everything_else_goes_to_https() -> None:
    assert Client().get("/health/live/").status_code == 200
    assert Client().get("/elsewhere/").status_code == 301
