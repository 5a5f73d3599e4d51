"""How a request leaves: the AuthnRequest, the binding it goes by, and the secret its browser must bring back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.throttle import hit, network_of
from sso.connection.expected import config_for_requests
from sso.models import Connection
from sso.saml.requests import authn_request, redirect_url
from sso.saml.types import ConnectionConfig
from sso.signing_in import browser_secret, pending
from sso.signing_in.pending import StartedLogin

# A whole office may arrive from one address at nine o'clock; each start is kept, and a line of its company's log.
_STARTS, _WINDOW = 1000, timedelta(minutes=5)


def start_and_send(
    request: HttpRequest, connection: Connection, relay_path: str, now: datetime, *, typed: str = ""
) -> HttpResponse | None:
    """Start a sign-in at the identity provider that leads to `relay_path`. None: too many start from this address.

    `typed` is the email address with which a form of ours was sent, if one was.
    """
    if not hit(f"sso-starts:{network_of(request.META['REMOTE_ADDR'])}", _STARTS, _WINDOW, now):
        return None
    started = pending.start(connection, now, relay_path=relay_path, typed_email=typed)
    config = config_for_requests(connection)
    return send(request, connection, config, started, now, by_page=bool(typed))


def send(
    request: HttpRequest,
    connection: Connection,
    config: ConnectionConfig,
    started: StartedLogin,
    now: datetime,
    *,
    by_page: bool,
    force_authn: bool = False,
) -> HttpResponse:
    """Send the browser to the identity provider of `config` with a request that has been remembered.

    All requests leave here, by HTTP-Redirect (bindings 3.4). `by_page`: by a page that goes on by itself instead of a
    redirect, which our form-action would block after a form of ours.
    """
    url = redirect_url(config, authn_request(config, started.request_id, now, force_authn=force_authn))
    response = render(request, "sso/signing_in/going.html", {"url": url}) if by_page else redirect(url)
    browser_secret.give(response, connection, started)
    return response
