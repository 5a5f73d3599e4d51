"""The SAML endpoints: single sign-on, single logout, metadata."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from sso.simulator.account import now, the_account
from sso.simulator.authn_request import AuthnRequest, RequestUnreadable, read_post, read_redirect
from sso.simulator.connector import SamlApp
from sso.simulator.idp_metadata import metadata_of
from sso.simulator.responder import LoginContext
from sso.simulator.state import NotFound
from sso.simulator.views.messages import message_page
from sso.simulator.views.portal import COOKIE, post_form, respond, signed_in
from sso.simulator.visits import PendingRequest


# The service provider's site posts here, so there is no CSRF token.
@csrf_exempt
def sso(request: HttpRequest, app_id: int) -> HttpResponse:
    """SAML 2.0 Endpoint (HTTP): takes an AuthnRequest by HTTP-Redirect and by HTTP-POST."""
    try:
        app = the_account().store.state.app(app_id)
    except NotFound:
        return message_page(request, "We're sorry, but something went wrong", "This app was not found.", 404)
    fields, read = (request.POST, read_post) if request.method == "POST" else (request.GET, read_redirect)
    if "SAMLRequest" not in fields:
        return redirect("launch", app_id)
    try:
        asked = read(fields["SAMLRequest"], fields.get("RelayState", ""))
    except RequestUnreadable as trouble:
        return message_page(request, "We're sorry, but something went wrong", str(trouble), 400)
    account = the_account()
    token = account.visits.wait(app.id, asked, now())
    waiting = account.visits.pending(token, now())
    assert waiting is not None
    return _go_on(request, waiting, token)


def go_on(request: HttpRequest, token: str) -> HttpResponse:
    """Go on with a request, after somebody has signed in."""
    waiting = the_account().visits.pending(token, now())
    if waiting is None:
        return message_page(
            request, "This sign-in is too old", "Go back to the application and start again.", 410
        )
    return _go_on(request, waiting, token)


def _go_on(request: HttpRequest, waiting: PendingRequest, token: str) -> HttpResponse:
    app, asked = the_account().store.state.app(waiting.app_id), waiting.request
    if asked.acs_url and not app.accepts_acs_url(asked.acs_url):
        return message_page(
            request,
            "We're sorry, but something went wrong",
            "The ACS URL of the request does not match the ACS (Consumer) URL Validator of this application.",
            400,
        )
    here = signed_in(request)
    login = _login_context(app, asked)
    if here is None or not waiting.is_satisfied_by(here.visit):
        if asked.is_passive:
            return post_form(request, app, the_account().responder(app).fail("NoPassive", login))
        return redirect(f"{reverse('sign_in')}?request={token}")
    return respond(request, app, here, replace(login, signed_in_at=here.visit.signed_in_at))


def _login_context(app: SamlApp, asked: AuthnRequest) -> LoginContext:
    # OneLogin posts to the app's own ACS URL. That of the request is only checked, unless the app has none.
    return LoginContext(
        now=now(),
        in_response_to=asked.id,
        acs_url=app.acs_url or asked.acs_url,
        relay_state=asked.relay_state,
    )


@csrf_exempt
def slo(request: HttpRequest, app_id: int) -> HttpResponse:
    """SLO Endpoint (HTTP): signs out of the portal."""
    the_account().visits.sign_out(request.COOKIES.get(COOKIE, ""))
    response = render(
        request,
        "simulator/message.html",
        {"title": "You are signed out", "sentence": "Your session at the identity provider has ended."},
    )
    response.delete_cookie(COOKIE)
    return response


def metadata(request: HttpRequest, app_id: int) -> HttpResponse:
    """SAML Metadata."""
    account = the_account()
    app = account.store.state.app(app_id)
    xml = metadata_of(app, account.store.state.certificate(app.certificate), account.base_url)
    response = HttpResponse(xml, content_type="application/samlmetadata+xml")
    response["Content-Disposition"] = f'attachment; filename="onelogin_metadata_{app.id}.xml"'
    return response
