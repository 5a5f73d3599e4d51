"""(c) The pages around a sign-in: the start, the password, the settings, the overview and the log."""

from __future__ import annotations

import random
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.bench.figures import Round, collected, interleaved, summary
from tests.bench.load import FORM, asked, measured, sign_in, sign_ins
from tests.bench.messages import Signer
from tests.bench.run import Run
from tests.bench.servers import FLOOR, OURS, Server, running
from tests.bench.sign_ins import known_people
from tests.words import PASSWORD

PART = "pages"
_SIZE = 120
_BARE = "bare page with one insert"
_TOKEN = "t" * 32


@dataclass(frozen=True)
class _Page:
    """A page that is asked for. `status` and `says` (in its body, or in its Location) are how it is known to be right."""

    server: Server
    path: str
    status: int
    says: str
    cookie: str = ""
    form: str = ""

    def ask(self, caller: HTTPConnection, _item: str) -> None:
        headers = self.server.kind.headers | {"Cookie": self.cookie}
        if self.server.kind.is_ours:
            # Limits count by the address of the browser: each request comes from another one.
            headers |= {"X-Forwarded-For": f"10.{random.randrange(255)}.{random.randrange(255)}.7"}
        method = "POST" if self.form else "GET"
        if self.form:
            headers |= FORM | {"Origin": "https://sso.justcall.example"}
        answer, body = asked(caller, method, self.path, self.form, headers)
        found = body.decode() + answer.headers.get("Location", "")
        assert answer.status == self.status and self.says in found, (self.path, answer.status, found[:2000])


def measure(run: Run) -> None:
    """On PostgreSQL, one at a time."""
    signer = Signer()
    size, rounds = (_SIZE // 3, 3) if run.quick else (_SIZE, run.rounds)
    with running([OURS, FLOOR], "PostgreSQL", signer) as (ours, floor):
        # The log has pages to show.
        sign_ins(ours, signer, known_people(200), 8)
        pages = _pages(ours, floor, _owner(ours, signer))
        found: list[tuple[str, Round]] = []
        for _number, name in run.shown(interleaved(list(pages), rounds), len(pages) * rounds, PART):
            found.append((name, measured(pages[name].server, [name] * size, pages[name].ask, 1)))
        for name, all_rounds in collected(found).items():
            run.keep(PART, "PostgreSQL, 1 at once", name, summary(all_rounds))


def _owner(ours: Server, signer: Signer) -> str:
    """The cookie of the owner, who is signed in."""
    body = urlencode({"SAMLResponse": signer.response(ours.addressee, "owner@acme.example")})
    caller = ours.connect()
    return "; ".join(sign_in(ours, caller, body))


def _pages(ours: Server, floor: Server, owner: str) -> dict[str, _Page]:
    password = urlencode({"email": "owner@acme.example", "password": PASSWORD, "csrfmiddlewaretoken": _TOKEN})
    work_email = urlencode({"email": "person1@acme.example", "csrfmiddlewaretoken": _TOKEN})
    csrf = f"__Host-csrftoken={_TOKEN}"
    settings = "/settings/security"
    return {
        _BARE: _Page(floor, "/page/", 200, "<h1>Sign in</h1>"),
        "start at a company's address": _Page(ours, "/login/sso/acme/", 302, "SAMLRequest="),
        "start by work email": _Page(ours, "/login/sso/", 200, "SAMLRequest=", csrf, work_email),
        "password page": _Page(ours, "/login/", 200, "Sign in to JustCall"),
        "password sign-in": _Page(ours, "/login/", 302, "/", csrf, password),
        "overview": _Page(ours, "/", 200, "Hello", owner),
        "Single Sign-On settings": _Page(ours, f"{settings}/sso/", 200, "ACS", owner),
        "sign-in log": _Page(ours, f"{settings}/log/", 200, "person1@acme.example", owner),
    }
