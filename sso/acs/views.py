"""The assertion consumer service: where identity providers post their responses (bindings 3.5)."""

from __future__ import annotations

import logging
from functools import partial

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
    UnreadablePostError,
)
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.own_paths import own_path_or
from accounts.sessions import start_session
from sso.acs.answering import Arrival
from sso.acs.receiving import LogoutArrived, receive
from sso.models import Connection, ConnectionTest
from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.saml.sp_metadata import service_provider_metadata
from sso.signing_in import browser_secret, pending
from sso.signing_in.last_company import remember
from sso.signing_in.misdirected import refuse_binding, refuse_entity_id
from sso.signing_in.refused_page import refused_page, ways_on
from sso.signing_in.sign_in import SignedIn
from sso.signing_in.statements import connection_named
from sso.signing_in.turning_away import TurnedAway, our_fault
from sso.signing_out.logout_messages import logout_message, note_logout, signed_out_there
from sso.trial.answering import Tested

logger = logging.getLogger(__name__)

# The largest response, percent-encoded to the last character, and room for the rest of the form.
MAX_BODY = 1024 * 1024


# The POST comes from the identity provider's site; its own signature and the request's secret stand in for the token.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acs(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take in a response. The connection is named by the URL, never by the message."""
    connection = connection_named(public_id)
    if connection is None:
        raise Http404
    if request.method != "POST":
        return _opened(request, connection)
    arrival = _arrival(request)
    try:
        outcome = receive(connection, arrival)
    except DatabaseError:
        raise  # Nothing can be written: the page of the whole service says so.
    except Exception:
        logger.exception("a response could not be dealt with")
        outcome = our_fault(connection, arrival.now)
    match outcome:
        case Tested(test):
            return _to_report(connection, test)
        case LogoutArrived(event):
            return signed_out_there(request, event)
        case TurnedAway():
            wanted = _wanted(request, outcome)
            return refused_page(request, outcome.refusal, outcome.event, connection, wanted, has_address=True)
        case SignedIn():
            return _onward(request, connection, outcome)


def _opened(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Somebody reloads the address or has it as a bookmark, or a message comes by HTTP-Redirect."""
    now = timezone.now()
    response = request.GET.get("SAMLResponse", "")
    if name := logout_message(request.GET.get("SAMLRequest", ""), response):
        return signed_out_there(request, note_logout(connection, name, now))
    if response:
        turned_away = refuse_binding(connection, now)
        return refused_page(request, turned_away.refusal, turned_away.event, connection)
    page = render(request, "sso/acs/opened.html", {"ways": ways_on(connection, "/")}, status=405)
    page["Allow"] = "POST"
    return page


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def metadata(request: HttpRequest, public_id: str) -> HttpResponse:
    """Our own metadata, at the Entity ID. It is public; `?download` asks the browser to save it.

    A response that is posted here is one whose sender took the Entity ID for the ACS URL.
    """
    connection = get_object_or_404(Connection.objects.select_related("organization"), public_id=public_id)
    if request.method == "POST":
        if "SAMLResponse" not in request.POST:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        turned_away = refuse_entity_id(connection, timezone.now())
        return refused_page(request, turned_away.refusal, turned_away.event, connection)
    key = connection.sp_keys.first()
    response = HttpResponse(
        service_provider_metadata(
            connection.entity_id, connection.acs_url, key.certificate_pem if key else ""
        ),
        content_type="application/samlmetadata+xml; charset=utf-8",
    )
    kind = "attachment" if "download" in request.GET else "inline"
    response["Content-Disposition"] = f'{kind}; filename="justcall-metadata.xml"'
    return response


def _arrival(request: HttpRequest) -> Arrival:
    try:
        saml_response: str | Refused = _saml_response(request)
    except Refused as refused:
        saml_response = refused
    return Arrival(
        saml_response=saml_response,
        saml_request=_saml_request(request),
        secret_for=lambda request_id: browser_secret.read(request, request_id),
        secrets=browser_secret.read_all(request),
        tile_secret=browser_secret.read_tile(request),
        begin_session=partial(start_session, request),
        now=timezone.now(),
    )


def _to_report(connection: Connection, test: ConnectionTest) -> HttpResponse:
    response = redirect("sso_test_result", test.public_id)
    if test.is_of_tile:
        browser_secret.forget_tile(response, connection)
    return response


def _onward(request: HttpRequest, connection: Connection, signed_in: SignedIn) -> HttpResponse:
    # RelayState travels unsigned: for a request of ours the way is in our own records, from the tile it is checked.
    asked = signed_in.request
    relay_path = asked.relay_path if asked else own_path_or(request.POST.get("RelayState", ""), "/")
    response = HttpResponseRedirect(relay_path)
    response.status_code = 303
    if asked:
        browser_secret.forget(response, connection, asked.request_id)
    remember(response, connection.organization)
    return response


def _wanted(request: HttpRequest, outcome: TurnedAway) -> str:
    """Where the person was on the way to, as far as this browser may know."""
    asked = outcome.request
    if asked is not None:
        secret = browser_secret.read(request, asked.request_id)
        return asked.relay_path if pending.belongs_to(asked, secret) else "/"
    try:
        return own_path_or(_form(request).get("RelayState", ""), "/")
    except Refused:
        return "/"


def _saml_response(request: HttpRequest) -> str:
    """The SAMLResponse field of the form, of which there must be exactly one. Raises Refused."""
    fields = _form(request).getlist("SAMLResponse")
    if len(fields) != 1:
        # Two are as good as none: nobody can say which of them is meant.
        raise Refused(
            Refusal.NOT_A_RESPONSE,
            expected=Phrase.ONE_SAML_RESPONSE(),
            received=Phrase.SEVERAL_SAML_RESPONSES(count=len(fields)),
        )
    return fields[0]


def _saml_request(request: HttpRequest) -> str:
    try:
        return str(_form(request).get("SAMLRequest", ""))
    except Refused:
        return ""


def _form(request: HttpRequest) -> QueryDict:
    """The form that was posted. Raises Refused for a broken one, so that it leaves an event, too."""
    try:
        # Before it is read: Django takes files of any size, into a temporary file.
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
            raise Refused(
                Refusal.TOO_LARGE, expected=Phrase.AT_MOST_BYTES(most=MAX_BODY), received=Phrase.MORE()
            )
        return request.POST
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, ValueError) as error:
        raise Refused(
            Refusal.NOT_A_RESPONSE, expected=Phrase.A_FORM(), received=type(error).__name__
        ) from None
