"""Whose request this is, behind proxies: rate limits and logs need the person's address, not the proxy's."""

import re
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# As some gateways write it: 203.0.113.7:51234, [2001:db8::1]:443. An address of IPv6 has colons of its own.
_WITH_PORT = re.compile(r"\[([^]]+)\](?::\d+)?|([\d.]+):\d+", re.ASCII)


def client_address(remote: str, forwarded_for: str, proxies: int) -> str:
    """The address our outermost own proxy saw, or `remote` when it cannot be told.

    `forwarded_for` is X-Forwarded-For: each proxy appends the address it saw, so only the last `proxies`
    entries are ours to believe; what stands before them the client wrote.
    """
    entries = [entry.strip() for entry in forwarded_for.split(",")]
    if proxies < 1 or len(entries) < proxies:
        return remote
    entry = entries[-proxies]
    with_port = _WITH_PORT.fullmatch(entry)
    try:
        return str(ip_address(with_port[1] or with_port[2] if with_port else entry))
    except ValueError:
        return remote


class ClientAddressMiddleware:
    """Puts the client's address into REMOTE_ADDR, the one place everything else reads it from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = client_address(
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            settings.TRUSTED_PROXY_COUNT,
        )
        return self.get_response(request)
