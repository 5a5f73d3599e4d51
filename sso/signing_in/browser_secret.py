"""The cookie that proves a response arrives in the browser that asked for it.

The identity provider's POST comes cross-site, so a SameSite=Lax cookie is absent from it. Each request gets a cookie
of its own with SameSite=None; Secure, sent to the ACS of its connection only: several tabs do not disturb each other,
and the session cookie stays as strict as it is.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase

from sso.models import Connection, ConnectionTest
from sso.signing_in.pending import LIFETIME, StartedLogin


def _path(connection: Connection) -> str:
    """The path of the ACS, without its slash: so the cookie comes to both spellings of it."""
    return urlsplit(connection.acs_url).path.rstrip("/")


_NAME = re.compile("sso_[0-9a-f]{24}")
_MOST_READ = 20


def cookie_name(request_id: str) -> str:
    """The name of the cookie of one request."""
    return "sso_" + hashlib.sha256(request_id.encode()).hexdigest()[:24]


def give(response: HttpResponseBase, connection: Connection, started: StartedLogin) -> None:
    """Hand the browser its secret for one request."""
    response.set_cookie(
        cookie_name(started.request_id),
        started.browser_secret,
        max_age=LIFETIME,
        path=_path(connection),
        secure=True,
        httponly=True,
        samesite="None",
    )


def read(request: HttpRequest, request_id: str) -> str:
    """The secret this browser brought for a request, or an empty text."""
    return request.COOKIES.get(cookie_name(request_id), "")


def read_all(request: HttpRequest) -> tuple[str, ...]:
    """The secrets this browser brought for requests, a few at most: whoever sends more sends junk."""
    names = [name for name in request.COOKIES if _NAME.fullmatch(name)][:_MOST_READ]
    return tuple(request.COOKIES[name] for name in names)


def forget(response: HttpResponseBase, connection: Connection, request_id: str) -> None:
    """Take the secret of a finished request away."""
    response.delete_cookie(cookie_name(request_id), path=_path(connection), samesite="None")


_TILE = "sso_tile_test"


def give_tile(response: HttpResponseBase, connection: Connection, secret: str) -> None:
    """Hand an admin's browser the secret by which a click on the tile is known to be its own."""
    response.set_cookie(
        _TILE,
        secret,
        max_age=ConnectionTest.PATIENCE,
        path=_path(connection),
        secure=True,
        httponly=True,
        samesite="None",
    )


def read_tile(request: HttpRequest) -> str:
    """The secret of a test of the tile, or an empty text."""
    return request.COOKIES.get(_TILE, "")


def forget_tile(response: HttpResponseBase, connection: Connection) -> None:
    """Take the secret of a finished test of the tile away."""
    response.delete_cookie(_TILE, path=_path(connection), samesite="None")
