"""The browser remembers the company of the last sign-in. It is a convenience and proves nothing."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.models import Organization
from sso.models import Connection

_COOKIE = "last_company"
_FOR = timedelta(days=180)


def remember(response: HttpResponseBase, organization: Organization) -> None:
    """Remember the company for half a year, in a signed cookie, so that nobody can plant a name."""
    response.set_signed_cookie(
        _COOKIE,
        organization.slug,
        max_age=int(_FOR.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/login/",
    )


def recall(request: HttpRequest) -> Organization | None:
    """The company this browser signed in to last, if single sign-on is still on there."""
    slug = request.get_signed_cookie(_COOKIE, default="", max_age=_FOR)
    if not slug:
        return None
    connection = (
        Connection.objects.select_related("organization")
        .filter(organization__slug=slug, enabled_at__isnull=False)
        .first()
    )
    return connection.organization if connection else None


def forget(response: HttpResponseBase) -> None:
    response.delete_cookie(_COOKIE, path="/login/")
