"""A running `make demo`, in a copy of the repository that nobody has used yet."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_IN_A_CLONE = [".git", ".venv", "var", ".env", "staticfiles", "__pycache__", "*_cache"]
START_WITHIN_SECONDS = 90


def copy_of_repository(folder: Path) -> Path:
    """The working tree without what running it makes, and with an environment that is installed already."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_IN_A_CLONE))
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


class Demo:
    """A running `make demo`."""

    def __init__(self, clone: Path, port: int = 0, idp_port: int = 0) -> None:
        self.port, self.idp_port = port or free_port(), idp_port or free_port()
        self.log = clone.parent / "demo.out"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "justcall_sso.demo", *self._ports()],
                cwd=clone,
                env=bare_environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                # Whatever runs the tests may ignore it, as `nohup` does, and its children would.
                preexec_fn=partial(signal.signal, signal.SIGHUP, signal.SIG_DFL),
            )

    def _ports(self) -> list[str]:
        return ["--port", str(self.port), "--idp-port", str(self.idp_port)]

    def wait(self) -> str:
        """What it printed, once it says that everything answers."""
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while "Ctrl-C stops both" not in self.printed():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.2)
        return self.printed()

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


def bare_environment() -> dict[str, str]:
    """Of a person whose shell has settings of another project."""
    return {
        "PATH": os.environ["PATH"],
        "DEBUG": "1",
        "SECRET_KEY": "mine",
        "DATABASE_URL": "postgres://nowhere/x",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
