"""A site that may hold metadata: hostile or honest, on an address that the tests take for public."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sso.connection.metadata_fetch import (
    FetchFailed,
    FetchProblem,
    MetadataFetcher,
)
from sso.connection.public_addresses import is_public
from tests.connection.tls_server import Answer, TlsServer, certificate_for
from tests.saml.metadata_files import WHOLE

IDP = "idp.example"
# The attacker's server is at 127.0.0.2, which these tests take for public; 127.0.0.1 is inside.
PUBLIC, INSIDE = "127.0.0.2", "127.0.0.1"


def _allowed(address: Any) -> bool:
    return str(address) == PUBLIC or is_public(address)


def says(body: bytes = b"", status: str = "200 OK", *headers: str, length: bool = True) -> Answer:
    lines = [f"HTTP/1.1 {status}", *headers, *([f"Content-Length: {len(body)}"] if length else [])]

    def send(channel: socket.socket) -> None:
        channel.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    return send


def redirects(address: str, status: str = "302 Found") -> Answer:
    return says(b"", status, f"Location: {address}")


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_for(tmp_path_factory.mktemp("tls"), IDP, PUBLIC)


@pytest.fixture
def server(pem: Path) -> Iterator[TlsServer]:
    running = TlsServer(pem)
    yield running
    running.close()


@pytest.fixture
def inside() -> Iterator[TlsServer]:
    """A server inside, over plain http. Nobody may ever reach it."""
    running = TlsServer(None, INSIDE)
    running.answer = says(WHOLE.encode())
    yield running
    running.close()
    assert running.asked == []


@pytest.fixture
def fetcher(pem: Path) -> MetadataFetcher:
    tls = ssl.create_default_context(cafile=str(pem))
    return MetadataFetcher(lambda host, seconds: [PUBLIC], _allowed, tls, seconds=2)


def problem(fetcher: MetadataFetcher, url: str) -> FetchProblem:
    started = time.monotonic()
    with pytest.raises(FetchFailed) as failed:
        fetcher.fetch(url)
    assert time.monotonic() - started < fetcher.seconds + 2
    return failed.value.problem
