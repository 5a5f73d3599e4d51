"""`make demo` in a fresh copy of the repository: what a person does first."""

from __future__ import annotations

import http.client
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.demo.running import Demo, bare_environment, copy_of_repository, free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return copy_of_repository(tmp_path / "justcall")


@pytest.fixture
def start(clone: Path) -> Iterator[Callable[[], Demo]]:
    demos: list[Demo] = []

    def start_one() -> Demo:
        demos.append(Demo(clone))
        return demos[-1]

    yield start_one
    for demo in demos:
        if demo.process.poll() is None:
            demo.stop(signal.SIGTERM)


def _status(host: str, port: int, path: str) -> int:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    connection.request("GET", path)
    return connection.getresponse().status


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _run(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "justcall_sso.demo", *arguments],
        cwd=clone,
        env=bare_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_starts_says_how_to_sign_in_keeps_data_and_stops_cleanly(
    clone: Path, start: Callable[[], Demo]
) -> None:
    demo = start()
    words = demo.wait()
    for expected in [
        f"http://localhost:{demo.port}",
        f"http://127.0.0.1:{demo.idp_port}",
        "olivia@acme.example",
        "greta@globex.example",
        "ian@initech.example",
        "welcome-to-justcall",
    ]:
        assert expected in words
    assert _status("localhost", demo.port, "/health/ready/") == 200
    assert _status("localhost", demo.port, "/login/") == 200
    assert _status("127.0.0.1", demo.idp_port, "/") < 400
    assert stat.S_IMODE((clone / "var/demo.env").stat().st_mode) == 0o600
    keys = (clone / "var/demo.env").read_text(encoding="utf-8").splitlines()[:2]

    assert _run(clone).returncode == 4, "a second one at once would share the database"
    assert _run(clone, "--reset").returncode == 4

    assert demo.stop() == 0
    assert not _listens(demo.port)
    assert not _listens(demo.idp_port)

    with sqlite3.connect(clone / "var/demo.sqlite3") as database:
        database.execute("UPDATE accounts_user SET first_name = 'Olive' WHERE email = 'olivia@acme.example'")
    again = start()
    again.wait()
    assert again.stop(signal.SIGTERM) == 0
    with sqlite3.connect(clone / "var/demo.sqlite3") as database:
        query = "SELECT first_name FROM accounts_user WHERE email = 'olivia@acme.example'"
        assert database.execute(query).fetchone() == ("Olive",)
        assert database.execute("SELECT count(*) FROM accounts_user").fetchone() == (5,)
    assert (clone / "var/demo.env").read_text(encoding="utf-8").splitlines()[:2] == keys

    assert _run(clone, "--reset").returncode == 0
    assert not (clone / "var/demo.sqlite3").exists()
    assert not (clone / "var/onelogin").exists()


@pytest.mark.parametrize(("option", "variable"), [("--port", "PORT="), ("--idp-port", "IDP_PORT=")])
def test_a_taken_port_is_named_with_the_way_to_choose_another(
    clone: Path, option: str, variable: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = _run(clone, option, str(port), *_other_port(option))
    assert outcome.returncode == 3
    assert f"Port {port}" in outcome.stderr
    assert f"make demo {variable}" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def _other_port(option: str) -> list[str]:
    return ["--idp-port" if option == "--port" else "--port", str(free_port())]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL])
def test_a_closed_terminal_or_a_kill_leaves_nothing_running(
    clone: Path, start: Callable[[], Demo], number: signal.Signals
) -> None:
    demo = start()
    demo.wait()
    demo.stop(number)
    if number is signal.SIGHUP:
        assert demo.process.returncode == 0
    else:
        # As long as something runs, nothing is deleted under it.
        assert _run(clone, "--reset").returncode == 4
    deadline = time.monotonic() + 15
    while _listens(demo.port) or _listens(demo.idp_port) or _run(clone, "--reset").returncode != 0:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert not (clone / "var/demo.sqlite3").exists()


@pytest.mark.parametrize("port", ["99999", "0", "-1", "http", "٣", ""])
def test_what_is_no_port_is_said_in_one_sentence(clone: Path, port: str) -> None:
    outcome = _run(clone, f"--idp-port={port}")
    assert outcome.returncode == 3
    assert outcome.stderr == f"IDP_PORT={port} is no port: name one from 1 to 65535, such as IDP_PORT=8080.\n"


def test_a_folder_that_cannot_be_written_to_is_said_in_one_sentence(clone: Path) -> None:
    # Whoever runs the tests may be root, who can write everywhere.
    refuses = "import errno, pathlib\ndef refuse(path, **_):\n"
    refuses += (
        "    raise OSError(errno.EROFS, 'Read-only file system', str(path))\npathlib.Path.mkdir = refuse\n"
    )
    program = f"{refuses}import sys; from justcall_sso.demo import main; sys.exit(main())"
    outcome = subprocess.run(
        [sys.executable, "-c", program], cwd=clone, capture_output=True, text=True, timeout=60, check=False
    )
    assert outcome.returncode == 1
    assert outcome.stderr == (
        f"The demo cannot write {clone / 'var'}: Read-only file system."
        " Run it in a folder that you may write to.\n"
    )


@pytest.mark.parametrize("target", ["demo", "demo-reset", "install"])
def test_a_python_that_is_missing_is_said_in_one_sentence(clone: Path, target: str) -> None:
    outcome = subprocess.run(
        ["make", "-s", target, "PYTHON=/no/such/python"],
        cwd=clone,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert outcome.returncode == 2
    said = outcome.stderr.splitlines()
    assert said[0].startswith("JustCall SSO needs Python 3.11: install it")
    assert said[0].endswith(f"make {target} PYTHON=/path/to/python3.11")
    # The other is make's own.
    assert len(said) == 2


def test_another_python_is_refused_by_name(clone: Path) -> None:
    program = "import sys; sys.version_info = (3, 9, 2); from justcall_sso.demo import main; sys.exit(main())"
    outcome = subprocess.run(
        [sys.executable, "-c", program], cwd=clone, capture_output=True, text=True, timeout=60, check=False
    )
    assert outcome.returncode == 2
    assert "needs Python 3.11, and this is Python 3.9" in outcome.stderr
    assert "apt-get install python3.11" in outcome.stderr


def test_a_process_that_ends_ends_the_demo_with_its_last_words(clone: Path) -> None:
    (clone / "gunicorn.conf.py").write_text("raise SystemExit('the cat ate it')", encoding="utf-8")
    outcome = _run(clone, "--port", str(free_port()), "--idp-port", str(free_port()))
    assert outcome.returncode == 1
    assert "the cat ate it" in outcome.stderr
    assert "The app has ended" in outcome.stderr
