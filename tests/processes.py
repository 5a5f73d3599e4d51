"""The app as production runs it: gunicorn processes of their own against the database of the tests.

`two_apps` are two of them, for a whole file. Use with `transactional_db`: what the test writes must be committed.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection as database
from django.db import connections

from sso.models import Connection
from tests.demo.running import free_port
from tests.secret_watch import WATCH

ROOT = Path(__file__).resolve().parents[1]
START_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    session: str = ""


class App:
    """One gunicorn with one worker, unless `variables` of the environment say otherwise. Its threads answer at once."""

    def __init__(self, **variables: str) -> None:
        self.port = free_port()
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by stop()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"],
            cwd=ROOT,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "DATABASE_URL": database_url_of_the_tests(),
                "BIND": f"127.0.0.1:{self.port}",
                "WEB_CONCURRENCY": "1",
                "WEB_THREADS": "16",
                "DRAIN_SECONDS": "0",
            }
            | variables,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait(self) -> None:
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self._request("GET", "/health/ready/").status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        self._log.seek(0)
        raise AssertionError(f"The app did not start:\n{self._log.read()}")

    def post(self, connection: Connection, saml_response: str, cookie: str = "") -> Answer:
        """Post a response to the connection's ACS. Raises OSError if the process dies over it."""
        body = urlencode({"SAMLResponse": saml_response})
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | (
            {"Cookie": cookie} if cookie else {}
        )
        return self._request("POST", f"/sso/saml/{connection.public_id}/acs/", body, headers)

    def get(self, path: str, session: str) -> Answer:
        return self._request("GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})

    def _request(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            caller.request(method, path, body, {"Host": "localhost"} | (headers or {}))
            response = caller.getresponse()
            response.read()
        except http.client.HTTPException as error:
            raise ConnectionError from error
        finally:
            caller.close()
        name = settings.SESSION_COOKIE_NAME + "="
        cookies = response.headers.get_all("Set-Cookie") or []
        session = next((c.split(";")[0].removeprefix(name) for c in cookies if c.startswith(name)), "")
        # One that is taken away is "".
        if session.strip('"'):
            WATCH.made(session)
        return Answer(response.status, session)

    def kill(self) -> None:
        """SIGKILL, to the worker as well: nothing is tidied up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        self._log.seek(0)
        WATCH.look_at_log("the log of gunicorn", self._log.read())
        self._log.close()


def database_url_of_the_tests() -> str:
    name = str(database.settings_dict["NAME"])
    if database.vendor == "sqlite":
        return f"sqlite:///{name}"
    parts = urlsplit(settings.DATABASE_URL)
    return urlunsplit(parts._replace(path="/" + quote(name)))


@contextmanager
def apps(count: int) -> Iterator[list[App]]:
    """So many processes, ready to answer."""
    running = [App() for _ in range(count)]
    try:
        for app in running:
            app.wait()
        yield running
    finally:
        for app in running:
            app.stop()


@pytest.fixture(scope="module")
def two_apps(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[App]]:
    with django_db_blocker.unblock(), apps(2) as running:
        yield running
    # After the last test of a file nobody else asks.
    assert WATCH.take() == []


def in_thread(work: Any, *arguments: Any) -> Any:
    """Call in a thread that leaves no database connection behind."""
    try:
        return work(*arguments)
    finally:
        connections.close_all()


def until_somebody_waits() -> None:
    """Return once another transaction waits for a lock of ours (SQLite cannot tell, so a moment passes)."""
    if database.vendor == "sqlite":
        time.sleep(0.7)
        return
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with database.cursor() as cursor:
            # Within a transaction the statistics are a snapshot, unless told otherwise.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
