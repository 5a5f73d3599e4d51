"""Whose request it is, behind proxies that append and clients that lie."""

import pytest

from justcall_sso.client_address import client_address

PROXY, CLIENT, LIE = "10.0.0.1", "198.51.100.7", "203.0.113.99"


@pytest.mark.parametrize(
    ("forwarded_for", "proxies", "address"),
    [
        ("", 0, PROXY),
        (LIE, 0, PROXY),
        (CLIENT, 1, CLIENT),
        (f"{LIE}, {CLIENT}", 1, CLIENT),
        (f"{LIE}, {CLIENT}, 10.0.0.2", 2, CLIENT),
        ("", 1, PROXY),
        ("not-an-address", 1, PROXY),
        (CLIENT, 2, PROXY),
        ("2001:db8::1", 1, "2001:db8::1"),
        (f"{LIE}:1, {CLIENT}:51234", 1, CLIENT),
        ("[2001:db8::1]:443", 1, "2001:db8::1"),
        ("[2001:db8::1]", 1, "2001:db8::1"),
        ("[2001:db8::1]443", 1, PROXY),
        (f"{CLIENT}:", 1, PROXY),
        (f"{CLIENT}:51234:1", 1, PROXY),
        (":443", 1, PROXY),
    ],
)
def test_only_what_our_proxies_appended_is_believed(forwarded_for: str, proxies: int, address: str) -> None:
    assert client_address(PROXY, forwarded_for, proxies) == address
