"""The service as production runs it, on a database of its own that a test may break."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.demo.running import free_port

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN_SECONDS = 60


class Answer(NamedTuple):
    status: int
    text: str
    seconds: float


class OwnApp:
    """One gunicorn, with the service's own waits. `changed` are variables of the environment."""

    def __init__(self, database_url: str, folder: Path, *, root: Path = ROOT, **changed: str) -> None:
        self.port = free_port()
        self.log = folder / f"app-{self.port}.log"
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "tests.service.own_settings",
            "ENV_FILE": "",
            "SECRET_KEY": "a-key-for-the-tests-only-that-is-as-long-as-it-must-be-0123456789",
            "KEY_ENCRYPTION_KEYS": "dGVzdHMtb25seS1rZXktdGhhdC1zZWFscy1zdHVmZiE=",
            "PUBLIC_BASE_URL": "http://localhost:8000",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "EMAIL_URL": f"file:///{folder / 'mail'}",
            "DEFAULT_FROM_EMAIL": "JustCall <no-reply@justcall.example>",
            "DATABASE_URL": database_url,
            "BIND": f"127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": "1",
            "WEB_THREADS": "2",
            "DRAIN_SECONDS": "0",
        } | changed
        self.root = root
        self.process: Any = None

    def manage(self, *command: str, **changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=self.root,
            env=self.environment | changed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, command: tuple[str, ...] = ("-m", "gunicorn"), descriptors: tuple[int, ...] = ()) -> None:
        """`command` is Python's, with these file descriptors open."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=self.root,
                pass_fds=descriptors,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self, path: str = "/health/ready/", status: int = 200, within: float = 60) -> None:
        deadline = time.monotonic() + within
        last = ""
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                last = str(answer := self.get(path))
                if answer.status == status:
                    return
            except OSError as error:
                last = repr(error)
            time.sleep(0.1)
        raise AssertionError(f"{path} did not answer {status}: {last}\n{self.log.read_text()}")

    def get(self, path: str, *, session: str = "", timeout: float = 30) -> Answer:
        """Its session is looked up in the database, if there is one."""
        started = time.monotonic()
        caller = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            caller.request("GET", path, headers={"Host": "localhost", "Cookie": f"sessionid={session}"})
            response = caller.getresponse()
            text = response.read().decode()
        finally:
            caller.close()
        return Answer(response.status, text, time.monotonic() - started)

    def post(self, path: str, form: dict[str, str], *, timeout: float = 30) -> Answer:
        """As the form of the page at that path does, with its CSRF token."""
        opener = build_opener(HTTPCookieProcessor())
        page = opener.open(f"http://localhost:{self.port}{path}", timeout=timeout).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        body = urlencode(form | {"csrfmiddlewaretoken": token[1]}).encode()
        started = time.monotonic()
        try:
            answer = opener.open(f"http://localhost:{self.port}{path}", body, timeout=timeout)
        except HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, answer.read().decode(), time.monotonic() - started)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                raise

    def workers(self) -> list[int]:
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in text.split()]


@contextmanager
def own_app(
    database_url: str, folder: Path, *, root: Path = ROOT, migrate: bool = True, **changed: str
) -> Iterator[OwnApp]:
    """Ready to answer; `changed` are variables of its environment."""
    app = OwnApp(database_url, folder, root=root, **changed)
    if migrate:
        outcome = app.manage("migrate", "--noinput", "-v", "0")
        assert outcome.returncode == 0, outcome.stderr
    app.start()
    try:
        app.wait()
        yield app
    finally:
        app.stop()
