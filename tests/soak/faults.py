"""What breaks, really: each fault lasts a while and passes."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from tests.own_postgres import OwnPostgres
from tests.service.own_app import OwnApp
from tests.soak.visitors import Browser, Visitors

COPIES = 500


@dataclass
class World:
    """Two copies of the service on one database, and who visits them."""

    apps: list[OwnApp]
    visitors: Visitors
    postgres: OwnPostgres | None = None
    sqlite: Path | None = None


def kill_a_worker(world: World) -> None:
    for app in world.apps:
        os.kill(app.workers()[0], signal.SIGKILL)
    time.sleep(3)


def kill_a_first_process(world: World) -> None:
    app = world.apps[1]
    workers = app.workers()
    app.process.kill()
    app.process.wait()
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline, "the workers of a killed process live on"
        time.sleep(0.1)
    app.start()
    app.wait()


def reload_both(world: World) -> None:
    for app in world.apps:
        app.process.send_signal(signal.SIGHUP)
        time.sleep(3)


def restart_one(world: World) -> None:
    world.apps[0].stop()
    world.apps[0].start()
    world.apps[0].wait()


def stop_the_database(world: World) -> None:
    assert world.postgres
    world.postgres.stop()
    time.sleep(3)
    world.postgres.start()


def freeze_the_database(world: World) -> None:
    assert world.postgres
    world.postgres.freeze()
    try:
        time.sleep(8)
        # Nobody who asks whether the service lives waits for the database.
        for app in world.apps:
            answer = app.get("/health/live/", timeout=5)
            assert (answer.status, answer.seconds < 1) == (200, True)
    finally:
        world.postgres.thaw()


def lock_a_table(world: World) -> None:
    assert world.postgres
    locking = psycopg2.connect(world.postgres.url)
    with contextlib.closing(locking), locking.cursor() as cursor:
        cursor.execute("LOCK TABLE sso_consumedassertion, django_session IN ACCESS EXCLUSIVE MODE")
        time.sleep(6)


def use_up_the_connections(world: World) -> None:
    assert world.postgres
    taken = []
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            taken.append(psycopg2.connect(world.postgres.url))
        except psycopg2.OperationalError:
            time.sleep(0.05)
    for connection in taken:
        connection.close()


def send_a_byte_a_second(world: World) -> None:
    slow = [socket.create_connection(("127.0.0.1", app.port)) for app in world.apps for _ in range(40)]
    for byte in b"POST /log":
        for client in slow:
            with contextlib.suppress(OSError):
                client.sendall(bytes([byte]))
        time.sleep(1)
    for client in slow:
        client.close()


def post_copies_of_one_response(world: World) -> None:
    response, assertion_id = world.visitors.response()

    def post(number: int) -> None:
        for copy in range(COPIES // 10):
            browser = Browser(world.apps[(number + copy) % len(world.apps)])
            world.visitors.post(browser, "copy", response, assertion_id)

    threads = [threading.Thread(target=post, args=[number]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def write_from_elsewhere(world: World) -> None:
    assert world.sqlite
    with contextlib.closing(sqlite3.connect(world.sqlite, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        time.sleep(8)
        writer.execute("ROLLBACK")


def fill_the_disk(world: World) -> None:
    """Only where the database lies on a disk of its own."""
    assert world.sqlite
    filler = world.sqlite.parent / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (65536, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)
    time.sleep(8)
    filler.unlink()


Fault = Callable[[World], None]
ON_POSTGRESQL: list[Fault] = [
    kill_a_worker,
    kill_a_first_process,
    reload_both,
    restart_one,
    stop_the_database,
    freeze_the_database,
    lock_a_table,
    use_up_the_connections,
    send_a_byte_a_second,
    post_copies_of_one_response,
]
ON_SQLITE: list[Fault] = [write_from_elsewhere, kill_a_worker, post_copies_of_one_response]
