"""Nobody is let in: the attempt is written down, and the admins are told of its cause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from sso.log import events, first_causes
from sso.log.events import Attempt
from sso.models import Connection, Flow, PendingLogin, SignInEvent
from sso.phrases import Phrase
from sso.refusals import Refusal, Refused


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Nobody is in; members, sessions and settings are as they were."""

    refusal: Refusal
    event: SignInEvent
    request: PendingLogin | None


def turn_away(attempt: Attempt, refused: Refused) -> TurnedAway:
    """Write the attempt down as refused. Raises nothing but DatabaseError."""
    report = attempt.report.with_refusal(refused)
    try:
        with transaction.atomic():
            event = events.record(attempt, report, refusal=refused.refusal)
    except IntegrityError:
        # The configuration was deleted while we looked; the attempt is still kept in its organization's log.
        event = events.record(replace(attempt, connection=None), report, refusal=refused.refusal)
    first_causes.tell_admins(
        event, refused.refusal, is_signed=attempt.is_signed, is_asked_for=attempt.is_asked_for
    )
    return TurnedAway(refused.refusal, event, attempt.request)


def our_fault(connection: Connection, now: datetime) -> TurnedAway:
    """Nobody is in because something of ours broke: the person gets a reference that leads to it."""
    attempt = Attempt(Flow.TILE, now, connection.organization, connection)
    refused = Refused(Refusal.OUR_FAULT, expected=Phrase.NO_FAULT_OF_OURS(), received=Phrase.ERROR_IN_LOG())
    return turn_away(attempt, refused)
