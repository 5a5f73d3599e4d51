"""A restart and an upgrade lose no request, and no process is of two releases."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.service.own_app import Answer, OwnApp, own_app
from tests.service.releases import make_release, release_of

pytestmark = pytest.mark.slow
_GIVEN_BY_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.set_inheritable(3, True)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, "-m", "gunicorn"])
"""
SETTINGS = "justcall_sso.settings"


class Visitors:
    """People who ask for a page again and again. `ask` is called in four threads."""

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self.answers: list[Answer] = []
        self.lost: list[str] = []
        self._ask = ask
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._go_on) for _ in range(4)]

    def __enter__(self) -> Visitors:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, release: str) -> None:
        """Until only this release answers."""
        deadline = time.monotonic() + 30
        while {release_of(answer.text) for answer in self.answers[-8:]} != {release}:
            assert time.monotonic() < deadline, self.lost
            time.sleep(0.2)

    def _go_on(self) -> None:
        while not self._stop.is_set():
            try:
                self.answers.append(self._ask())
            except OSError as error:
                self.lost.append(repr(error))
            time.sleep(0.02)

    def require_nothing_lost(self) -> None:
        assert self.lost == []
        assert {answer.status for answer in self.answers} == {200}
        assert {release_of(answer.text) for answer in self.answers} == {"one", "two"}


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("releases")
    return {name: make_release(folder / name, name) for name in ("one", "two")}


@contextmanager
def _socket_of_the_machine() -> Iterator[socket.socket]:
    """As systemd keeps it open, whatever the service does."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        yield listening


def _start_on(app: OwnApp, listening: socket.socket) -> None:
    """Start as systemd does: with the socket as file descriptor 3."""
    app.port = listening.getsockname()[1]
    app.start(("-c", _GIVEN_BY_SYSTEMD, str(listening.fileno())), (listening.fileno(),))


def test_a_restart_under_load_loses_nobody_while_the_socket_is_kept_open(
    releases: dict[str, Path], tmp_path: Path
) -> None:
    apps = {
        name: OwnApp(f"sqlite:///{tmp_path}/db.sqlite3", tmp_path, root=root, DJANGO_SETTINGS_MODULE=SETTINGS)
        for name, root in releases.items()
    }
    assert apps["one"].manage("migrate", "-v", "0").returncode == 0
    with _socket_of_the_machine() as listening:
        _start_on(apps["one"], listening)
        apps["two"].port = apps["one"].port
        try:
            apps["one"].wait()
            with Visitors(lambda: apps["one"].get("/login/")) as visitors:
                visitors.wait_for("one")
                apps["one"].stop()
                _start_on(apps["two"], listening)
                visitors.wait_for("two")
        finally:
            for app in apps.values():
                app.stop()
    visitors.require_nothing_lost()


def test_two_copies_are_replaced_one_after_the_other_and_nobody_is_lost(
    releases: dict[str, Path], tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path}/db.sqlite3"
    drain = {"DJANGO_SETTINGS_MODULE": SETTINGS, "DRAIN_SECONDS": "2"}
    copies = [OwnApp(database, tmp_path, root=releases["one"], **drain) for _ in range(2)]
    assert copies[0].manage("migrate", "-v", "0").returncode == 0
    ready: list[OwnApp] = []

    def balance() -> None:
        # As a load balancer does: it asks each copy now and then, and sends people to those that are ready.
        while copies:
            ready[:] = [copy for copy in [*copies] if _is_ready(copy)] or ready
            time.sleep(0.3)

    balancer = threading.Thread(target=balance)
    turn = iter(range(1_000_000))
    try:
        for copy in copies:
            copy.start()
            copy.wait()
        ready.extend(copies)
        balancer.start()
        with Visitors(lambda: ready[next(turn) % len(ready)].get("/login/")) as visitors:
            visitors.wait_for("one")
            for number in range(2):
                copies[number].stop()
                copies[number] = OwnApp(database, tmp_path, root=releases["two"], **drain)
                copies[number].start()
                copies[number].wait()
                time.sleep(1)
            visitors.wait_for("two")
    finally:
        running = [*copies]
        copies.clear()
        balancer.join()
        for copy in running:
            copy.stop()
    visitors.require_nothing_lost()


def _is_ready(copy: OwnApp) -> bool:
    try:
        return copy.get("/health/ready/", timeout=2).status == 200
    except (OSError, AttributeError):
        return False


def test_a_worker_that_is_forked_after_the_files_were_replaced_is_of_the_release_that_was_started(
    releases: dict[str, Path], tmp_path: Path
) -> None:
    root = Path(shutil.copytree(releases["one"], tmp_path / "one"))
    with own_app(
        f"sqlite:///{tmp_path}/db.sqlite3", tmp_path, root=root, DJANGO_SETTINGS_MODULE=SETTINGS
    ) as app:
        assert release_of(app.get("/login/").text) == "one"
        shutil.copytree(releases["two"], root, dirs_exist_ok=True)
        # One that died alone, and all of them by a reload.
        for process, number in [(app.workers()[0], signal.SIGKILL), (app.process.pid, signal.SIGHUP)]:
            former = set(app.workers())
            os.kill(process, number)
            while not app.workers() or former & set(app.workers()):
                time.sleep(0.1)
            # The second page was never asked for before.
            assert {release_of(app.get(page).text) for page in ("/login/", "/password-reset/")} == {"one"}
            assert app.get("/health/ready/").status == 200


def test_it_says_that_the_end_is_near_and_serves_on_until_then(tmp_path: Path) -> None:
    with own_app(f"sqlite:///{tmp_path}/db.sqlite3", tmp_path, DRAIN_SECONDS="3") as app:
        app.process.terminate()
        app.wait(status=503, within=3)
        assert '"process": "ends"' in app.get("/health/ready/").text
        assert app.get("/login/").status == 200
        assert app.process.wait(20) == 0


def test_workers_end_by_themselves_when_the_first_process_is_killed(tmp_path: Path) -> None:
    with own_app(f"sqlite:///{tmp_path}/db.sqlite3", tmp_path, WEB_CONCURRENCY="2") as app:
        _until(lambda: len(app.workers()) == 2)
        workers = app.workers()
        app.process.kill()
        app.process.wait()
        _until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", app.port))


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)
