"""The error pages. They need no database, no session and nobody signed in.

Those of 403 and 404 keep the header of whoever is signed in, if that can be found out.
"""

import logging
import sys

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, IntegrityError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.timezone import now

from justcall_sso.request_log import current_request_id

log = logging.getLogger("justcall.errors")
_RETRY_AFTER_SECONDS = "30"
# PostgreSQL's error codes. What nobody else can mend passes by itself: a standby that is about to be the primary, and a
# transaction that was idle while this process was frozen.
_FOREIGN_KEY_VIOLATION = "23503"
_READ_ONLY = "25006"
_IDLE_IN_TRANSACTION = "25P03"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request is malformed."""
    return _page("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed."""
    return _page("403.html", 403, request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or it belongs to another company."""
    return _page("404.html", 404, request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid CSRF token: cookies are off, or the page was old."""
    return _page("csrf_failure.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 if the database is away; 404 if somebody else has just deleted what was to be changed.

    A database that is away usually comes back, so the page says to try again. Django calls this while it handles the
    exception, from whichever middleware or view it came.
    """
    error = sys.exc_info()[1]
    if _is_gone(error):
        return _page("404.html", 404)
    if _is_away(error):
        response = _page("503.html", 503)
        response["Retry-After"] = _RETRY_AFTER_SECONDS
        return response
    return _page("500.html", 500)


def _is_away(error: BaseException | None) -> bool:
    """Whether the database is away, takes too long, or can't write."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "pgcode", "") in {_READ_ONLY, _IDLE_IN_TRANSACTION}
    return isinstance(error, OperationalError | InterfaceError)


def _is_gone(error: BaseException | None) -> bool:
    """Whether a row is gone, or a row that a new one refers to."""
    if isinstance(error, IntegrityError):
        code = getattr(error.__cause__, "pgcode", "")
        return code == _FOREIGN_KEY_VIOLATION or "FOREIGN KEY" in str(error)
    return isinstance(error, ObjectDoesNotExist)


def _page(template: str, status: int, request: HttpRequest | None = None) -> HttpResponse:
    # Without the request, no context processor touches the session or the database.
    facts = {"reference": current_request_id.get(), "at": now()}
    if request is not None and _is_signed_in(request):
        return HttpResponse(
            render_to_string(template, facts | {"layout": "base.html"}, request), status=status
        )
    try:
        page = render_to_string(template, facts)
    except Exception:
        log.exception("the page %s cannot be rendered", template)
        words = f"Something went wrong on our side. Reference {facts['reference']}"
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(page, status=status)


def _is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is, with their company at hand. False if the database cannot say."""
    # A request that was refused early has no user yet.
    user = getattr(request, "user", None)
    try:
        return user is not None and user.is_authenticated and (user.organization is not None or user.is_staff)
    except DatabaseError:
        return False
