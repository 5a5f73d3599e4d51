"""What arrives at the wrong address or by GET: logout messages, and responses."""

from __future__ import annotations

from datetime import datetime

from sso.log import events
from sso.log.events import Attempt
from sso.models import Connection, Flow, SignInEvent
from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.saml.lenient_reading import message_name
from sso.signing_in.turning_away import TurnedAway, turn_away

_LOGOUT_MESSAGES = frozenset({"LogoutRequest", "LogoutResponse"})


def logout_message(*messages: str) -> str:
    """The name of the first that is a logout message (SAML core 3.7), or an empty text."""
    names = (message_name(message) for message in messages if message)
    return next((name for name in names if name in _LOGOUT_MESSAGES), "")


def note_logout(connection: Connection, name: str, now: datetime) -> SignInEvent:
    """Write down that a logout message came to the ACS. It is not believed and signs nobody out."""
    refused = Refused(Refusal.LOGOUT_AT_ACS, expected=Phrase.SIGN_INS_ONLY(), received=name)
    return turn_away(_attempt(connection, now), refused).event


def refuse_binding(connection: Connection, now: datetime) -> TurnedAway:
    """A response that came by HTTP-Redirect. It must come by HTTP-POST (profiles 4.1.2)."""
    refused = Refused(Refusal.NOT_BY_POST, expected="HTTP-POST", received="HTTP-Redirect")
    return turn_away(_attempt(connection, now), refused)


def refuse_address(connection: Connection | None, address: str, now: datetime) -> SignInEvent:
    """A response that was posted to another address of ours; None if that names no company."""
    expected = connection.acs_url if connection else Phrase.ACS_URL_OF_A_COMPANY()
    refused = Refused(Refusal.WRONG_ADDRESS, expected=expected, received=address)
    if connection is not None:
        return turn_away(_attempt(connection, now), refused).event
    attempt = Attempt(Flow.TILE, now, None)
    return events.record(attempt, attempt.report.with_refusal(refused), refusal=refused.refusal)


def _attempt(connection: Connection, now: datetime) -> Attempt:
    return Attempt(Flow.TILE, now, connection.organization, connection)
