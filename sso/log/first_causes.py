"""The e-mail to Owner and Admins about a cause of refused sign-ins, the first time on a day.

It is sent in the request of the first person who is refused, after the row in the database is committed. A queue would
need a worker, and cron would tell the admins an hour late. This person waits `SMTP_TIMEOUT` at most for the mail server.
An e-mail that could not be sent is sent by the next `manage.py housekeeping`.

Strangers cannot fill mailboxes. A message without a trusted signature counts like any other if it answers a request of
the same browser. All others together are one cause, `UNSIGNED`, and only if they look like a wrong setting at the
identity provider. So junk sends one e-mail a day at most.
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
from sso.phrases import Text
from sso.refusals import CATALOGUE, Check, Mailed, Refusal
from sso.saml.report import CheckReport, Outcome

logger = logging.getLogger(__name__)

SMTP_TIMEOUT = 3  # seconds
# An older cause is no news: it is mended, or somebody is refused for it again today.
WORTH_SENDING = timedelta(days=1)
UNSIGNED = "unsigned"


def cause_of(refusal: Refusal, *, is_signed: bool, is_asked_for: bool) -> str:
    """The cause that the admins are told; empty if they are not told of this refusal.

    `is_signed`: a trusted key signed the message. `is_asked_for`: it answers an open request of this browser.
    """
    mailed = CATALOGUE[refusal].mailed
    if mailed is not Mailed.NEVER and (is_signed or is_asked_for):
        return refusal.value
    return UNSIGNED if mailed is Mailed.EVEN_UNSIGNED else ""


def tell_admins(event: SignInEvent, refusal: Refusal, *, is_signed: bool, is_asked_for: bool) -> None:
    """Send the e-mail if this cause is the first of its kind today. A mail server's error is not raised."""
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
    """Send the e-mails that could not be sent before; how many were sent. Safe to run twice at once."""
    waiting = FirstCause.objects.filter(
        mailed_at__isnull=True, event__occurred_at__gt=now - WORTH_SENDING
    ).select_related("event", "organization")
    return sum(_send(first, now) for first in waiting)


def _send(first: FirstCause, now: datetime) -> bool:
    unsent = FirstCause.objects.filter(pk=first.pk, mailed_at__isnull=True)
    # Of two processes, the one that sets the time sends the e-mail. If that fails, it takes the time back.
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
    """It has the cause, the cure and links. What arrived, and whose it was, only the linked page shows."""
    refusal = Refusal(event.refusal)
    entry = CATALOGUE[refusal]
    fix = fix_for(event.connection.guide if event.connection else "", refusal, _received(event))
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


def _received(event: SignInEvent) -> Text:
    """What was received at the check that failed: it selects the closest cure, and is not shown itself."""
    results = CheckReport.from_list(event.checks).results
    return next((result.received for result in results if result.refusal == event.refusal), "")


def _is_signed(event: SignInEvent) -> bool:
    passed = (Check.SIGNATURE.value, Outcome.PASSED.value)
    return any((row.get("check"), row.get("outcome")) == passed for row in event.checks)
