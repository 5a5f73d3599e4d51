"""Health as a load balancer asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings


def test_it_lives_without_a_database() -> None:
    response = Client().get("/health/live/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_it_is_ready_when_the_database_has_every_migration() -> None:
    response = Client().get("/health/ready/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"database": "ok", "migrations": "ok"}}


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


@override_settings(SECURE_SSL_REDIRECT=True)
def test_health_is_answered_by_plain_http_where_everything_else_goes_to_https() -> None:
    assert Client().get("/health/live/").status_code == 200
    assert Client().get("/elsewhere/").status_code == 301
