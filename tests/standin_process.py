"""The OneLogin stand-in as the tests use it: a process of its own on 127.0.0.1, driven over its API.

`stand_in` is one for each test process; it begins anew (no app, the default people) for every test.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.demo.running import free_port


@dataclass(frozen=True)
class AppInfo:
    """An app as a service provider's admin sees it."""

    id: int
    sso_url: str
    issuer: str
    certificate_pem: str


ARTICLE_PARAMETERS = [
    {"name": "email", "value": "Email", "include": True},
    {"name": "firstName", "value": "First Name", "include": True},
    {"name": "lastName", "value": "Last Name", "include": True},
]


class StandIn:
    """A running stand-in."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="standin-")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = (Path(self._folder.name) / "log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sso.simulator", "--port", str(self.port), "--state", self._folder.name],
            cwd=Path(__file__).parent.parent,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def _wait(self) -> None:
        for _attempt in range(150):
            try:
                self._call("GET", "/api/health")
                return
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
        self._log.seek(0)
        raise RuntimeError(f"The stand-in did not start:\n{self._log.read()}")

    def stop(self) -> None:
        """End the process and forget its state."""
        self._process.terminate()
        self._process.wait(timeout=10)
        self._log.close()
        self._folder.cleanup()

    def reset(self) -> None:
        """No app, the default people, a new certificate."""
        self._call("POST", "/api/reset", {})

    def create_app(self, *, acs_url: str, audience: str, **fields: Any) -> AppInfo:
        """An app set up as the help article says, for everybody in the Default role. `fields` say what differs."""
        settings = {
            "name": "JustCall",
            "acs_url": acs_url,
            "acs_validator": "^" + acs_url.replace(".", r"\.").replace("/", r"\/") + "$",
            "audience": audience,
            "parameters": ARTICLE_PARAMETERS,
            "roles": ["Default"],
        }
        return _info(self._call("POST", "/api/apps", settings | fields))

    def configure(self, app: AppInfo, **fields: Any) -> AppInfo:
        """Set fields of an app (sso/simulator/connector.py)."""
        return _info(self._call("PATCH", f"/api/apps/{app.id}", fields))

    def new_certificate(self, app: AppInfo, *, kind: str = "RSA 2048", valid_days: int = 1826) -> AppInfo:
        """Give an app another certificate, as OneLogin's "Change" does."""
        return _info(
            self._call("POST", f"/api/apps/{app.id}/certificate", {"kind": kind, "valid_days": valid_days})
        )

    def assign(self, app: AppInfo, *emails: str) -> None:
        """Assign people to an app by name."""
        people = self._call("GET", "/api/people")["people"]
        self.configure(app, users=[person["id"] for person in people if person["email"] in emails])

    def add_person(self, **fields: Any) -> int:
        """Add somebody to the directory; their id."""
        return int(self._call("POST", "/api/people", fields)["id"])

    def _call(self, method: str, path: str, content: dict[str, Any] | None = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(
            self.url + path, data=body, method=method, headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as trouble:
            raise AssertionError(
                f"{method} {path}: {trouble.code} {trouble.read().decode()[:500]}"
            ) from trouble


def _info(row: dict[str, Any]) -> AppInfo:
    return AppInfo(row["id"], row["sso_url"], row["issuer"], row["certificate_pem"])


@pytest.fixture(scope="session")
def _stand_in_process() -> Iterator[StandIn]:
    running = StandIn()
    yield running
    running.stop()


@pytest.fixture
def stand_in(_stand_in_process: StandIn) -> StandIn:
    _stand_in_process.reset()
    return _stand_in_process
