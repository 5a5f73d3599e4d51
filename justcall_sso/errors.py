"""What people see when a request cannot be served. No database, session or person is needed."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.timezone import now

from justcall_sso.request_log import current_request_id

log = logging.getLogger("justcall.errors")
_RETRY_AFTER_SECONDS = "30"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what arrived cannot be understood."""
    return _page("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, and not allowed."""
    return _page("403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or none that belongs to this person's company."""
    return _page("404.html", 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without our token: cookies are off, or the page was old. Only the log says which."""
    return _page("csrf_failure.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is away: that passes by itself, so people are told to try again.

    Called by Django while the exception is being handled, from whichever middleware or view it came.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = _page("503.html", 503)
        response["Retry-After"] = _RETRY_AFTER_SECONDS
        return response
    return _page("500.html", 500)


def _page(template: str, status: int) -> HttpResponse:
    # Rendered without the request, so that no context processor touches the session or the database.
    facts = {"reference": current_request_id.get(), "at": now()}
    try:
        page = render_to_string(template, facts)
    except Exception:
        log.exception("the page %s cannot be rendered", template)
        words = f"Something went wrong on our side. Reference {facts['reference']}"
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(page, status=status)
