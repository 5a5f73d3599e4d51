"""A small real mail relay on loopback that takes e-mails, or refuses their recipients (RFC 5321)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django import Settings


class Relay(ThreadingTCPServer):
    """Speaks as much SMTP as smtplib asks for. `recipients` are those it took."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.port: int = self.server_address[1]
        # The addresses it does not take.
        self.refuses: set[str] = set()
        self.refusal = "550 no such domain"
        self.recipients: list[str] = []

    def __enter__(self) -> Relay:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Be away: nothing listens at the address any more."""
        self.shutdown()
        self.server_close()


class SilentServer(ThreadingTCPServer):
    """Takes connections and says no word; or `begins`, and then a byte now and then, which never ends."""

    daemon_threads = True

    def __init__(self, begins: bytes = b"") -> None:
        super().__init__(("127.0.0.1", 0), _Silence)
        self.port: int = self.server_address[1]
        self.begins = begins
        self.called, self.is_over = threading.Event(), threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.is_over.set()
        self.shutdown()
        self.server_close()


class _Silence(StreamRequestHandler):
    server: SilentServer

    def handle(self) -> None:
        self.server.called.set()
        self.wfile.write(self.server.begins)
        while not self.server.is_over.wait(0.1):
            if self.server.begins:
                try:
                    self.wfile.write(b"2")
                except OSError:
                    return


class _Dialogue(StreamRequestHandler):
    server: Relay

    def handle(self) -> None:
        self._say("220 relay")
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            if command == "DATA":
                self._say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
            if command == "RCPT":
                recipient = line.partition("<")[2].rpartition(">")[0]
                if recipient in self.server.refuses:
                    self._say(self.server.refusal)
                    continue
                self.server.recipients.append(recipient)
            self._say("221 bye" if command == "QUIT" else "250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def relay(settings: Settings) -> Iterator[Relay]:
    """A mail relay on loopback, to which the app now speaks SMTP."""
    with Relay() as running:
        speak_smtp(settings, running.port)
        yield running


# The beginning of a greeting (RFC 5321 4.3.1), and that of a TLS record of 16,000 bytes (RFC 8446 5.1).
@pytest.fixture(params=[b"", b"22", b"\x16\x03\x03\x3e\x80"], ids=["silent", "dripping", "dripping TLS"])
def hanging(settings: Settings, request: pytest.FixtureRequest) -> Iterator[SilentServer]:
    """A mail server on loopback that hangs, to which the app now speaks SMTP."""
    server = SilentServer(request.param)
    speak_smtp(settings, server.port)
    settings.EMAIL_USE_SSL = request.param.startswith(b"\x16")
    yield server
    server.stop()


def speak_smtp(settings: Settings, port: int) -> None:
    """Let the app speak SMTP to a port of loopback."""
    settings.EMAIL_BACKEND = "accounts.mail_server.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
