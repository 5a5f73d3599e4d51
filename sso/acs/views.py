"""The assertion consumer service: where identity providers post their responses (bindings 3.5)."""

from __future__ import annotations

import logging

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.own_paths import own_path_or
from accounts.sessions import start_session
from sso.acs.receiving import Arrival, SignedIn, Tested, TurnedAway, our_fault, receive
from sso.models import Connection
from sso.refusals import Refusal, Refused
from sso.signing_in import browser_secret, pending
from sso.signing_in.last_company import remember
from sso.signing_in.refused_page import refused_page

logger = logging.getLogger(__name__)

# The largest response, percent-encoded to the last character, and room for the rest of the form.
MAX_BODY = 1024 * 1024


# The POST comes from the identity provider's site; its own signature and the request's secret stand in for the token.
@csrf_exempt
@never_cache
@require_POST
def acs(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take in a response. The connection is named by the URL, never by the message."""
    connection = get_object_or_404(Connection.objects.select_related("organization"), public_id=public_id)
    arrival = Arrival(
        saml_response=lambda: _saml_response(request),
        browser_secret=lambda request_id: browser_secret.read(request, request_id),
        now=timezone.now(),
        tile_secret=browser_secret.read_tile(request),
    )
    try:
        outcome = receive(connection, arrival)
    except DatabaseError:
        raise  # Nothing can be written: the page of the whole service says so.
    except Exception:
        logger.exception("a response could not be dealt with")
        outcome = our_fault(connection, arrival.now)
    if isinstance(outcome, Tested):
        result = redirect("sso_test_result", outcome.public_id)
        if outcome.is_of_tile:
            browser_secret.forget_tile(result, connection)
        return result
    if not isinstance(outcome, SignedIn):
        return refused_page(request, outcome.refusal, outcome.event, connection, _wanted(request, outcome))
    start_session(request, outcome.user, outcome.ends_at)
    # RelayState travels unsigned: for a request of ours the way is in our own records, from the tile it is checked.
    relay_path = (
        outcome.request.relay_path
        if outcome.request
        else own_path_or(request.POST.get("RelayState", ""), "/")
    )
    response = HttpResponseRedirect(relay_path)
    response.status_code = 303
    if outcome.request:
        browser_secret.forget(response, connection, outcome.request.request_id)
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
        raise Refused(Refusal.NOT_A_RESPONSE, expected="one SAMLResponse", received=f"{len(fields)} of them")
    return fields[0]


def _form(request: HttpRequest) -> QueryDict:
    """The form that was posted. Raises Refused, whatever is wrong with it: nobody gets by without an event."""
    try:
        # Before it is read: Django takes files of any size, into a temporary file.
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
            raise Refused(Refusal.TOO_LARGE, expected=f"at most {MAX_BODY} bytes", received="more")
        return request.POST
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, ValueError) as error:
        raise Refused(
            Refusal.NOT_A_RESPONSE, expected="a form with a SAMLResponse", received=type(error).__name__
        ) from None
