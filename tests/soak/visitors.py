"""People who sign in and look at pages, and senders of junk, all the time. They keep what they were answered."""

from __future__ import annotations

import base64
import http.client
import random
import re
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from sso.models import Connection
from tests.cast import Arrivals
from tests.saml.messages import ISSUER
from tests.service.own_app import OwnApp
from tests.words import PASSWORD

PUBLIC_ID = "0123456789abcdef0123456789abcdef"
OWNER = "olivia@acme.example"
_PEOPLE = [f"person{number}@acme.example" for number in range(40)]
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_PAGES = ["/login/", "/password-reset/", f"/sso/saml/{PUBLIC_ID}/metadata/", "/no/such/page/", "/"]
_GIVES_UP_AFTER_SECONDS = 10


@dataclass(frozen=True)
class Answer:
    """Of one request. Status 0: there was none. `session` is the one that it began."""

    kind: str
    status: int
    seconds: float
    session: str = ""
    assertion_id: str = ""


class Browser:
    """One browser's cookies, and which copy of the service it is sent to."""

    def __init__(self, app: OwnApp) -> None:
        self._app = app
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str = "", kind: str = "") -> tuple[Answer, str, str]:
        """The answer, where it leads, and its text."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": "localhost", "Cookie": cookie} | (_FORM if body else {})
        started = time.monotonic()
        caller = http.client.HTTPConnection("127.0.0.1", self._app.port, timeout=_GIVES_UP_AFTER_SECONDS)
        try:
            caller.request(method, path, body or None, headers)
            response = caller.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return Answer(kind, 0, time.monotonic() - started), "", ""
        finally:
            caller.close()
        begun: SimpleCookie = SimpleCookie()
        for line in response.headers.get_all("Set-Cookie") or []:
            begun.load(line)
        self.cookies |= {name: morsel.value for name, morsel in begun.items()}
        session = begun["sessionid"].value if "sessionid" in begun else ""
        return (
            Answer(kind, response.status, time.monotonic() - started, session),
            response.headers.get("Location", ""),
            text,
        )


@dataclass
class Visitors:
    """Threads that go on until they are stopped."""

    apps: list[OwnApp]
    answers: list[Answer] = field(default_factory=list)
    arrivals: Arrivals = field(
        default_factory=lambda: Arrivals(Connection(public_id=PUBLIC_ID, idp_entity_id=ISSUER))
    )

    def start(self) -> None:
        self._over = threading.Event()
        kinds = [self._from_the_tile] * 2 + [self._by_request] * 2
        kinds += [self._by_password, self._look_at_pages, self._send_junk]
        self._threads = [threading.Thread(target=self._go_on, args=[kind]) for kind in kinds]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, visit: Callable[[Browser], None]) -> None:
        while not self._over.is_set():
            visit(Browser(random.choice(self.apps)))
            time.sleep(0.05)

    def response(self, in_response_to: str | None = None) -> tuple[str, str]:
        """A response for one of the people, and the ID of its assertion."""
        email = random.choice(_PEOPLE)
        rows = (("email", (email,)), ("firstName", ("Person",)), ("lastName", ("Person",)))
        message = self.arrivals.message(name_id=email, attributes=rows, in_response_to=in_response_to)
        return self.arrivals.idp.response(message), message.assertion_id

    def post(self, browser: Browser, kind: str, response: str, assertion_id: str) -> Answer:
        body = urlencode({"SAMLResponse": response})
        answer, _to, _text = browser.ask("POST", f"/sso/saml/{PUBLIC_ID}/acs/", body, kind)
        kept = Answer(kind, answer.status, answer.seconds, answer.session, assertion_id)
        self.answers.append(kept)
        return kept

    def _from_the_tile(self, browser: Browser) -> None:
        self.post(browser, "tile", *self.response())

    def _by_request(self, browser: Browser) -> None:
        answer, to, _text = browser.ask("GET", "/login/sso/acme/", kind="start")
        self.answers.append(answer)
        asked = parse_qs(urlsplit(to).query).get("SAMLRequest", [""])[0]
        if asked:
            request = zlib.decompress(base64.b64decode(asked), -15).decode()
            found = re.search(r'\bID="([^"]+)"', request)
            self.post(browser, "request", *self.response(found[1] if found else None))

    def _by_password(self, browser: Browser) -> None:
        answer, _to, text = browser.ask("GET", "/login/", kind="page")
        self.answers.append(answer)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
        if token:
            form = {"csrfmiddlewaretoken": token[1], "email": OWNER, "password": PASSWORD, "next": "/"}
            self.answers.append(browser.ask("POST", "/login/", urlencode(form), "password")[0])
        time.sleep(0.5)

    def _look_at_pages(self, browser: Browser) -> None:
        self.answers.append(browser.ask("GET", random.choice(_PAGES), kind="page")[0])

    def _send_junk(self, browser: Browser) -> None:
        junk = random.choice(
            ["", "%%%", "PHNhbWw+", "A" * 5000, base64.b64encode(random.randbytes(900)).decode()]
        )
        self.post(browser, "junk", junk, "")
        time.sleep(0.3)


def statuses(answers: list[Answer]) -> dict[str, dict[int, int]]:
    """How often each kind was answered with each status."""
    kinds = sorted({answer.kind for answer in answers})
    return {
        kind: dict(sorted(Counter(answer.status for answer in answers if answer.kind == kind).items()))
        for kind in kinds
    }
