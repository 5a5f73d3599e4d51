"""The e-mail to Owner and Admins when a cause of refused sign-ins is met for the first time on a day.

The mail is sent in the request of the one person who met the cause first that day, after the row that claims it is
committed: a queue of its own would need a worker to run, and waiting for cron would tell the admins an hour late. That
one person waits three seconds at most for an answer of the mail server; what could not be sent, the next
`manage.py housekeeping` sends.

What a stranger can bring about: a message that nobody's key has signed answers either a request of that very browser,
or nothing. In the first case it counts as a cause like any other, in the second all such messages together are one
cause, and only when they look like a setting gone wrong at the identity provider. So junk makes one mail a day at most.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.emails import send_email
from accounts.members import admin_addresses
from accounts.models import Organization
from sso.guides import fix_for
from sso.models import FirstCause, Flow, SignInEvent
from sso.refusals import CATALOGUE, Check, Mailed, Refusal
from sso.saml.report import Outcome

logger = logging.getLogger(__name__)

SMTP_TIMEOUT = 3  # seconds
# Yesterday's cause is no news: it is met again today, or it is mended.
WORTH_SENDING = timedelta(days=1)
UNSIGNED = "unsigned"


def cause_of(refusal: Refusal, *, is_signed: bool, is_asked_for: bool) -> str:
    """The cause under which a refusal is told to the admins; empty if it is none of their business.

    `is_signed`: a trusted key has signed the message. `is_asked_for`: it answers an open request of this browser.
    """
    mailed = CATALOGUE[refusal].mailed
    if mailed is not Mailed.NEVER and (is_signed or is_asked_for):
        return refusal.value
    return UNSIGNED if mailed is Mailed.EVEN_UNSIGNED else ""


def note(event: SignInEvent, refusal: Refusal, *, is_signed: bool, is_asked_for: bool) -> None:
    """Tell the admins about a refused sign-in if its cause is the first of its kind today. Raises nothing over e-mail."""
    cause = cause_of(refusal, is_signed=is_signed, is_asked_for=is_asked_for)
    if not cause or event.flow == Flow.TEST or event.organization is None:
        return
    with transaction.atomic():
        first, is_new = FirstCause.objects.get_or_create(
            organization=event.organization,
            cause=cause,
            day=event.occurred_at.date(),
            defaults={"event": event},
        )
        if is_new:
            transaction.on_commit(lambda: _send(first, event.occurred_at), robust=True)


def send_unsent(now: datetime) -> int:
    """Send what could not be sent at once; how many were. Safe to run twice at once."""
    waiting = FirstCause.objects.filter(
        mailed_at__isnull=True, event__occurred_at__gt=now - WORTH_SENDING
    ).select_related("event", "organization")
    return sum(_send(first, now) for first in waiting)


def _send(first: FirstCause, now: datetime) -> bool:
    unsent = FirstCause.objects.filter(pk=first.pk, mailed_at__isnull=True)
    # Whoever sets the time sends it. It is taken back if that fails.
    if not unsent.update(mailed_at=now):
        return False
    try:
        _send_email(first.organization, first.event)
    except OSError as error:
        FirstCause.objects.filter(pk=first.pk).update(mailed_at=None)
        logger.warning(
            "e-mail about a new cause not sent",
            extra={"reference": first.event.reference, "error": type(error).__name__},
        )
        return False
    return True


def _send_email(organization: Organization, event: SignInEvent) -> None:
    """Cause, cure and where to look. Nobody's name, and nothing of what arrived: that needs a sign-in to see."""
    refusal = Refusal(event.refusal)
    entry = CATALOGUE[refusal]
    fix = fix_for(event.connection.guide if event.connection else "", refusal)
    facts = {
        "company": organization.name,
        "reference": event.reference,
        "at": event.occurred_at,
        "title": _(entry.title),
        "sentence": _(entry.sentence),
        "is_signed": _is_signed(event),
        "where": " → ".join(part for part in (fix.system, fix.menu_path) if part),
        "instruction": _(fix.instruction),
        "link": settings.PUBLIC_BASE_URL + reverse("sign_in_entry", args=[event.reference]),
        "log": settings.PUBLIC_BASE_URL + reverse("sign_in_log"),
    }
    send_email("sso/log/emails/first_cause", facts, admin_addresses(organization), timeout=SMTP_TIMEOUT)


def _is_signed(event: SignInEvent) -> bool:
    passed = (Check.SIGNATURE.value, Outcome.PASSED.value)
    return any((row.get("check"), row.get("outcome")) == passed for row in event.checks)
