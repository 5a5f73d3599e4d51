"""Logout messages that arrive at the ACS URL: recognised, written down, and not obeyed."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sso.log.events import Attempt
from sso.models import Connection, Flow, SignInEvent
from sso.phrases import Phrase
from sso.refusals import EmployeeClass, Refusal, Refused
from sso.saml.lenient_reading import message_name
from sso.signing_in.turning_away import turn_away

_LOGOUT_MESSAGES = frozenset({"LogoutRequest", "LogoutResponse"})


def logout_message(*messages: str) -> str:
    """The name of the first that is a logout message (SAML core 3.7), or an empty text."""
    names = (message_name(message) for message in messages if message)
    return next((name for name in names if name in _LOGOUT_MESSAGES), "")


def note_logout(connection: Connection, name: str, now: datetime) -> SignInEvent:
    """Write down that a logout message came to the ACS. It is not believed and signs nobody out."""
    refused = Refused(Refusal.LOGOUT_AT_ACS, expected=Phrase.SIGN_INS_ONLY(), received=name)
    return turn_away(Attempt(Flow.UNKNOWN, now, connection.organization, connection), refused).event


def signed_out_there(request: HttpRequest, event: SignInEvent) -> HttpResponse:
    """The page for the person: they are signed out at their company, and perhaps not here."""
    context = {"sentence": EmployeeClass.SIGNED_OUT.sentence, "event": event}
    return render(request, "sso/signing_out/signed_out_there.html", context, status=403)
