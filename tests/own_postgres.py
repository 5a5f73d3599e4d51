"""A PostgreSQL of the tests' own, to be stopped, frozen and filled: the machine's is left as it is."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from tests.demo.running import free_port

_POSTGRESQL = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs, or None if this machine has none."""
    found = sorted(_POSTGRESQL.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextlib.contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A running one, gone afterwards. Not in pytest's folders, which are closed to the owner of PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="own-postgres-") as folder:
        os.chmod(folder, 0o755)
        postgres = OwnPostgres(Path(folder) / "cluster")
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()


class OwnPostgres:
    """A cluster in a folder, on a port of its own."""

    def __init__(self, folder: Path, *, max_connections: int = 60) -> None:
        self.port = free_port()
        self.folder = folder
        self._data = folder / "data"
        self._log = folder / "postgres.log"
        self._options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
            f" -c fsync=off -c max_connections={max_connections}"
        )
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self._run("pg_ctl", "-w", "-l", str(self._log), "-o", self._options, "start")

    def stop(self) -> None:
        """As an outage: nobody is waited for."""
        self.thaw()
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def freeze(self) -> None:
        """It keeps its connections and answers nothing."""
        for process in self._processes():
            _signal(process, signal.SIGSTOP)

    def thaw(self) -> None:
        for process in reversed(self._processes()):
            _signal(process, signal.SIGCONT)

    def execute(self, *statements: str) -> list[tuple[object, ...]]:
        """What the last one answers. Each is a transaction."""
        connection = psycopg2.connect(self.url, connect_timeout=5)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def _processes(self) -> list[int]:
        try:
            first = int((self._data / "postmaster.pid").read_text().splitlines()[0])
        except OSError:
            return []
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def _run(self, program: str, *arguments: str) -> None:
        folder = programs()
        assert folder is not None
        as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_owner, str(folder / program), "-D", str(self._data), *arguments]
        subprocess.run(
            command, cwd=self._data.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
        )


def _signal(process: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)
