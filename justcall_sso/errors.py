"""What people see when a request cannot be served. No database, session or person is needed."""

import logging
import sys

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.timezone import now

from justcall_sso.request_log import current_request_id

log = logging.getLogger("justcall.errors")
_RETRY_AFTER_SECONDS = "30"
# PostgreSQL's code of it.
_FOREIGN_KEY_VIOLATION = "23503"


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

    404 when somebody else deleted in the same moment what a person was changing.

    Called by Django while the exception is being handled, from whichever middleware or view it came.
    """
    error = sys.exc_info()[1]
    if _is_gone(error):
        return _page("404.html", 404)
    if isinstance(error, OperationalError | InterfaceError):
        response = _page("503.html", 503)
        response["Retry-After"] = _RETRY_AFTER_SECONDS
        return response
    return _page("500.html", 500)


def _is_gone(error: BaseException | None) -> bool:
    """Whether a row was missing, or what a new row refers to."""
    if isinstance(error, IntegrityError):
        code = getattr(error.__cause__, "pgcode", "")
        return code == _FOREIGN_KEY_VIOLATION or "FOREIGN KEY" in str(error)
    return isinstance(error, ObjectDoesNotExist)


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
