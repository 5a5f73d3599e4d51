"""Behind PgBouncer's transaction pooling the role has the limits, and the web its own deadlines."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from tests.demo.running import free_port
from tests.own_postgres import OwnPostgres, own_postgres, programs
from tests.service.own_app import OwnApp, own_app

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        programs() is None or shutil.which("pgbouncer") is None, reason="no PostgreSQL or no PgBouncer here"
    ),
]
SESSION = "a" * 32
LIMITS = {"statement_timeout": "3s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"}


@contextmanager
def _pooler(postgres: OwnPostgres, folder: Path) -> Iterator[str]:
    """The address of a PgBouncer as docs/deployment.md has it, with two sessions for everybody."""
    port = free_port()
    (folder / "users.txt").write_text('"postgres" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host=127.0.0.1 port={postgres.port}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = trust\nauth_file = {folder}/users.txt\npool_mode = transaction\ndefault_pool_size = 2\n"
    )
    as_nobody = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [*as_nobody, shutil.which("pgbouncer") or "", str(folder / "pgbouncer.ini")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(20)


def test_limits_hold_through_a_pooler_and_commands_go_to_the_database_itself() -> None:
    with own_postgres() as postgres, _pooler(postgres, postgres.folder) as url:
        for name, value in LIMITS.items():
            postgres.execute(f"ALTER ROLE postgres SET {name} = '{value}'")
        # A migration may take longer than the role's limits: it does not come through the pooler.
        direct = OwnApp(postgres.url, postgres.folder)
        assert direct.manage("migrate", "-v", "0").returncode == 0
        assert direct.manage("housekeeping").returncode == 0
        with own_app(url, postgres.folder, migrate=False, DATABASE_POOLER="1", WEB_THREADS="6") as app:
            assert app.get("/login/", session=SESSION).status == 200
            locking = psycopg2.connect(postgres.url)
            with locking.cursor() as cursor:
                cursor.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
                answer = app.get("/login/", session=SESSION)
            locking.close()
            assert (answer.status, answer.seconds < 4) == (503, True)
            postgres.freeze()
            try:
                # The pooler itself still takes connections.
                answers = [app.get("/login/", session=SESSION) for _ in range(4)]
            finally:
                postgres.thaw()
            assert {answer.status for answer in answers} == {503}
            assert max(answer.seconds for answer in answers) < 5
            time.sleep(1.5)
            assert app.get("/login/", session=SESSION).status == 200
            assert (
                postgres.execute("SELECT DISTINCT state FROM pg_stat_activity WHERE state LIKE '%trans%'")
                == []
            )
