"""Runs the demo: `python3 -m justcall_sso.demo [--port 8000] [--idp-port 8001] [--reset]`.

It installs the locked packages, prepares the database, and runs two processes until Ctrl-C or SIGTERM: the app, with the
settings of production except https, and the OneLogin stand-in. All its data is in var/. Both
end with this process, even if it is killed.

Exit codes: 0 stopped by Ctrl-C or SIGTERM, 1 something failed, 2 this machine lacks something, 3 a port is taken, 4 the
demo is running already. It uses the standard library alone, because it starts on the system's Python.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import errno
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

from justcall_sso.install import PYTHON, ROOT, check_python, install
from justcall_sso.machine import MACHINE_LACKS, MachineLacks

VAR = ROOT / "var"
ENV_FILE = VAR / "demo.env"
DATABASE = VAR / "demo.sqlite3"
IDP_STATE = VAR / "onelogin"
MAIL = VAR / "mail"
LOGS = {"the app": VAR / "demo-app.log", "the OneLogin stand-in": VAR / "demo-onelogin.log"}
FAILED, PORT_TAKEN, RUNNING_ALREADY = 1, 3, 4
START_WITHIN_SECONDS = 60
STOP_WITHIN_SECONDS = 10
_STOPPING = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC}


class Stopped(Exception):
    """Ctrl-C, SIGTERM, or a terminal that was closed."""


class DemoFailed(Exception):
    """The demo cannot go on. The message says why and what to do."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo", description="JustCall SSO with a OneLogin stand-in.")
    parser.add_argument("--port", default="8000", help="of the app (make demo PORT=…)")
    parser.add_argument("--idp-port", default="8001", help="of the stand-in (make demo IDP_PORT=…)")
    parser.add_argument("--reset", action="store_true", help="remove the demo's data and end")
    options = parser.parse_args()
    for number in _STOPPING:
        # `nohup` ignores SIGHUP, and means it.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    try:
        check_python()
        with _only_one() as lock:
            if options.reset:
                reset()
            else:
                run(_port("PORT", options.port), _port("IDP_PORT", options.idp_port), lock)
    except Stopped:
        # A closed terminal can't be written to.
        with contextlib.suppress(OSError):
            print("\nStopped. `make demo` starts again with the same data.", flush=True)
    except MachineLacks as lack:
        print(lack, file=sys.stderr)
        return MACHINE_LACKS
    except DemoFailed as failure:
        print(failure, file=sys.stderr)
        return failure.code
    except subprocess.CalledProcessError:
        print("The demo could not be prepared; the lines above say why.", file=sys.stderr)
        return FAILED
    except OSError as error:
        if error.errno not in _NOT_WRITABLE:
            raise
        print(
            f"The demo cannot write {error.filename}: {error.strerror}. Run it in a folder that you may write to.",
            file=sys.stderr,
        )
        return FAILED
    return 0


def run(port: int, idp_port: int, lock: IO[str]) -> NoReturn:
    """Start both processes. Ends by Stopped, or by DemoFailed if one of them ends by itself.

    They hold the lock, too: whatever ends this process, nobody starts another demo or resets it before they have ended.
    """
    _check_port(port, "PORT", "the app")
    _check_port(idp_port, "IDP_PORT", "the OneLogin stand-in")
    install("requirements-demo.txt")
    environment = _environment(port)
    for command in ["migrate --noinput -v 0", "collectstatic --noinput -v 0", "seed_demo"]:
        subprocess.run(
            [str(PYTHON), "manage.py", *command.split()],
            cwd=ROOT,
            env=environment,
            pass_fds=[lock.fileno()],
            check=True,
        )
    processes: dict[str, subprocess.Popen[bytes]] = {}
    guards: list[subprocess.Popen[bytes]] = []
    try:
        simulator = [
            "sso.simulator",
            "--host",
            "127.0.0.1",
            "--port",
            str(idp_port),
            "--state",
            str(IDP_STATE),
        ]
        for name, module in [("the app", ["gunicorn"]), ("the OneLogin stand-in", simulator)]:
            processes[name] = _start(name, module, environment, lock)
            guards.append(_guard(processes[name]))
        _wait_for(f"http://127.0.0.1:{port}/health/ready/", processes)
        _wait_for(f"http://127.0.0.1:{idp_port}/", processes)
        _say_where(port, idp_port)
        while True:
            _check_alive(processes)
            time.sleep(0.5)
    finally:
        _end(processes)
        for guard in guards:
            guard.communicate(b"They have ended.\n")


