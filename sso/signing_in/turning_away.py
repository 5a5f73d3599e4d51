"""Nobody is let in: the attempt is written down, and the admins are told of its cause.

Anybody can post junk to an ACS URL, as often as they like. The answer is always the same; what is written down is not:
of attempts that nobody trusted has signed, that answer no request of this browser, or that were used before, a few an
hour get an event each. The last of these counts the others: those of one connection and, if signed, of one cause and
one person, so that a reference never leads to what happened to somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.throttle import hit
from sso.log import events, first_causes
from sso.log.events import Attempt
from sso.models import Connection, Flow, PendingLogin, SignInEvent
from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.signing_in.pending import hash_of

_WRITTEN, _WINDOW = 20, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Nobody is in; members, sessions and settings are as they were."""

    refusal: Refusal
    event: SignInEvent
    request: PendingLogin | None


def turn_away(attempt: Attempt, refused: Refused) -> TurnedAway:
    """Write the attempt down as refused. Raises nothing but DatabaseError."""
    is_anybodys = _is_anybodys(attempt, refused)
    event = _counted_with_others(attempt, refused) if is_anybodys else None
    if event is None:
        event = _written(attempt, refused, repeated=0 if is_anybodys else None)
        first_causes.tell_admins(
            event, refused.refusal, is_signed=attempt.is_signed, is_asked_for=attempt.is_asked_for
        )
    return TurnedAway(refused.refusal, event, attempt.request)


def _is_anybodys(attempt: Attempt, refused: Refused) -> bool:
    """Whether anybody could have brought it about, a thousand times: unsigned and unasked for, or a copy."""
    if refused.refusal in (Refusal.REPLAYED, Refusal.OUR_FAULT):
        return True
    return not (attempt.is_signed or attempt.is_asked_for)


def _counted_with_others(attempt: Attempt, refused: Refused) -> SignInEvent | None:
    """The event that counts this attempt as well; None while attempts still get an event each."""
    if attempt.connection is None:
        return None
    email = attempt.signed_email
    # What nobody trusted has signed is counted together: a reference of its own kind would tell a stranger the cause.
    kind = refused.refusal.value if attempt.is_signed else ""
    key = f"turned-away:{attempt.connection.pk}:{kind}:{hash_of(email)[:16]}"
    if hit(key, _WRITTEN, _WINDOW, attempt.now):
        return None
    counting = SignInEvent.objects.filter(
        organization=attempt.organization,
        connection=attempt.connection,
        email=email,
        repeated__isnull=False,
        occurred_at__gt=attempt.now - _WINDOW,
    )
    same = counting.filter(refusal=kind) if kind else counting.exclude(refusal=Refusal.REPLAYED)
    newest = same.order_by("-occurred_at", "-pk").first()
    if newest is not None:
        SignInEvent.objects.filter(pk=newest.pk).update(repeated=F("repeated") + 1)
    return newest


def _written(attempt: Attempt, refused: Refused, *, repeated: int | None) -> SignInEvent:
    report = attempt.report.with_refusal(refused)
    try:
        with transaction.atomic():
            return events.record(attempt, report, refusal=refused.refusal, repeated=repeated)
    except IntegrityError:
        # The configuration was deleted while we looked; the attempt is still kept in its organization's log.
        return events.record(
            replace(attempt, connection=None), report, refusal=refused.refusal, repeated=repeated
        )


def our_fault(connection: Connection, now: datetime) -> TurnedAway:
    """Nobody is in because something of ours broke: the person gets a reference that leads to it."""
    attempt = Attempt(Flow.UNKNOWN, now, connection.organization, connection, is_asked_for=True)
    refused = Refused(Refusal.OUR_FAULT, expected=Phrase.NO_FAULT_OF_OURS(), received=Phrase.ERROR_IN_LOG())
    return turn_away(attempt, refused)
