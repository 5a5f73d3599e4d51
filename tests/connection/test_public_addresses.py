"""Which addresses are public, and what a hostile name server may try."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

import pytest

from sso.connection.metadata_fetch import (
    FetchFailed,
    FetchProblem,
    MetadataFetcher,
    ascii_url,
    resolve,
)
from sso.connection.public_addresses import is_public
from tests.connection.metadata_site import IDP, INSIDE, PUBLIC, problem, redirects, says
from tests.connection.tls_server import TlsServer

NOT_PUBLIC = """
    127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
    100.127.255.255 192.0.0.8 192.0.0.170 192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 192.88.99.1
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808
    64:ff9b:1::1 100::1 2001::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 fc00::1
    fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 5f00::1
"""


def test_a_second_answer_changes_nothing(
    server: TlsServer, inside: TlsServer, fetcher: MetadataFetcher
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
    server: TlsServer, inside: TlsServer, fetcher: MetadataFetcher, addresses: list[str]
) -> None:
    named = replace(fetcher, resolve=lambda host, seconds: addresses)
    assert problem(named, f"https://{IDP}:{server.port}/") is FetchProblem.NOT_FOUND_IN_PUBLIC
    assert server.asked == []


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "internal", "idp.example."]
)
def test_no_name_is_resolved_by_the_machine_itself(host: str) -> None:
    # Nothing listens where DNS_RESOLVERS of the tests points to: whatever resolves was not asked there.
    assert problem(replace(MetadataFetcher(), seconds=0.5), f"https://{host}/") in (
        FetchProblem.NOT_FOUND_IN_PUBLIC,
        FetchProblem.TOO_SLOW,
    )


def test_the_name_servers_are_given_no_more_time_than_is_left() -> None:
    started = time.monotonic()
    with pytest.raises(FetchFailed):
        resolve(IDP, 0.3)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("text", NOT_PUBLIC.split())
def test_an_address_that_is_not_public_is_refused(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "52.20.30.40", "2606:4700::1111", "2a00:1450::5"])
def test_a_public_address_is_allowed(text: str) -> None:
    assert is_public(ip_address(text))


def test_a_name_in_another_script_is_looked_up_in_ascii() -> None:
    assert ascii_url("https://bücher.example/a") == "https://xn--bcher-kva.example/a"
    assert ascii_url("https://idp.example/a") == "https://idp.example/a"
    assert ascii_url("https://[ä") == "https://[ä"
