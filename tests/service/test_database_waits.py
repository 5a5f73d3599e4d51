"""A database that is frozen, locked or busy holds nobody for longer than five seconds, and comes back by itself."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from tests.own_postgres import OwnPostgres, own_postgres, programs
from tests.service.own_app import Answer, OwnApp, own_app

pytestmark = pytest.mark.slow
needs_postgresql = pytest.mark.skipif(programs() is None, reason="no PostgreSQL to start on this machine")

# Of nobody. It is looked up in the database.
SESSION = "a" * 32
AT_ONCE = 12


@pytest.fixture(scope="module")
def postgres() -> Iterator[OwnPostgres]:
    with own_postgres() as running:
        yield running


@pytest.fixture(scope="module")
def app(postgres: OwnPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnApp]:
    with own_app(postgres.url, tmp_path_factory.mktemp("app")) as running:
        yield running


def _login_page(app: OwnApp) -> Answer:
    return app.get("/login/", session=SESSION)


def _require_503_soon(answers: list[Answer]) -> None:
    assert {answer.status for answer in answers} == {503}
    assert all("JustCall is away for a moment" in answer.text for answer in answers)
    assert max(answer.seconds for answer in answers) < 5


def _require_recovery(app: OwnApp, within: float) -> None:
    started = time.monotonic()
    while _login_page(app).status != 200:
        assert time.monotonic() - started < within
        time.sleep(0.1)


@contextmanager
def _frozen(postgres: OwnPostgres) -> Iterator[None]:
    postgres.freeze()
    try:
        yield
    finally:
        postgres.thaw()


@needs_postgresql
def test_a_frozen_database_is_said_within_five_seconds_however_many_ask(
    app: OwnApp, postgres: OwnPostgres
) -> None:
    _require_recovery(app, within=5)
    with ThreadPoolExecutor(AT_ONCE) as people, _frozen(postgres):
        # Six times as many as there are threads.
        _require_503_soon(list(people.map(lambda _: _login_page(app), range(AT_ONCE))))
        time.sleep(2)
        _require_503_soon(list(people.map(lambda _: _login_page(app), range(AT_ONCE))))
    _require_recovery(app, within=5)


@needs_postgresql
def test_a_stopped_database_is_said_at_once_and_found_again(app: OwnApp, postgres: OwnPostgres) -> None:
    postgres.stop()
    try:
        _require_503_soon([_login_page(app) for _ in range(3)])
    finally:
        postgres.start()
    _require_recovery(app, within=5)


@needs_postgresql
def test_a_locked_table_holds_nobody_longer_than_a_lock_may(app: OwnApp, postgres: OwnPostgres) -> None:
    locking = psycopg2.connect(postgres.url)
    with locking.cursor() as cursor:
        cursor.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        answer = _login_page(app)
        assert app.get("/login/").status == 200, "a page that needs nothing of that table"
    locking.close()
    _require_503_soon([answer])
    assert 1.5 < answer.seconds < 4
    _require_recovery(app, within=5)


@needs_postgresql
def test_connections_that_are_used_up_are_said_at_once(app: OwnApp, postgres: OwnPostgres) -> None:
    postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    taken = []
    try:
        with contextlib.suppress(psycopg2.OperationalError):
            while True:
                taken.append(psycopg2.connect(postgres.url))
        _require_503_soon([_login_page(app)])
    finally:
        for connection in taken:
            connection.close()
    _require_recovery(app, within=5)


@needs_postgresql
def test_a_database_that_only_reads_is_away_for_whoever_wants_to_write(
    app: OwnApp, postgres: OwnPostgres
) -> None:
    postgres.execute("ALTER DATABASE postgres SET default_transaction_read_only = on")
    hang_up = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    postgres.execute(hang_up)
    try:
        _require_503_soon([app.post("/password-reset/", {"email": "olivia@acme.example"})])
        assert app.get("/login/").status == 200
    finally:
        postgres.execute("SET default_transaction_read_only = off", "ALTER DATABASE postgres RESET ALL")
        postgres.execute(hang_up)
    _require_recovery(app, within=5)


@needs_postgresql
def test_the_server_has_the_limits_of_the_web_and_of_commands(app: OwnApp, postgres: OwnPostgres) -> None:
    asks = (
        "from django.db import connection as c; k = c.cursor();"
        "[(k.execute('SHOW ' + n), print(k.fetchone()[0])) for n in"
        " ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']]"
    )
    web = "from justcall_sso.database_waits import limit_waits_of_the_web as limit; limit();"
    assert app.manage("shell", "-v", "0", "-c", web + asks).stdout.split() == ["3s", "2s", "10s"]
    postgres.execute("ALTER ROLE postgres SET statement_timeout = '3s'")
    try:
        # What is slow by nature is not cut, although the role has the limits of the web.
        assert app.manage("shell", "-v", "0", "-c", asks).stdout.split() == ["0", "2s", "0"]
    finally:
        postgres.execute("ALTER ROLE postgres RESET statement_timeout")


def test_a_second_writer_on_sqlite_is_waited_for_no_longer_than_a_statement(tmp_path: Path) -> None:
    file = tmp_path / "justcall.sqlite3"
    with own_app(f"sqlite:///{file}", tmp_path) as app:
        writer = sqlite3.connect(file, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        answer = app.post("/password-reset/", {"email": "olivia@acme.example"})
        assert app.get("/login/", session=SESSION).status == 200, "reading waits for nobody"
        writer.execute("ROLLBACK")
        writer.close()
        _require_503_soon([answer])
        assert answer.seconds > 2
