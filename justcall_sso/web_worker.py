"""The worker of gunicorn that serves JustCall SSO: slow clients and a slow database hold no thread that others need.

Gunicorn's gthread gives a connection to a thread as soon as it is accepted. Here its main loop waits until the request
has arrived, so that somebody who sends a byte a second holds none. `/health/live/` has a thread of its own: it is
answered while all the others wait for the database.

It builds on the insides of the gunicorn that requirements.txt pins; tests/service/test_web_worker.py notices a change.
"""

from __future__ import annotations

import errno
import re
import selectors
import socket
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

# A request must have arrived by then: its head, and its body if that is not larger than _WAITED_FOR.
ARRIVES_WITHIN_SECONDS = 10
_WAITED_FOR = 64 * 1024
# The rest of a large body: so long in all is waited for it, and a second more for so many bytes.
_REST_WITHIN_SECONDS = 10
_BYTES_A_SECOND = 10_000
_ANSWER_IS_TAKEN_WITHIN_SECONDS = 20

_HEAD_END = b"\r\n\r\n"
_LIVE = re.compile(rb"(GET|HEAD) /health/live/ HTTP/")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*(?:\r|$)", re.IGNORECASE)
_BODY_FOLLOWS = re.compile(rb"\r\n(content-length|transfer-encoding):", re.IGNORECASE)
# The client waits for the head to be accepted.
_EXPECTS = re.compile(rb"\r\nexpect:", re.IGNORECASE)


def bytes_missing(received: bytes) -> int:
    """How many bytes a request lacks, at least, before a thread can deal with it. `received` are its first ones."""
    head, end, body = received.partition(_HEAD_END)
    if not end:
        # One whose head never ends is left to the parser, which says so.
        return int(len(received) < _WAITED_FOR)
    length = _LENGTH.search(head)
    if length is None or _EXPECTS.search(head):
        return 0
    return max(0, min(int(length[1]), _WAITED_FOR - len(head) - len(end)) - len(body))


def asks_for_life(received: bytes) -> bool:
    """Whether it is a request for /health/live/, and nothing that takes time."""
    head = received.partition(_HEAD_END)[0]
    return _LIVE.match(head) is not None and _BODY_FOLLOWS.search(head) is None


class ClientSocket(socket.socket):
    """A connection that is given up when the other side is too slow, as if it had been reset."""

    waited = 0.0
    received = 0

    def next_request(self) -> None:
        self.waited, self.received = 0.0, 0

    def recv(self, size: int, flags: int = 0) -> bytes:
        if flags or self.gettimeout() == 0.0:
            return super().recv(size, flags)
        theirs = self.gettimeout()
        left = _REST_WITHIN_SECONDS + self.received / _BYTES_A_SECOND - self.waited
        started = time.monotonic()
        self.settimeout(max(0.001, left if theirs is None else min(left, theirs)))
        try:
            data = super().recv(size)
        except TimeoutError:
            if theirs is not None and theirs < left:
                raise
            raise ConnectionResetError(errno.ECONNRESET, "the request arrives too slowly") from None
        finally:
            self.waited += time.monotonic() - started
            self.settimeout(theirs)
        self.received += len(data)
        return data

    def sendall(self, data: Any, flags: int = 0) -> None:
        theirs = self.gettimeout()
        self.settimeout(_ANSWER_IS_TAKEN_WITHIN_SECONDS)
        try:
            super().sendall(data, flags)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "the answer is taken too slowly") from None
        finally:
            self.settimeout(theirs)


class Caller(TConn):  # type: ignore[misc]
    """A connection of a client, with what is known of the request that is arriving."""

    sock: ClientSocket
    seen = 0
    for_life = False


class WebWorker(ThreadWorker):  # type: ignore[misc]
    """gthread, but for when a thread takes over."""

    def init_process(self) -> None:
        self._for_life: Executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="life")
        super().init_process()

    def accept(self, listener: Any) -> None:
        try:
            accepted, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        client = ClientSocket(fileno=accepted.detach())
        self.nr_conns += 1
        self._await_request(Caller(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Caller, client: Any) -> None:
        """The next request on a connection that was kept alive begins to arrive."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await_request(conn)

    def on_pending_socket_readable(self, conn: Caller, client: ClientSocket) -> None:
        """More has arrived: give it to a thread if it is all there, else wait for the rest."""
        try:
            received = client.recv(_WAITED_FOR, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        missing = bytes_missing(received)
        if received and missing and len(received) != conn.seen:
            conn.seen = len(received)
            # Not readable any more until so much has arrived.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, len(received) + missing)
            return
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        conn.for_life = asks_for_life(received)
        super().on_pending_socket_readable(conn, client)

    def enqueue_req(self, conn: Caller) -> None:
        pool = self._for_life if conn.for_life else self.tpool
        conn.seen, conn.for_life = 0, False
        conn.sock.next_request()
        task = pool.submit(self.handle, conn)
        task.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def _await_request(self, conn: Caller) -> None:
        within = ARRIVES_WITHIN_SECONDS if self.alive else STOP_KEEPALIVE_LINGER
        conn.timeout = time.monotonic() + within
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _cap_keepalive(self, deadline: float) -> None:
        """This worker ends: whoever has not sent a request until `deadline` is not waited for."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
