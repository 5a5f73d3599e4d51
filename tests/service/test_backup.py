"""A backup that is taken while people sign in, as docs/deployment.md says, and what is restored from it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.own_postgres import own_postgres, programs
from tests.service.company_of_its_own import fill, sign_in
from tests.service.own_app import ROOT, OwnApp, own_app

pytestmark = pytest.mark.slow
DEPLOYMENT = (ROOT / "docs/deployment.md").read_text(encoding="utf-8")


def _back_up_while_people_sign_in(url: str, folder: Path, *command: str) -> None:
    with own_app(url, folder) as app:
        fill(app)
        assert sign_in(app).status == 303
        subprocess.run(command, check=True, timeout=60)
        assert sign_in(app).status == 303


def _is_whole(url: str, folder: Path) -> None:
    """Known people sign in, also by an assertion that only our sealed private key opens."""
    with own_app(url, folder, migrate=False) as app:
        for encrypted in (False, True):
            came = sign_in(app, encrypted=encrypted)
            assert came.status == 303
            assert app.get("/", session=came.session).status == 200
        outcome = app.manage("sso_check", "acme")
        assert "FAIL" not in outcome.stdout, outcome.stdout
        assert _count(app, "sso.models.SignInEvent") == 3


def _count(app: OwnApp, model: str) -> int:
    module, _dot, name = model.rpartition(".")
    said = app.manage("shell", "-v", "0", "-c", f"from {module} import {name}; print({name}.objects.count())")
    return int(said.stdout)


def test_a_copy_of_sqlite_is_restored(tmp_path: Path) -> None:
    original, copy = tmp_path / "justcall.sqlite3", tmp_path / "copy.sqlite3"
    assert '.backup copy.sqlite3"' in DEPLOYMENT
    program = shutil.which("sqlite3")
    command = [program, str(original), f".backup {copy}"] if program else ["true"]
    _back_up_while_people_sign_in(f"sqlite:///{original}", tmp_path, *command)
    if program is None:
        pytest.skip("no sqlite3 here")
    with sqlite3.connect(copy) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    _is_whole(f"sqlite:///{copy}", tmp_path)


@pytest.mark.skipif(programs() is None, reason="no PostgreSQL here")
def test_a_dump_of_postgresql_is_restored(tmp_path: Path) -> None:
    bin_ = programs()
    assert bin_ is not None
    assert "pg_dump --format=custom --file=justcall.dump" in DEPLOYMENT
    assert "pg_restore --no-owner --exit-on-error --dbname=" in DEPLOYMENT
    dump = tmp_path / "justcall.dump"
    with own_postgres() as postgres:
        _back_up_while_people_sign_in(
            postgres.url, tmp_path, str(bin_ / "pg_dump"), "--format=custom", f"--file={dump}", postgres.url
        )
        postgres.execute("CREATE DATABASE restored")
        restored = postgres.url.removesuffix("/postgres") + "/restored"
        restore = [
            str(bin_ / "pg_restore"),
            "--no-owner",
            "--exit-on-error",
            f"--dbname={restored}",
            str(dump),
        ]
        subprocess.run(restore, check=True, timeout=60, env=os.environ | {"PGOPTIONS": ""})
        _is_whole(restored, tmp_path)


def test_a_restored_copy_without_its_encryption_key_says_so_and_people_sign_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'justcall.sqlite3'}"
    with own_app(url, tmp_path) as app:
        fill(app)
    other = Fernet.generate_key().decode()
    with own_app(url, tmp_path, migrate=False, KEY_ENCRYPTION_KEYS=other) as app:
        assert sign_in(app).status == 303
        assert sign_in(app, encrypted=True).status == 403
        outcome = app.manage("reseal_keys", "--dry-run")
        assert (outcome.returncode, "1 cannot be opened" in outcome.stderr) == (1, True)
