"""Responses that arrive at the wrong address, or by GET."""

from __future__ import annotations

from datetime import datetime

from sso.log import events
from sso.log.events import Attempt
from sso.models import Connection, Flow, SignInEvent
from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.signing_in.turning_away import TurnedAway, turn_away


def refuse_binding(connection: Connection, now: datetime) -> TurnedAway:
    """A response that came by HTTP-Redirect. It must come by HTTP-POST (profiles 4.1.2)."""
    refused = Refused(Refusal.NOT_BY_POST, expected="HTTP-POST", received="HTTP-Redirect")
    return turn_away(_attempt(connection, now), refused)


def refuse_entity_id(connection: Connection, now: datetime) -> TurnedAway:
    """A response that was posted to the Entity ID instead of the ACS URL."""
    return turn_away(_attempt(connection, now), _wrong_address(connection, connection.entity_id))


def refuse_login_address(connection: Connection | None, address: str, now: datetime) -> SignInEvent:
    """A response that was posted to a login address; without a connection it names no company.

    Each gets an event of its own, known company or not: a reference that comes again would tell which companies exist.
    The caller limits how many there are.
    """
    refused = _wrong_address(connection, address)
    attempt = _attempt(connection, now)
    return events.record(attempt, attempt.report.with_refusal(refused), refusal=refused.refusal)


def _wrong_address(connection: Connection | None, address: str) -> Refused:
    expected = connection.acs_url if connection else Phrase.ACS_URL_OF_A_COMPANY()
    return Refused(Refusal.WRONG_ADDRESS, expected=expected, received=address)


def _attempt(connection: Connection | None, now: datetime) -> Attempt:
    return Attempt(Flow.UNKNOWN, now, connection.organization if connection else None, connection)
