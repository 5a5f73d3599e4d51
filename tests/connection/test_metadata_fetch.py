"""Fetching metadata from an address: a hostile server, a hostile name server, and the page."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from sso.connection.metadata_fetch import (
    FetchFailed,
    FetchProblem,
    MetadataFetcher,
    ascii_url,
    fetcher_for,
    resolve,
)
from sso.connection.public_addresses import is_public
from sso.models import Connection
from tests.cast import SignedIn
from tests.connection.tls_server import Answer, TlsServer, certificate_for
from tests.saml.metadata_files import REDIRECT_URL, WHOLE
from tests.standin_process import StandIn

IDP = "idp.example"
# The attacker's server is at 127.0.0.2, which these tests take for public; 127.0.0.1 is inside.
PUBLIC, INSIDE = "127.0.0.2", "127.0.0.1"


NOT_PUBLIC = """
    127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
    100.127.255.255 192.0.0.8 192.0.0.170 192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 192.88.99.1
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808
    64:ff9b:1::1 100::1 2001::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 fc00::1
    fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 5f00::1
"""


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


class TestNames:
    """What a hostile name server may try."""

    def test_a_second_answer_changes_nothing(
        self, server: TlsServer, inside: TlsServer, fetcher: MetadataFetcher
    ) -> None:
        asked: list[str] = []

        def rebinding(host: str, seconds: float) -> Sequence[str]:
            asked.append(host)
            return [PUBLIC] if len(asked) == 1 else [INSIDE]

        bound = replace(fetcher, resolve=rebinding)
        server.answer = says(b"found")
        assert bound.fetch(f"https://{IDP}:{server.port}/") == b"found"
        assert asked == [IDP]
        # And where a redirect asks again, the new answer is checked again.
        asked.clear()
        server.answer = redirects(f"https://{IDP}:{inside.port}/")
        assert problem(bound, f"https://{IDP}:{server.port}/") is FetchProblem.NOT_FOUND_IN_PUBLIC

    @pytest.mark.parametrize("addresses", [[PUBLIC, INSIDE], [PUBLIC, "::1"], ["10.0.0.1", PUBLIC], []])
    def test_one_address_inside_spoils_the_name(
        self, server: TlsServer, inside: TlsServer, fetcher: MetadataFetcher, addresses: list[str]
    ) -> None:
        named = replace(fetcher, resolve=lambda host, seconds: addresses)
        assert problem(named, f"https://{IDP}:{server.port}/") is FetchProblem.NOT_FOUND_IN_PUBLIC
        assert server.asked == []

    @pytest.mark.parametrize(
        "host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "internal", "idp.example."]
    )
    def test_no_name_is_resolved_by_the_machine_itself(self, host: str) -> None:
        # Nothing listens where DNS_RESOLVERS of the tests points to: whatever resolves was not asked there.
        assert problem(replace(MetadataFetcher(), seconds=0.5), f"https://{host}/") in (
            FetchProblem.NOT_FOUND_IN_PUBLIC,
            FetchProblem.TOO_SLOW,
        )

    def test_the_name_servers_are_given_no_more_time_than_is_left(self) -> None:
        started = time.monotonic()
        with pytest.raises(FetchFailed):
            resolve(IDP, 0.3)
        assert time.monotonic() - started < 2

    @pytest.mark.parametrize("text", NOT_PUBLIC.split())
    def test_an_address_that_is_not_public_is_refused(self, text: str) -> None:
        assert not is_public(ip_address(text))

    @pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "52.20.30.40", "2606:4700::1111", "2a00:1450::5"])
    def test_a_public_address_is_allowed(self, text: str) -> None:
        assert is_public(ip_address(text))

    def test_a_name_in_another_script_is_looked_up_in_ascii(self) -> None:
        assert ascii_url("https://bücher.example/a") == "https://xn--bcher-kva.example/a"
        assert ascii_url("https://idp.example/a") == "https://idp.example/a"
        assert ascii_url("https://[ä") == "https://[ä"


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

    def test_the_page_reads_the_stand_ins_metadata(
        self,
        configured: Connection,
        owner: User,
        signed_in: SignedIn,
        stand_in: StandIn,
    ) -> None:
        app = stand_in.create_app(acs_url=configured.acs_url, audience=configured.entity_id)
        url = f"{stand_in.url}/saml/metadata/{app.id}"
        page = signed_in(owner).post(reverse("sso_upload_metadata"), {"metadata_url": f" {url} "})
        assert page.status_code == 200
        initial = page.context["page"].form.initial
        assert (initial["idp_entity_id"], initial["certificates"].strip()) == (
            app.issuer,
            app.certificate_pem.strip(),
        )
        assert initial["sso_url"].startswith(stand_in.url)
        # Nothing is saved by looking.
        assert Connection.objects.get().sso_url == configured.sso_url


class TestPage:
    @pytest.fixture
    def post(
        self, configured: Connection, owner: User, signed_in: SignedIn, settings: Settings
    ) -> Callable[[str], Any]:
        settings.PUBLIC_BASE_URL = "https://sso.justcall.example"
        client = signed_in(owner)
        return lambda url: client.post(reverse("sso_upload_metadata"), {"metadata_url": url})

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("", "Enter the metadata URL or choose the file."),
            ("http://127.0.0.1/", "does not begin with https://"),
            ("https://169.254.169.254/latest/", "not found on the public internet"),
            ("https://10.0.0.1/", "not found on the public internet"),
            ("ftp://idp.example/", "does not begin with https://"),
            ("idp.example", "not a web address"),
            ("https://a:b@idp.example/", "user name or password"),
            ("https://" + "a" * 3000, "at most 2048 characters"),
            ("https://idp.example/\x00", "Null characters"),
            ("https://10.0.0.1/<script>alert(1)</script>", "not found on the public internet"),
        ],
    )
    def test_the_cause_is_named_and_what_was_typed_stays(
        self, post: Callable[[str], Any], url: str, words: str
    ) -> None:
        page = post(url)
        assert page.status_code == 422
        text = page.content.decode()
        assert words in text
        assert "<script>alert" not in text

    def test_ten_tries_in_ten_minutes(self, post: Callable[[str], Any]) -> None:
        statuses = [post("https://10.0.0.1/").status_code for _ in range(11)]
        assert statuses == [422] * 10 + [429]

    @pytest.mark.parametrize(
        ("document", "words"),
        [
            (
                b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
                "document type declaration",
            ),
            (b"<html><body>Sign in</body></html>", "web page"),
            (b"\x89PNG\r\n", "not an XML file"),
            (b"{}", "not an XML file"),
            (b"", "empty"),
            (WHOLE.encode(), ""),
        ],
    )
    def test_what_was_fetched_must_be_metadata(
        self,
        post: Callable[[str], Any],
        server: TlsServer,
        fetcher: MetadataFetcher,
        monkeypatch: pytest.MonkeyPatch,
        document: bytes,
        words: str,
    ) -> None:
        # The page's own fetcher, but for where public addresses are and whom it trusts.
        monkeypatch.setattr("sso.settings_page.views.configuration.fetcher_for", lambda base_url: fetcher)
        server.answer = says(document)
        page = post(f"https://{IDP}:{server.port}/metadata")
        if words:
            assert page.status_code == 422
            assert words in page.content.decode()
            assert "root:" not in page.content.decode()
        else:
            assert page.context["page"].form.initial["sso_url"] == REDIRECT_URL
