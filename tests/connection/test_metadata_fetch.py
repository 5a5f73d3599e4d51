"""Fetching metadata from an address: a hostile server, a hostile name server, and the page."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from dataclasses import replace

import pytest

from sso.connection.metadata_fetch import (
    FetchFailed,
    FetchProblem,
    MetadataFetcher,
    fetcher_for,
)
from tests.connection.metadata_site import IDP, INSIDE, PUBLIC, problem, redirects, says
from tests.connection.tls_server import TlsServer
from tests.saml.metadata_files import WHOLE


class TestServer:
    """What the site at a public address may try."""

    def url(self, server: TlsServer, path: str = "/metadata") -> str:
        return f"https://{IDP}:{server.port}{path}"

    def test_an_honest_site_is_read(self, server: TlsServer, fetcher: MetadataFetcher) -> None:
        server.answer = says(WHOLE.encode(), "200 OK", "Content-Type: text/html")
        assert fetcher.fetch(self.url(server, "/metadata?app=1#top")) == WHOLE.encode()
        assert server.asked == ["GET /metadata?app=1 HTTP/1.1"]
        assert server.hosts == [f"Host: {IDP}:{server.port}"]

    def test_redirects_within_the_public_are_followed(
        self, server: TlsServer, fetcher: MetadataFetcher
    ) -> None:
        answers = iter([redirects("/b"), redirects(self.url(server, "/c"), "308 X"), says(b"found")])
        server.answer = lambda channel: next(answers)(channel)
        assert fetcher.fetch(self.url(server)) == b"found"

    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("http://idp.example/", FetchProblem.NOT_HTTPS),
            ("https://127.0.0.1/", FetchProblem.NOT_FOUND_IN_PUBLIC),
            ("https://127.0.0.1:{inside}/", FetchProblem.NOT_FOUND_IN_PUBLIC),
            ("http://127.0.0.1:{inside}/", FetchProblem.NOT_HTTPS),
            ("http://localhost:{inside}/", FetchProblem.NOT_HTTPS),
            ("https://169.254.169.254/latest/meta-data/", FetchProblem.NOT_FOUND_IN_PUBLIC),
            ("http://169.254.169.254/latest/meta-data/", FetchProblem.NOT_HTTPS),
            ("https://[::1]/", FetchProblem.NOT_FOUND_IN_PUBLIC),
            ("https://[::ffff:127.0.0.1]/", FetchProblem.NOT_FOUND_IN_PUBLIC),
            ("//127.0.0.1:{inside}/", FetchProblem.NOT_FOUND_IN_PUBLIC),
            ("file:///etc/passwd", FetchProblem.NOT_A_URL),
            ("gopher://127.0.0.1:{inside}/", FetchProblem.NOT_HTTPS),
            ("https://user:password@idp.example/", FetchProblem.CREDENTIALS),
            ("https://[::1", FetchProblem.NOT_A_URL),
            ("https://idp.example:99999/", FetchProblem.NOT_A_URL),
            ("https://idp.example\\@127.0.0.1/", FetchProblem.NOT_A_URL),
            ("https://idp.example/ä", FetchProblem.NOT_A_URL),
        ],
    )
    @pytest.mark.parametrize("own_machine", [False, True])
    def test_a_redirect_is_checked_like_the_first_address(
        self,
        server: TlsServer,
        inside: TlsServer,
        fetcher: MetadataFetcher,
        address: str,
        expected: FetchProblem,
        own_machine: bool,
    ) -> None:
        server.answer = redirects(address.format(inside=inside.port))
        assert problem(replace(fetcher, loopback_over_http=own_machine), self.url(server)) is expected

    def test_a_loop_ends(self, server: TlsServer, fetcher: MetadataFetcher) -> None:
        server.answer = redirects("/again")
        assert problem(fetcher, self.url(server)) is FetchProblem.TOO_MANY_REDIRECTS
        assert len(server.asked) == 4

    @pytest.mark.parametrize("status", ["204 X", "302 X", "401 X", "403 X", "404 X", "500 X"])
    def test_any_other_status_is_named(
        self, server: TlsServer, fetcher: MetadataFetcher, status: str
    ) -> None:
        server.answer = says(WHOLE.encode(), status)
        with pytest.raises(FetchFailed) as failed:
            fetcher.fetch(self.url(server))
        assert (failed.value.problem, failed.value.detail) == (FetchProblem.STATUS, status[:3])

    def test_ten_megabytes_are_not_taken_announced_or_not(
        self, server: TlsServer, fetcher: MetadataFetcher
    ) -> None:
        sent = 0

        def endless(channel: socket.socket) -> None:
            nonlocal sent
            channel.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                channel.sendall(b"x" * 65536)
                sent += 65536

        server.answer = endless
        assert problem(fetcher, self.url(server)) is FetchProblem.TOO_LARGE
        time.sleep(0.1)
        assert sent < 8 * 1024 * 1024
        server.answer = says(b"", "200 OK", "Content-Length: 10485760", length=False)
        assert problem(fetcher, self.url(server)) is FetchProblem.TOO_LARGE

    def test_a_gzip_bomb_is_never_opened(self, server: TlsServer, fetcher: MetadataFetcher) -> None:
        server.answer = says(gzip.compress(b" " * 50_000_000), "200 OK", "Content-Encoding: gzip")
        assert problem(fetcher, self.url(server)) is FetchProblem.COMPRESSED

    @pytest.mark.parametrize("where", ["silence", "status line", "headers", "body", "100 continues"])
    def test_a_slow_drip_ends_at_the_deadline(
        self, server: TlsServer, fetcher: MetadataFetcher, where: str
    ) -> None:
        begins = {
            "silence": b"",
            "status line": b"HTTP/1.1 2",
            "headers": b"HTTP/1.1 200 OK\r\nX: ",
            "body": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
            "100 continues": b"HTTP/1.1 100 Continue\r\n",
        }
        piece = b"\r\nHTTP/1.1 100 Continue\r\n" if where == "100 continues" else b"0"

        def drip(channel: socket.socket) -> None:
            channel.sendall(begins[where])
            for _second in range(100):
                time.sleep(0.05)
                if where != "silence":
                    channel.sendall(piece)

        server.answer = drip
        started = time.monotonic()
        assert problem(replace(fetcher, seconds=0.6), self.url(server)) is FetchProblem.TOO_SLOW
        assert time.monotonic() - started < 2

    @pytest.mark.parametrize(
        "answer",
        [b"hello", b"", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"\x00" * 70000 + b"\r\n"],
    )
    def test_nonsense_is_named(self, server: TlsServer, fetcher: MetadataFetcher, answer: bytes) -> None:
        server.answer = lambda channel: channel.sendall(answer)
        assert problem(fetcher, self.url(server)) is FetchProblem.NOT_HTTP

    def test_a_certificate_for_another_name_or_of_nobody_known_is_refused(
        self, server: TlsServer, fetcher: MetadataFetcher
    ) -> None:
        assert problem(fetcher, f"https://other.example:{server.port}/") is FetchProblem.TLS
        trusting_nobody = replace(fetcher, tls=ssl.create_default_context())
        assert problem(trusting_nobody, self.url(server)) is FetchProblem.TLS
        assert server.asked == []

    def test_a_handshake_that_never_ends_is_too_slow(self, fetcher: MetadataFetcher) -> None:
        with socket.create_server((PUBLIC, 0)) as silent:
            url = f"https://{IDP}:{silent.getsockname()[1]}/"
            assert problem(replace(fetcher, seconds=0.5), url) is FetchProblem.TOO_SLOW

    def test_a_closed_port_is_not_reachable(self, server: TlsServer, fetcher: MetadataFetcher) -> None:
        server.close()
        assert problem(fetcher, self.url(server)) is FetchProblem.NOT_REACHABLE
        server.__init__(None)  # type: ignore[misc]

    def test_no_proxy_of_the_environment_is_used(
        self,
        server: TlsServer,
        inside: TlsServer,
        fetcher: MetadataFetcher,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{INSIDE}:{inside.port}")
        server.answer = says(b"found")
        assert fetcher.fetch(self.url(server)) == b"found"


class TestOwnMachine:
    """The demo: this site is on loopback over http, and so is the stand-in."""

    def test_http_is_for_loopback_only_and_only_where_we_are_there_ourselves(self) -> None:
        assert fetcher_for("http://localhost:8000").loopback_over_http
        assert fetcher_for("http://127.0.0.1:8000").loopback_over_http
        for base_url in ("https://sso.justcall.example", "https://localhost", "http://sso.justcall.example"):
            assert not fetcher_for(base_url).loopback_over_http
        assert problem(fetcher_for("http://localhost"), "http://idp.example/") is FetchProblem.NOT_HTTPS
        assert problem(fetcher_for("http://localhost"), "http://127.0.0.2/") is FetchProblem.NOT_HTTPS
        assert problem(fetcher_for("https://x.example"), "http://127.0.0.1/") is FetchProblem.NOT_HTTPS
