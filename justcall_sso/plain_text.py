"""What a request says in text, made safe to read: its content type and its cookies.

Everything here speaks UTF-8. Python knows codecs that are no charsets ("hex", "undefined"), and reading a form or a
query with one is a fault; PostgreSQL takes no NUL, so a session key with one cannot even be looked up.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

_BOUNDARY = re.compile(r"""; *boundary *= *("[^"]*"|[^;"\s]*)""", re.IGNORECASE)
_Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def with_plain_content_type(application: _Application) -> _Application:
    """The WSGI application, told of a Content-Type its kind and its boundary, and nothing else.

    Django decodes every parameter by the charset the parameter itself names (RFC 2231), before any middleware.
    """

    def plain(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said = environ.get("CONTENT_TYPE", "")
        kind = said.partition(";")[0]
        found = _BOUNDARY.search(said)
        environ["CONTENT_TYPE"] = f"{kind}; boundary={found[1]}" if found else kind
        return application(environ, start_response)

    return plain


class PlainTextMiddleware:
    """Reads every form as UTF-8, and takes no cookie that holds a NUL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)
