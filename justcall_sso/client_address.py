"""The client's IP address behind proxies: limits and logs need it, not the proxy's."""

import re
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Some gateways add the port: 203.0.113.7:51234, [2001:db8::1]:443. The brackets keep it apart from an IPv6 address.
_WITH_PORT = re.compile(r"\[([^]]+)\](?::\d+)?|([\d.]+):\d+", re.ASCII)


def client_address(remote: str, forwarded_for: str, proxies: int) -> str:
    """The address that our outermost proxy saw, or `remote` if X-Forwarded-For does not hold it.

    Each proxy appends the address it saw. So our own `proxies` wrote the last entries, and those can be trusted. The
    client may have written the others.
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
    """Puts the client's address into REMOTE_ADDR, where everything else reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = client_address(
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            settings.TRUSTED_PROXY_COUNT,
        )
        return self.get_response(request)
