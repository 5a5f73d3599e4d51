"""The SAML endpoints: single sign-on, single logout, metadata."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from sso.simulator.account import now, the_account
from sso.simulator.answering import Occasion
from sso.simulator.authn_request import AuthnRequest, RequestUnreadable, read_post, read_redirect
from sso.simulator.connector import SamlApp
from sso.simulator.idp_metadata import metadata_of
from sso.simulator.state import NotFound
from sso.simulator.views.faults import said
from sso.simulator.views.portal import COOKIE, answered, posting, visit_of
from sso.simulator.visits import PendingRequest


# The request comes from the service provider's site.
@csrf_exempt
def sso(request: HttpRequest, app_id: int) -> HttpResponse:
    """SAML 2.0 Endpoint (HTTP): takes an AuthnRequest by HTTP-Redirect and by HTTP-POST."""
    try:
        app = the_account().store.state.app(app_id)
    except NotFound:
        return said(request, "We're sorry, but something went wrong", "This app was not found.", 404)
    fields, read = (request.POST, read_post) if request.method == "POST" else (request.GET, read_redirect)
    if "SAMLRequest" not in fields:
        return redirect("launch", app_id)
    try:
        asked = read(fields["SAMLRequest"], fields.get("RelayState", ""))
    except RequestUnreadable as trouble:
        return said(request, "We're sorry, but something went wrong", str(trouble), 400)
    account = the_account()
    token = account.visits.wait(app.id, asked, now())
    waiting = account.visits.pending(token, now())
    assert waiting is not None
    return _go_on(request, waiting, token)


def go_on(request: HttpRequest, token: str) -> HttpResponse:
    """On with a request, after somebody has signed in."""
    waiting = the_account().visits.pending(token, now())
    if waiting is None:
        return said(request, "This sign-in is too old", "Go back to the application and start again.", 410)
    return _go_on(request, waiting, token)


def _go_on(request: HttpRequest, waiting: PendingRequest, token: str) -> HttpResponse:
    app, asked = the_account().store.state.app(waiting.app_id), waiting.request
    if asked.acs_url and not app.accepts_acs_url(asked.acs_url):
        return said(
            request,
            "We're sorry, but something went wrong",
            "The ACS URL of the request does not match the ACS (Consumer) URL Validator of this application.",
            400,
        )
    here = visit_of(request)
    if here is None or not waiting.is_satisfied_by(here[0]):
        if asked.is_passive:
            return posting(
                request, app, the_account().answerer(app).refusal("NoPassive", _occasion(app, asked))
            )
        return redirect(f"{reverse('sign_in')}?request={token}")
    occasion = _occasion(app, asked)
    return answered(
        request,
        app,
        here,
        Occasion(
            now=occasion.now,
            signed_in_at=here[0].signed_in_at,
            in_response_to=occasion.in_response_to,
            acs_url=occasion.acs_url,
            relay_state=occasion.relay_state,
        ),
    )


def _occasion(app: SamlApp, asked: AuthnRequest) -> Occasion:
    # OneLogin posts to the ACS URL of the app, once the one in the request has passed the validator.
    return Occasion(
        now=now(),
        in_response_to=asked.id,
        acs_url=app.acs_url or asked.acs_url,
        relay_state=asked.relay_state,
    )


@csrf_exempt
def slo(request: HttpRequest, app_id: int) -> HttpResponse:
    """SLO Endpoint (HTTP): ends the portal's session and says so."""
    the_account().visits.sign_out(request.COOKIES.get(COOKIE, ""))
    response = render(
        request,
        "simulator/said.html",
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
