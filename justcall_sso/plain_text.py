"""What a request says in text, made safe to read: its charset and its cookies.

Everything here speaks UTF-8. Python knows codecs that are no charsets ("hex", "undefined"), and reading a form or a
query with one is a fault; PostgreSQL takes no NUL, so a session key with one cannot even be looked up.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

_CHARSET = re.compile(r";\s*charset[^;]*", re.IGNORECASE)
_Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def without_charset(application: _Application) -> _Application:
    """The WSGI application, told nothing of a charset: Django meets it before any middleware, as it reads the query."""

    def utf8(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
        return application(environ, start_response)

    return utf8


class PlainTextMiddleware:
    """Reads every form as UTF-8, and takes no cookie that holds a NUL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)
