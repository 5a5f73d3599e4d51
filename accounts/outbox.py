"""The outbox: e-mails that have not left yet. A row is written in the transaction of what it speaks of.

The mail thread of the process sends it at once, else that of another process, else `manage.py housekeeping`. Whoever
sends claims the row first, for `CLAIMED_FOR`: nobody else takes it meanwhile, and if the process dies, the claim ends by
itself. So every e-mail leaves at least once, and twice only if a process dies between the mail server's yes and our note.

What an e-mail says is composed when it leaves. The row holds only the facts that are needed for it, sealed, because some
are the tokens of links. It is deleted once the mail server has taken the e-mail.
"""

from __future__ import annotations

import json
import logging
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from accounts.emails import send_email
from accounts.mail_thread import MailThread
from accounts.models import OutgoingEmail
from accounts.sealing import CannotUnseal, seal, unseal
from justcall_sso.request_log import current_request_id

log = logging.getLogger("justcall.mail")

# Longer than any exchange with a mail server (accounts/mail_server.py).
CLAIMED_FOR = timedelta(minutes=2)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
# How long the row of an e-mail that was given up is kept, so that somebody sees it.
GIVEN_UP_KEPT = timedelta(days=30)

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail to be sent: the name of its templates, what they need, and to whom."""

    name: str
    facts: Mapping[str, object]
    to: list[str]


def _nothing(facts: Facts, now: datetime) -> None:
    return


@dataclass(frozen=True, slots=True)
class Occasion:
    """A kind of e-mail: how it is composed, and how long it is worth sending.

    `compose` returns None if there is nothing to say any more. `sent` is called in the transaction that deletes the row.
    """

    compose: Callable[[Facts], Letter | None]
    worth_sending: timedelta
    sent: Callable[[Facts, datetime], None] = _nothing


_OCCASIONS: dict[str, Occasion] = {}


def announce(kind: str, occasion: Occasion) -> None:
    """Say how e-mails of this kind are composed. For modules that `ready` of their app imports."""
    _OCCASIONS[kind] = occasion


def put(kind: str, facts: Facts, now: datetime, *, about: str = "", wakes: bool = True) -> OutgoingEmail:
    """Write an e-mail into the outbox. It leaves after the transaction is committed, and not if it is rolled back.

    `facts` become JSON; `about` finds it again. `wakes`: whether the mail thread looks for it at once.
    """
    email = OutgoingEmail.objects.create(
        kind=kind,
        about=about,
        sealed_facts=seal(json.dumps(facts).encode()),
        request_id=current_request_id.get(),
        created_at=now,
        due_at=now,
    )
    if wakes:
        transaction.on_commit(THREAD.wake, robust=True)
    return email


def take_back(about: str) -> None:
    """Delete the e-mails about something, sent or not. One that is just leaving still leaves."""
    OutgoingEmail.objects.filter(about=about).delete()


def waiting() -> QuerySet[OutgoingEmail]:
    """The e-mails that are still to leave."""
    return OutgoingEmail.objects.filter(given_up_at=None)


def given_up() -> QuerySet[OutgoingEmail]:
    """The e-mails that have not left and never will."""
    return OutgoingEmail.objects.filter(given_up_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Round:
    """What became of one look through the outbox: how many left, and when to look again."""

    sent: int
    again_at: datetime | None


def send_due(go_on: Callable[[], bool] = lambda: True) -> Round:
    """Send every e-mail that is due, one by one, as long as `go_on` says so. Safe to call anywhere at once.

    Ends early if the mail server is away: the others would only wait for it as long.
    """
    sent, soonest = 0, timezone.now()
    while go_on() and (email := _claim(timezone.now())):
        error = _send(email)
        if error is None:
            sent += 1
        elif _is_servers(error):
            soonest = timezone.now() + FIRST_PAUSE
            break
    again_at = waiting().aggregate(at=Min("due_at"))["at"]
    return Round(sent, again_at and max(again_at, soonest))


def _claim(now: datetime) -> OutgoingEmail | None:
    due = waiting().filter(due_at__lte=now)
    # Without a lock first: on SQLite it would be the whole database's, for nothing.
    if not due.exists():
        return None
    with transaction.atomic():
        email = due.select_for_update(skip_locked=True).order_by("due_at", "pk").first()
        if email is not None:
            email.due_at = now + CLAIMED_FOR
            email.tries += 1
            email.save(update_fields=["due_at", "tries"])
    return email


def _send(email: OutgoingEmail) -> Exception | None:
    """Send one that is claimed, and note what came of it. Returns what hindered it."""
    token = current_request_id.set(email.request_id)
    now = timezone.now()
    try:
        occasion = _OCCASIONS[email.kind]
        if now - email.created_at > occasion.worth_sending:
            _give_up(email, now, "too old")
            return None
        facts = json.loads(unseal(email.sealed_facts))
        letter = occasion.compose(facts)
        if letter is not None and letter.to:
            send_email(letter.name, letter.facts, letter.to)
        with transaction.atomic():
            if letter is not None:
                occasion.sent(facts, now)
            email.delete()
    except DatabaseError:
        raise
    except Exception as error:
        if not isinstance(error, OSError | UnicodeError | CannotUnseal):
            # A fault of ours. The others must leave all the same.
            log.exception("an e-mail could not be composed", extra=_about(email, type(error).__name__))
        _note(email, now, error)
        return error
    finally:
        current_request_id.reset(token)
    return None


def _note(email: OutgoingEmail, now: datetime, error: Exception) -> None:
    """It is tried again after a pause that grows, unless the mail server refuses the address."""
    if _is_addresss(error):
        _give_up(email, now, type(error).__name__, is_refused=True)
        return
    log.warning("an e-mail has not left yet", extra=_about(email, type(error).__name__))
    pause = min(FIRST_PAUSE * 4 ** min(email.tries - 1, 9), LONGEST_PAUSE)
    # Only while the claim is ours: if it has ended, somebody else may be sending it.
    OutgoingEmail.objects.filter(pk=email.pk, tries=email.tries).update(
        due_at=now + pause, last_error=type(error).__name__
    )


def _give_up(email: OutgoingEmail, now: datetime, why: str, *, is_refused: bool = False) -> None:
    log.error("an e-mail is given up", extra=_about(email, why))
    OutgoingEmail.objects.filter(pk=email.pk).update(
        given_up_at=now, is_refused=is_refused, sealed_facts="", last_error=why
    )


def _about(email: OutgoingEmail, why: str) -> dict[str, object]:
    return {"kind": email.kind, "about": email.about, "tries": email.tries, "error": why}


def _is_addresss(error: Exception) -> bool:
    """Whether trying again is no use: the address cannot be written, or is refused for good (RFC 5321 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, UnicodeError)


def _is_servers(error: Exception) -> bool:
    """Whether the mail server would take no other e-mail either."""
    return isinstance(error, OSError) and not isinstance(
        error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError
    )


def _work(go_on: Callable[[], bool]) -> datetime | None:
    return send_due(go_on).again_at


THREAD = MailThread(_work)
