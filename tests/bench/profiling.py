"""Where the time of a sign-in goes: the app in one process, under Python's profiler.

`python -m tests.bench profile` makes the database and runs this module in the app's environment. The profiler makes calls
of Python dearer than they are, so what it says are parts of the whole, not milliseconds to compare.
"""

from __future__ import annotations

import cProfile
import io
import json
import os
import pstats
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.bench.databases import scratch
from tests.bench.messages import Addressee, Signer
from tests.bench.run import Run
from tests.bench.servers import OURS, ROOT, environment_of, prepared
from tests.bench.sign_ins import known_people

PART = "profile"
_SIZE = 300
_LINES = 45
# The doors to what is not ours: a statement that waits for the database, a signature, a canonical form.
_THEIRS = ("psycopg2", "'execute' of", "xmlsec", "is_valid", "django/db/backends/utils.py", "lxml.etree.")


def measure(run: Run) -> None:
    """On PostgreSQL, one at a time: the functions that take most of a known person's sign-in, with all they call."""
    signer = Signer()
    with tempfile.TemporaryDirectory() as folder, scratch("PostgreSQL", PART) as database:
        certificate = Path(folder) / "idp.pem"
        certificate.write_text(signer.pem)
        environment = environment_of(OURS, database, certificate)
        to = prepared(OURS, environment)
        work = {
            "path": urlsplit(to.acs_url).path,
            "bodies": [urlencode({"SAMLResponse": one}) for one in _responses(signer, to)],
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.profiling"],
            cwd=ROOT,
            env=environment | {"LOG_LEVEL": "ERROR"},
            input=json.dumps(work),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    run.console.print(done.stdout, highlight=False, soft_wrap=True)


def _responses(signer: Signer, to: Addressee) -> Iterator[str]:
    for email in known_people(_SIZE):
        yield signer.response(to, email)


def _profile(path: str, bodies: list[str]) -> pstats.Stats:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    warm_up, profiled = bodies[: _SIZE // 2], bodies[_SIZE // 2 :]
    for body in warm_up:
        _post(application, path, body)
    profile = cProfile.Profile()
    with profile:
        for body in profiled:
            _post(application, path, body)
    return pstats.Stats(profile)


def _post(application: Callable[..., Any], path: str, body: str) -> None:
    answered = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": OURS.headers["Host"],
        "HTTP_X_FORWARDED_PROTO": "https",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body.encode()),
        "wsgi.errors": sys.stderr,
    }
    response = application(environ, lambda status, headers: answered.append(status))
    b"".join(response)
    response.close()
    assert answered == ["303 See Other"], answered


def _shown(stats: pstats.Stats) -> Iterator[str]:
    """Our functions and the doors to others', by how much of the whole passes through them."""
    found: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = stats.stats  # type: ignore[attr-defined]
    whole = max(cumulative for _calls, _primitive, _own, cumulative, _callers in found.values())
    yield "of all  itself  calls  function"
    shown = 0
    for (file, _line, name), (_p, calls, own, cumulative, _c) in sorted(
        found.items(), key=lambda item: -item[1][3]
    ):
        place = file.removeprefix(f"{os.getcwd()}/")
        if not place.startswith(("sso/", "accounts/", "justcall_sso/")) and not any(
            one in f"{place} {name}" for one in _THEIRS
        ):
            continue
        each = calls / (_SIZE - _SIZE // 2)
        yield f"{cumulative / whole:6.1%} {own / whole:7.1%} {each:6.1f}  {place.rpartition('site-packages/')[2]} {name}"
        shown += 1
        if shown == _LINES:
            return


if __name__ == "__main__":
    work = json.load(sys.stdin)
    for line in _shown(_profile(work["path"], work["bodies"])):
        sys.stdout.write(f"{line}\n")