def reset() -> None:
    """Remove the demo's database, keys and e-mails, and the stand-in's state. It does not ask first."""
    for path in [ENV_FILE, *VAR.glob(DATABASE.name + "*"), *LOGS.values()]:
        path.unlink(missing_ok=True)
    for folder in [IDP_STATE, MAIL]:
        shutil.rmtree(folder, ignore_errors=True)
    print("The demo's data is gone. `make demo` starts anew.")


def _stop(number: int, frame: FrameType | None) -> None:
    # A second Ctrl-C must not interrupt the end.
    for each in _STOPPING:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def _only_one() -> IO[str]:
    VAR.mkdir(exist_ok=True)
    lock = (VAR / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise DemoFailed(
            "The demo is running already, or ending. Stop it first (Ctrl-C there).", RUNNING_ALREADY
        ) from None
    return lock


def _port(name: str, text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise DemoFailed(f"{name}={text} is no port: name one from 1 to 65535, such as {name}=8080.", PORT_TAKEN)


def _check_port(port: int, name: str, whose: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            another = port + 80 if port + 80 < 65536 else port - 80
            raise DemoFailed(
                f"Port {port}, for {whose}, cannot be used: {error.strerror}.\n"
                f"Stop the program that has it, or choose another port: make demo {name}={another}",
                PORT_TAKEN,
            ) from None


def _environment(port: int) -> dict[str, str]:
    """The environment of both processes: none of the user's own settings; keys from the first start."""
    kept = _read_env_file()
    settings = {
        "SECRET_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(50),
        "KEY_ENCRYPTION_KEYS": kept.get("KEY_ENCRYPTION_KEYS")
        or base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DATABASE_URL": f"sqlite:///{DATABASE.relative_to(ROOT)}",
        "EMAIL_URL": f"file:///{MAIL.relative_to(ROOT)}",
        "DEFAULT_FROM_EMAIL": "JustCall <no-reply@localhost>",
        "LOG_FORMAT": "text",
        "BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
        "DRAIN_SECONDS": "0",
    }
    ENV_FILE.touch(mode=0o600)
    ENV_FILE.chmod(0o600)
    lines = [f"{name}='{value}'\n" for name, value in settings.items()]
    ENV_FILE.write_text("".join(lines), encoding="utf-8")
    theirs = {name: value for name, value in os.environ.items() if name not in _documented_names()}
    return {
        **theirs,
        **settings,
        "ENV_FILE": str(ENV_FILE),
        "DJANGO_SETTINGS_MODULE": "justcall_sso.settings",
    }


def _read_env_file() -> dict[str, str]:
    if not ENV_FILE.is_file():
        return {}
    lines = [line.partition("=") for line in ENV_FILE.read_text(encoding="utf-8").splitlines()]
    return {name: value.strip("'") for name, _, value in lines}


def _documented_names() -> set[str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return {line.lstrip("# ").split("=", 1)[0] for line in text.splitlines() if "=" in line}


def _start(
    name: str, module: list[str], environment: dict[str, str], lock: IO[str]
) -> subprocess.Popen[bytes]:
    with LOGS[name].open("wb") as log:
        # In a session of its own, so that Ctrl-C reaches only this process, which then stops the others.
        return subprocess.Popen(
            [str(PYTHON), "-m", *module],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lock.fileno()],
        )


def _guard(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """A shell that ends the process if this one ends without a word, killed or not: then its pipe is closed."""
    return subprocess.Popen(
        ["/bin/sh", "-c", f"read -r word || kill -TERM {process.pid}"],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait_for(url: str, processes: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline:
        _check_alive(processes)
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own http address
                return
        except urllib.error.HTTPError as error:
            # It answers, although it may ask for a sign-in.
            if error.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise DemoFailed(f"{url} does not answer. Look into {_short(VAR)}/demo-*.log")


def _check_alive(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            end = LOGS[name].read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
            raise DemoFailed(
                "\n".join([*end, f"{name[0].upper()}{name[1:]} has ended. Its log is {_short(LOGS[name])}"])
            )


def _end(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        try:
            process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _say_where(port: int, idp_port: int) -> None:
    print(
        f"""
JustCall   http://localhost:{port}       sign in as olivia@acme.example (the others are above)
OneLogin   http://127.0.0.1:{idp_port}       the stand-in: admin console and portal of Acme

Next:
  1. Sign in to JustCall as Olivia and open Settings → Security → Single Sign-On.
  2. Follow the help article, with the stand-in in a second tab.
  3. Sign in both ways: “Sign in with SSO” on JustCall, and the JustCall tile in the stand-in's portal.

E-mails are written to {_short(MAIL)}/, logs to {_short(VAR)}/demo-*.log.
Ctrl-C stops both. `make demo-reset` removes the demo's data.
""",
        flush=True,
    )


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
