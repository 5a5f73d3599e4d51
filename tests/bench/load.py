"""Load: so many browsers at once post responses, and each answer must be a sign-in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urlsplit

from tests.bench.figures import Round
from tests.bench.messages import Signer
from tests.bench.servers import Server

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# What one of the browsers does with its connection to the server, once for each item.
Act = Callable[[HTTPConnection, str], object]


def measured(server: Server, items: list[str], act: Act, at_once: int) -> Round:
    """Act on each item, so many at once, and take the time and the CPU of the server's processes."""
    waiting, seconds, faults = iter(items), list[float](), list[BaseException]()
    lock = threading.Lock()

    def browser() -> None:
        caller = server.connect()
        try:
            while (item := _next(waiting, lock)) is not None:
                began = time.perf_counter()
                act(caller, item)
                seconds.append(time.perf_counter() - began)
        except BaseException as fault:  # noqa: BLE001 - told by the thread that waits
            faults.append(fault)
        finally:
            caller.close()

    browsers = [threading.Thread(target=browser) for _ in range(at_once)]
    cpu, began = server.cpu_seconds(), time.perf_counter()
    for one in browsers:
        one.start()
    for one in browsers:
        one.join()
    if faults:
        raise faults[0]
    return Round(tuple(seconds), time.perf_counter() - began, server.cpu_seconds() - cpu)


def _next(waiting: Iterator[str], lock: threading.Lock) -> str | None:
    with lock:
        return next(waiting, None)


def sign_ins(server: Server, signer: Signer, emails: list[str], at_once: int) -> Round:
    """Sign these people in, with a new response for each, and count the rows that it left."""
    bodies = [urlencode({"SAMLResponse": signer.response(server.addressee, email)}) for email in emails]
    before = _rows(server)
    found = measured(server, bodies, lambda caller, body: sign_in(server, caller, body), at_once)
    for table, rows in _rows(server).items():
        grown = rows - before[table]
        # A peer may keep a second session of its own for each sign-in.
        is_right = grown >= len(emails) if table == "django_session" else grown == len(emails)
        assert is_right, f"{server.kind.name}: {grown} rows in {table} for {len(emails)} sign-ins"
    return found


def _rows(server: Server) -> dict[str, int]:
    return {table: server.database.count(table) for table in ("django_session", *server.kind.rows)}


def sign_in(server: Server, caller: HTTPConnection, body: str) -> list[str]:
    """Post a response; the cookies of whoever is signed in."""
    path, headers = urlsplit(server.addressee.acs_url).path, server.kind.headers
    answer, content = asked(caller, "POST", path, body, headers | FORM)
    cookies = _cookies(answer)
    location = answer.headers.get("Location", "")
    if location not in ("", "/"):
        # django-allauth keeps the response, and signs in with the next request.
        answer, content = asked(caller, "GET", location, "", headers | {"Cookie": "; ".join(cookies)})
        cookies = _cookies(answer)
    arrived = answer.status in (302, 303) and answer.headers.get("Location") == "/"
    assert arrived and any("sessionid=" in cookie for cookie in cookies), (
        f"{server.kind.name}: {answer.status} {dict(answer.headers)} {content[:1000]!r}"
    )
    return cookies


def asked(
    caller: HTTPConnection, method: str, path: str, body: str, headers: dict[str, str]
) -> tuple[HTTPResponse, bytes]:
    """One request on a connection that stays open."""
    caller.request(method, path, body or None, headers)
    answer = caller.getresponse()
    return answer, answer.read()


def _cookies(answer: HTTPResponse) -> list[str]:
    return [cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie") or []]
