"""Slow clients and waiting threads hold up nobody, and nothing of a former release outlives its start."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPResponse

import psycopg2
import pytest

from justcall_sso.web_worker import asks_for_life, bytes_missing
from tests.own_postgres import OwnPostgres, own_postgres, programs
from tests.service.own_app import OwnApp, own_app

SESSION = "a" * 32
_GET = b"GET /login/ HTTP/1.1\r\nHost: localhost\r\n"
_POST = b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
# With a cookie for the CSRF token, so that the token in the form is looked for.
_LARGE = (
    b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\nCookie: csrftoken=" + b"a" * 32
) + b"\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"


@pytest.mark.parametrize(
    ("received", "missing"),
    [
        (b"", 1),
        (_GET, 1),
        (_GET + b"\r\n", 0),
        (_POST + b"\r\n", 10),
        (_POST + b"\r\n123456789", 1),
        (_POST + b"\r\n1234567890", 0),
        (_POST + b"\r\n1234567890and more", 0),
        (_POST.replace(b"Content-Length", b"content-LENGTH") + b"\r\n", 10),
        # The client sends it when it is told to.
        (_POST + b"Expect: 100-continue\r\n\r\n", 0),
        # What can't be read is left to the parser, which says what is wrong.
        (_POST.replace(b"10", b"ten") + b"\r\n", 0),
        (b"x" * (64 * 1024 - 1), 1),
        (b"x" * 64 * 1024, 0),
        # Of a large body only as much is waited for as fits.
        (_POST.replace(b"10", b"900000") + b"\r\n", 64 * 1024 - len(_POST) - 6),
    ],
)
def test_how_much_of_a_request_is_missing(received: bytes, missing: int) -> None:
    assert bytes_missing(received) == missing


@pytest.mark.parametrize(
    ("received", "is_for_life"),
    [
        (b"GET /health/live/ HTTP/1.1\r\n\r\n", True),
        (b"HEAD /health/live/ HTTP/1.0\r\nHost: x\r\n\r\n", True),
        (b"GET /health/live/?x HTTP/1.1\r\n\r\n", False),
        (b"GET /health/live/../../login/ HTTP/1.1\r\n\r\n", False),
        (b"GET /health/ready/ HTTP/1.1\r\n\r\n", False),
        (b"POST /health/live/ HTTP/1.1\r\n\r\n", False),
        (b"GET /health/live/ HTTP/1.1\r\nContent-Length: 9\r\n\r\n", False),
        (b"GET /health/live/ HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n", False),
    ],
)
def test_only_the_bare_question_whether_it_lives_has_a_thread_of_its_own(
    received: bytes, is_for_life: bool
) -> None:
    assert asks_for_life(received) is is_for_life


@pytest.fixture(scope="module")
def postgres() -> Iterator[OwnPostgres]:
    if programs() is None:
        pytest.skip("no PostgreSQL to start on this machine")
    with own_postgres() as running:
        yield running


@pytest.fixture(scope="module")
def app(postgres: OwnPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnApp]:
    with own_app(postgres.url, tmp_path_factory.mktemp("app")) as running:
        yield running


def _connect(app: OwnApp) -> socket.socket:
    return socket.create_connection(("127.0.0.1", app.port), timeout=30)


@pytest.mark.slow
def test_it_lives_while_every_thread_waits_for_the_database(app: OwnApp, postgres: OwnPostgres) -> None:
    locking = psycopg2.connect(postgres.url)
    with locking.cursor() as cursor:
        cursor.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        people = [
            threading.Thread(target=app.get, args=["/login/"], kwargs={"session": SESSION}) for _ in range(8)
        ]
        for person in people:
            person.start()
        time.sleep(0.5)
        # Also if the prober has a cookie that would be looked up.
        answers = [app.get("/health/live/", session=SESSION) for _ in range(5)]
        waiting = sum(person.is_alive() for person in people)
    locking.close()
    for person in people:
        person.join()
    assert waiting == 8
    assert {answer.status for answer in answers} == {200}
    assert max(answer.seconds for answer in answers) < 1


@pytest.mark.slow
def test_clients_that_send_a_byte_a_second_hold_no_thread(app: OwnApp) -> None:
    stop = threading.Event()
    body = b"x" * 20_000
    head = b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body)

    def drip(at_once: bytes, slowly: bytes) -> None:
        with _connect(app) as client:
            client.sendall(at_once)
            for byte in slowly:
                if stop.wait(0.2):
                    return
                try:
                    client.sendall(bytes([byte]))
                except OSError:
                    return

    # Nothing at all, a head that drips, and a body that does; many times the number of threads.
    kinds = [(b"", b""), (b"", head), (head[:-4], head[-4:] * 99), (head, body)] * 4
    slow = [threading.Thread(target=drip, args=kind) for kind in kinds]
    idle = [_connect(app) for _ in range(8)]
    for client in slow:
        client.start()
    time.sleep(1)
    try:
        answers = [app.get("/login/") for _ in range(20)]
    finally:
        stop.set()
        for client in slow:
            client.join()
        for waiting in idle:
            waiting.close()
    assert {answer.status for answer in answers} == {200}
    assert max(answer.seconds for answer in answers) < 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "start", "drip"),
    [
        ("nothing", b"", b""),
        ("a head that never ends", _GET, b"X-More: 1\r\n"),
        # More than is waited for before a thread begins with it.
        ("a large body", _LARGE + b"x" * 70_000, b"x"),
    ],
)
def test_a_request_that_does_not_arrive_is_given_up(
    app: OwnApp, kind: str, start: bytes, drip: bytes
) -> None:
    started = time.monotonic()
    with _connect(app) as client:
        client.sendall(start)
        client.settimeout(0.5)
        answer = None
        while answer is None and time.monotonic() - started < 40:
            try:
                client.sendall(drip)
                answer = client.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                answer = b""
    assert answer is not None, "it was still waited for"
    assert 5 < time.monotonic() - started < 25
    assert b" 200 " not in answer


@pytest.mark.slow
def test_requests_in_pieces_and_several_on_one_connection_are_answered(app: OwnApp) -> None:
    requests = [_GET + b"\r\n", _post(50_000), _GET + b"\r\n", b"GET /health/live/ HTTP/1.1\r\n\r\n"]
    with _connect(app) as client:
        # The body of the last is longer than what is waited for before a thread begins with it.
        for request in [*requests, _post(100_000)]:
            for start in range(0, len(request), 30_000):
                client.sendall(request[start : start + 30_000])
                time.sleep(0.05)
            assert _status(client) in {200, 404}


def _post(length: int) -> bytes:
    head = b"POST /sso/saml/none/acs/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % length
    return head + b"x" * length


def _status(client: socket.socket) -> int:
    response = HTTPResponse(client)
    response.begin()
    response.read()
    return response.status
