"""Who takes part: the app, the floor and two peers, each under gunicorn with a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from tests.bench.databases import Database, scratch
from tests.bench.messages import ISSUER, Addressee, Signer
from tests.bench.peers import python_of
from tests.bench.processes import children, cpu_seconds
from tests.demo.running import free_port

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 2, 4
_START_WITHIN_SECONDS = 60
_OUR_ENVIRONMENT = {
    "ENV_FILE": "",
    "SECRET_KEY": "a-key-for-the-benchmark-only-that-is-as-long-as-it-must-be-0123456789",
    "KEY_ENCRYPTION_KEYS": "dGVzdHMtb25seS1rZXktdGhhdC1zZWFscy1zdHVmZiE=",
    "PUBLIC_BASE_URL": "https://sso.justcall.example",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "DEFAULT_FROM_EMAIL": "JustCall <no-reply@justcall.example>",
    "TRUSTED_PROXY_HEADER": "X-Forwarded-Proto",
    "TRUSTED_PROXY_COUNT": "1",
}


@dataclass(frozen=True)
class Kind:
    """A contestant. Of the peers, `settings` and `addressee` are fixed; ours come with the database.

    `rows`: tables that get one row with each sign-in, beside the sessions. `headers` are what a proxy would send.
    """

    name: str
    settings: str
    venv: str = ""
    addressee: Addressee | None = None
    rows: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=lambda: {"Host": "sp.example"})

    @property
    def python(self) -> str:
        return python_of(self.venv) if self.venv else sys.executable

    @property
    def is_ours(self) -> bool:
        return self.addressee is None


OURS = Kind(
    "JustCall SSO",
    "justcall_sso.settings",
    rows=("sso_signinevent", "sso_consumedassertion"),
    headers={"Host": "sso.justcall.example", "X-Forwarded-Proto": "https"},
)
FLOOR = Kind(
    "floor",
    "tests.bench.floor.settings",
    addressee=Addressee("http://sp.example/acs/", "http://sp.example/"),
    rows=("floor_event", "floor_usedassertion"),
)
ALLAUTH = Kind(
    "django-allauth",
    "tests.bench.peers.allauth_saml",
    "allauth",
    Addressee("http://sp.example/saml/acme/acs/", "http://sp.example/saml/acme/metadata/"),
)
DJANGOSAML2 = Kind(
    "djangosaml2",
    "tests.bench.peers.djangosaml2_sp",
    "djangosaml2",
    Addressee("http://sp.example/acs/", "http://sp.example/metadata/"),
)


@dataclass(frozen=True)
class Server:
    """A contestant that runs."""

    kind: Kind
    database: Database
    addressee: Addressee
    port: int
    process: subprocess.Popen[bytes]

    @property
    def workers(self) -> list[int]:
        return children(self.process.pid)

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process.pid)

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=120)


@contextmanager
def running(kinds: list[Kind], vendor: str, signer: Signer) -> Iterator[list[Server]]:
    """Servers of these kinds, each on an empty database with its company."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        certificate = folder / "idp.pem"
        certificate.write_text(signer.pem)
        servers = []
        for number, kind in enumerate(kinds):
            database = stack.enter_context(scratch(vendor, str(number)))
            environment = environment_of(kind, database, certificate)
            addressee = prepared(kind, environment)
            servers.append(stack.enter_context(_served(kind, database, addressee, environment)))
        yield servers


def environment_of(kind: Kind, database: Database, certificate: Path) -> dict[str, str]:
    """What a contestant's processes read: its settings, its database and the identity provider it trusts."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return (
        kept
        | (_OUR_ENVIRONMENT if kind.is_ours else {})
        | {
            "DJANGO_SETTINGS_MODULE": kind.settings,
            "DATABASE_URL": database.url,
            "BENCH_ISSUER": ISSUER,
            "BENCH_CERTIFICATE": str(certificate),
            "WEB_CONCURRENCY": str(WORKERS),
            "WEB_THREADS": str(THREADS),
            "PYTHONPATH": str(ROOT),
        }
    )


def prepared(kind: Kind, environment: dict[str, str]) -> Addressee:
    """Make its tables and its company, and say whom responses are for."""

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [kind.python, "-m", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("django", "migrate", "--verbosity", "0")
    # The app of the floor has no migrations: its tables come after those they refer to.
    run("django", "migrate", "--run-syncdb", "--verbosity", "0")
    if kind.addressee is not None:
        return kind.addressee
    run("django", "collectstatic", "--no-input", "--verbosity", "0")
    return Addressee(**json.loads(run("tests.bench.seeding")))


@contextmanager
def _served(
    kind: Kind, database: Database, addressee: Addressee, environment: dict[str, str]
) -> Iterator[Server]:
    port = free_port()
    configuration = "gunicorn.conf.py" if kind.is_ours else "tests/bench/floor/gunicorn_conf.py"
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [kind.python, "-m", "gunicorn", "-c", configuration],
            cwd=ROOT,
            env=environment | {"BIND": f"127.0.0.1:{port}"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            server = Server(kind, database, addressee, port, process)
            if not _answers(server):
                log.seek(0)
                raise AssertionError(f"{kind.name} did not start:\n{log.read().decode()[-4000:]}")
            yield server
        finally:
            process.terminate()
            process.wait(30)


def _answers(server: Server) -> bool:
    deadline = time.monotonic() + _START_WITHIN_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            caller = server.connect()
            caller.request("GET", "/", headers=server.kind.headers)
            caller.getresponse()
            return True
        except OSError:
            time.sleep(0.1)
    return False
