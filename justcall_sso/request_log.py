"""One log line for each request, and an id that all log lines of one request share.

Our error pages show the id as a reference, so that a person who calls can name it.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from justcall_sso.metrics import count_request

# Crockford's Base32: without letters that look like digits.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
# Parameters of paths that are no secrets. Any other one is left out of the log.
_HARMLESS = {"public_id", "slug", "pk", "reference"}
# Requested every few seconds, or many times a page.
_NOT_LOGGED = ("/health/", "/static/", "/metrics")

# A proxy may give whatever it likes; this much is safe in a log, in a header and on an error page.
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_LONG = re.compile(r"[^/]{20,}")

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")
log = logging.getLogger("justcall.request")


def new_request_id() -> str:
    """A random id of 50 bits, short enough to read out."""
    return "REQ-" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def _id_of(request: HttpRequest) -> str:
    """The id that the proxy in front has given the request, so that both logs have the same; else one of our own."""
    header = settings.TRUSTED_REQUEST_ID_HEADER
    given = request.headers.get(header, "") if header else ""
    return given if _GIVEN_ID.fullmatch(given) else new_request_id()


def shown_path(request: HttpRequest) -> str:
    """The path for the log, without parts that may be secrets, such as the token of a reset link."""
    path = request.path
    match = request.resolver_match or _meant(path)
    if match is None:
        # Not one of our paths. It may still be a mistyped link, so long parts may be tokens.
        return _LONG.sub("<long>", path)
    for name, value in match.kwargs.items():
        if name not in _HARMLESS:
            path = path.replace(str(value), f"<{name}>")
    return path


def _meant(path: str) -> ResolverMatch | None:
    """The page of a path without its last slash: such a request is redirected before it is resolved."""
    try:
        return resolve(path if path.endswith("/") else f"{path}/")
    except Resolver404:
        return None


class ShowPath(logging.Filter):
    """Makes Django's own log lines show a path as ours do, without secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(
                shown_path(request) if value == request.path else value for value in record.args
            )
        return True


class RequestLogMiddleware:
    """Gives each request an id, returns it in X-Request-ID, and logs how the request ended.

    Of the address only the path is logged. Query strings, bodies and cookies may hold messages, codes and tokens.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current_request_id.set(_id_of(request))
        started = time.monotonic()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = current_request_id.get()
            if not request.path.startswith(_NOT_LOGGED):
                seconds = time.monotonic() - started
                count_request(request, response.status_code, seconds)
                self._log(request, response, round(seconds * 1000))
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
