"""Requests are read as UTF-8 whatever they say, and a cookie with a NUL is ignored.

Otherwise two requests would be a 500: one that names a Python codec that is no charset ("hex", "undefined"), and one
whose session cookie holds a NUL, which PostgreSQL refuses to look up.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

_BOUNDARY = re.compile(r"""; *boundary *= *("[^"]*"|[^;"\s]*)""", re.IGNORECASE)
_Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def with_plain_content_type(application: _Application) -> _Application:
    """The WSGI application, with every parameter but the boundary removed from Content-Type.

    Before any middleware runs, Django decodes each parameter by the charset that it names itself (RFC 2231).
    """

    def plain(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said = environ.get("CONTENT_TYPE", "")
        kind = said.partition(";")[0]
        found = _BOUNDARY.search(said)
        environ["CONTENT_TYPE"] = f"{kind}; boundary={found[1]}" if found else kind
        return application(environ, start_response)

    return plain


class PlainTextMiddleware:
    """Reads every form as UTF-8, and drops cookies that hold a NUL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)
