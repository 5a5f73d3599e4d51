"""The page of a refusal has an address of its own: for an hour, and only in the browser that was refused.

A signed cookie says so. Anybody else, with the same reference, finds nothing there, so nobody learns from it what a
reference is about, or whether there is one.
"""

from __future__ import annotations

from datetime import timedelta
from zlib import crc32

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from sso.models import SignInEvent

_PATH = "/login/refused/"
_FOR = timedelta(hours=1)
# Several tabs can be refused at once. A site that posts and posts must not fill the browser with our cookies, which would
# push out that of the session: of more pages than these, some are forgotten earlier.
_COOKIES = 8


def address_of(event: SignInEvent) -> str:
    """The path of the page of this refusal."""
    return reverse("sso_refused", args=[event.reference])


def keep(response: HttpResponseBase, event: SignInEvent, wanted: str) -> None:
    """Let this browser come back to the page of a refusal. `wanted` is where its person was on the way to."""
    response.set_cookie(
        _cookie(event.reference),
        signing.dumps(wanted, salt=_salt(event.reference)),
        max_age=_FOR,
        path=_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def recall(request: HttpRequest, reference: str) -> str | None:
    """Where the person was on the way to; None if this browser was not refused with this reference in the last hour."""
    found = request.COOKIES.get(_cookie(reference), "")
    try:
        wanted = signing.loads(found, salt=_salt(reference), max_age=_FOR)
    except signing.BadSignature:
        return None
    return str(wanted)


def _cookie(reference: str) -> str:
    return f"refused_{crc32(reference.encode()) % _COOKIES}"


def _salt(reference: str) -> str:
    return f"sso.signing_in.kept_refusal.{reference}"
