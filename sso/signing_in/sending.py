"""The browser goes on to the identity provider, with the secret it must bring back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sso.models import Connection
from sso.signing_in import browser_secret
from sso.signing_in.pending import StartedLogin


def going_to(
    request: HttpRequest, connection: Connection, started: StartedLogin, url: str, *, by_page: bool
) -> HttpResponse:
    """On to the identity provider at `url`: by a page that goes on by itself, or by a redirect."""
    response = render(request, "sso/signing_in/going.html", {"url": url}) if by_page else redirect(url)
    browser_secret.give(response, connection, started)
    return response
