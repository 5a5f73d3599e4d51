"""One line in the log for each request, and an id that ties together all lines of one request.

The id is also the reference shown on our own error pages, so that a report by telephone finds its lines.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

# Crockford's alphabet: no letter that is misread for another.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
# Parts of paths that name something and open nothing.
_HARMLESS = {"public_id", "slug", "pk", "reference"}
# Asked every few seconds, or many times a page, and never of interest.
_NOT_LOGGED = ("/health/", "/static/")

_LONG = re.compile(r"[^/]{20,}")

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")
log = logging.getLogger("justcall.request")


def new_request_id() -> str:
    """A random id of 50 bits, short enough to read out."""
    return "REQ-" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def shown_path(request: HttpRequest) -> str:
    """The path for the log: parts of it that may be secrets, such as the token of a reset link, are left out."""
    path = request.path
    match = request.resolver_match or _meant(path)
    if match is None:
        # No page of ours: what is long may still be a token that somebody mistyped around.
        return _LONG.sub("<long>", path)
    for name, value in match.kwargs.items():
        if name not in _HARMLESS:
            path = path.replace(str(value), f"<{name}>")
    return path


def _meant(path: str) -> ResolverMatch | None:
    """The page that was meant, its last slash forgotten: such a request is redirected before it is resolved."""
    try:
        return resolve(path if path.endswith("/") else f"{path}/")
    except Resolver404:
        return None


class ShowPath(logging.Filter):
    """Makes Django's own lines about a request show its path as ours do."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(
                shown_path(request) if value == request.path else value for value in record.args
            )
        return True


class RequestLogMiddleware:
    """Gives the request its id, answers with it in X-Request-ID, and logs how it ended.

    Only the path is logged: query strings, bodies and cookies may carry messages, codes and tokens.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current_request_id.set(new_request_id())
        started = time.monotonic()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = current_request_id.get()
            if not request.path.startswith(_NOT_LOGGED):
                self._log(request, response, round((time.monotonic() - started) * 1000))
            return response
        finally:
            current_request_id.reset(token)

    def _log(self, request: HttpRequest, response: HttpResponse, milliseconds: int) -> None:
        log.info(
            "%s %s %s",
            request.method,
            shown_path(request),
            response.status_code,
            extra={
                "method": request.method,
                "path": shown_path(request),
                "status": response.status_code,
                "milliseconds": milliseconds,
                "client": request.META.get("REMOTE_ADDR", ""),
            },
        )
