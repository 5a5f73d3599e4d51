"""How long this process waits for the database.

The server ends statements that are slow, that wait for a lock, and transactions that nobody goes on with. A server that
is frozen, or behind a network that was cut, ends nothing: so the web has a deadline of its own for every answer, and
while the database is away, only one request at a time finds out whether it is back. The others are told at once.

Commands (`migrate`, `housekeeping`) may work as long as they need, but wait for locks no longer than the web does: a
migration that waits for a table would hold up everybody behind it.
"""

from __future__ import annotations

import select
import time
from threading import Lock
from typing import Any

import psycopg2
from django.conf import settings
from django.core.signals import request_started
from django.db import connection as database
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg2 import extensions

# A server that still lives has said by then that it ended the statement.
_LONGER_THAN_THE_SERVER = 0.5
_BETWEEN_TRIALS = 1.0


class Availability:
    """Whether the database answers, as the threads of this process see it. Times are of `time.monotonic`.

    A trial, while it is away, may take `trial_takes` seconds.
    """

    def __init__(self, trial_takes: float) -> None:
        self._trial_takes = trial_takes
        self._answered_at = float("-inf")
        self._next_trial_at = 0.0
        self._lock = Lock()
        self.is_away = False

    def note_answer(self, now: float) -> None:
        self._answered_at = now
        self.is_away = False

    def note_silence(self, since: float, now: float) -> None:
        """Somebody has waited in vain. The database is away if nobody else had an answer meanwhile."""
        with self._lock:
            if self._answered_at < since:
                self.is_away = True
                self._next_trial_at = now + _BETWEEN_TRIALS

    def may_try(self, now: float) -> bool:
        """Whether a connection may be opened. While the database is away: by one at a time."""
        with self._lock:
            if self.is_away and now < self._next_trial_at:
                return False
            self._next_trial_at = now + self._trial_takes
            return True


def limit_waits_of_the_web() -> None:
    """From now on, nothing in this process waits for the database longer than the settings say.

    Raises django.db.OperationalError wherever the database is used and the time is over.
    """
    availability = Availability(settings.DATABASE_CONNECT_TIMEOUT + _patience_for_an_answer())
    connection_created.disconnect(limit_waits_of_a_command)
    connection_created.connect(_limit_waits_of_the_web)
    if database.vendor == "postgresql":
        extensions.set_wait_callback(_Deadline(availability))
        request_started.connect(_hang_up_if_away(availability), weak=False)


def limit_waits_of_a_command(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    """A command has all the time it needs, whatever its role's limits are, but for locks."""
    if connection.vendor == "postgresql":
        _set(connection, statement=0, lock=settings.DATABASE_LOCK_TIMEOUT, idle=0)


def _limit_waits_of_the_web(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {settings.DATABASE_STATEMENT_TIMEOUT * 1000}")
    else:
        _set(
            connection,
            statement=settings.DATABASE_STATEMENT_TIMEOUT,
            lock=settings.DATABASE_LOCK_TIMEOUT,
            idle=settings.DATABASE_IDLE_TIMEOUT,
        )


def _set(connection: BaseDatabaseWrapper, *, statement: int, lock: int, idle: int) -> None:
    if settings.DATABASE_POOLER:
        # A pooler gives every transaction another session, with what others have set in it: its role has the limits.
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false),"
            " set_config('idle_in_transaction_session_timeout', %s, false)",
            [f"{statement}s", f"{lock}s", f"{idle}s"],
        )


def _hang_up_if_away(availability: Availability) -> Any:
    def hang_up(sender: object, **signal: Any) -> None:
        # So that the request has to connect, and needs no answer of a connection that gives none.
        if availability.is_away:
            database.close()

    return hang_up


class _Deadline:
    """Waits in psycopg2's place, for its connections and answers. When it raises, psycopg2 closes the connection."""

    def __init__(self, availability: Availability) -> None:
        self._availability = availability

    def __call__(self, connection: Any) -> None:
        is_opening = connection.status == extensions.STATUS_SETUP
        started = time.monotonic()
        if is_opening and not self._availability.may_try(started):
            raise psycopg2.OperationalError("the database has not answered lately")
        patience = settings.DATABASE_CONNECT_TIMEOUT if is_opening else _patience_for_an_answer()
        try:
            _wait(connection, started + patience)
        except TimeoutError:
            self._availability.note_silence(started, time.monotonic())
            raise psycopg2.OperationalError(f"the database has not answered for {patience} seconds") from None
        except psycopg2.Error:
            # A refusal is an answer: the next one need not be waited for either.
            self._availability.note_answer(time.monotonic())
            raise
        if not is_opening:
            # A pooler accepts connections although the database behind it is away.
            self._availability.note_answer(time.monotonic())


def _patience_for_an_answer() -> float:
    return settings.DATABASE_STATEMENT_TIMEOUT + _LONGER_THAN_THE_SERVER


def _wait(connection: Any, deadline: float) -> None:
    """Return when the connection has what it was asked for. Raises TimeoutError."""
    while (state := connection.poll()) != extensions.POLL_OK:
        ready = select.poll()
        ready.register(
            connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
        )
        if not ready.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimeoutError
