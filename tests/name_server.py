"""A small real name server on loopback, for the domain check."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from dnslib import QTYPE, RCODE, RR, TXT
from dnslib.server import BaseResolver, DNSServer

if TYPE_CHECKING:
    from pytest_django import Settings


class NameServer(BaseResolver):  # type: ignore[misc]
    """Answers TXT questions from `records`: {name: [texts]}. A name that isn't there does not exist."""

    def __init__(self) -> None:
        self.records: dict[str, list[list[bytes]]] = {}
        self.fails = False

    def say(self, name: str, *texts: str) -> None:
        """Let a name have these TXT records."""
        self.records[name] = [[text.encode()] for text in texts]

    def resolve(self, request: Any, handler: Any) -> Any:
        reply = request.reply()
        name = str(request.q.qname).rstrip(".").lower()
        if self.fails:
            reply.header.rcode = RCODE.SERVFAIL
        elif name not in self.records:
            reply.header.rcode = RCODE.NXDOMAIN
        elif request.q.qtype == QTYPE.TXT:
            for strings in self.records[name]:
                reply.add_answer(RR(request.q.qname, QTYPE.TXT, rdata=TXT(strings), ttl=0))
        return reply


@pytest.fixture
def silent_name_server(settings: Settings) -> Iterator[None]:
    """A name server that takes questions and never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hears:
        hears.bind(("127.0.0.1", 0))
        settings.DNS_RESOLVERS = [f"127.0.0.1:{hears.getsockname()[1]}"]
        yield


@pytest.fixture
def name_server(settings: Settings) -> Iterator[NameServer]:
    answers = NameServer()
    server = DNSServer(answers, address="127.0.0.1", port=0)
    server.start_thread()
    settings.DNS_RESOLVERS = [f"127.0.0.1:{server.server.server_address[1]}"]
    yield answers
    server.stop()
    server.server.server_close()
