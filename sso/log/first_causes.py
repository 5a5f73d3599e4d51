"""The e-mail to Owner and Admins about a cause of refused sign-ins, the first time on a day.

It is put into the outbox in the transaction that notes the cause, and leaves beside the request.

Strangers cannot fill mailboxes. A message without a trusted signature counts like any other if it answers a request of
the same browser. All others together are one cause, `UNSIGNED`, and only if they look like a wrong setting at the
identity provider. So junk sends one e-mail a day at most.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import outbox
from accounts.members import admin_addresses
from accounts.outbox import Facts, Letter, Occasion
from sso.guides import fix_for
from sso.models import FirstCause, Flow, SignInEvent
from sso.phrases import Text
from sso.refusals import CATALOGUE, Mailed, Refusal
from sso.saml.report import CheckReport

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
    """Put the e-mail into the outbox if this cause is the first of its kind today."""
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
            outbox.put("first_cause", {"first_cause": first.pk}, event.occurred_at)


def _letter(facts: Facts) -> Letter | None:
    """It has the cause, the cure and links. What arrived, and whose it was, only the linked page shows."""
    first = (
        FirstCause.objects.select_related("event__connection", "organization")
        .filter(pk=facts["first_cause"])
        .first()
    )
    if first is None:
        return None
    event, organization = first.event, first.organization
    refusal = Refusal(event.refusal)
    entry = CATALOGUE[refusal]
    fix = fix_for(event.connection.guide if event.connection else "", refusal, _received(event))
    about = {
        "company": organization.name,
        "reference": event.reference,
        "at": event.occurred_at,
        "title": _(entry.title),
        "sentence": _(entry.sentence),
        "is_signed": CheckReport.from_list(event.checks).is_signed,
        "where": " → ".join(part for part in (fix.system, fix.menu_path) if part),
        "copied_from": fix.copied_from,
        "instruction": _(fix.instruction),
        "link": settings.PUBLIC_BASE_URL + reverse("sign_in_entry", args=[event.reference]),
        "log": settings.PUBLIC_BASE_URL + reverse("sign_in_log"),
    }
    return Letter("sso/log/emails/first_cause", about, admin_addresses(organization))


def _sent(facts: Facts, now: datetime) -> None:
    FirstCause.objects.filter(pk=facts["first_cause"]).update(mailed_at=now)


outbox.announce("first_cause", Occasion(_letter, WORTH_SENDING, _sent))


def _received(event: SignInEvent) -> Text:
    """What was received at the check that failed: it selects the closest cure, and is not shown itself."""
    results = CheckReport.from_list(event.checks).results
    return next((result.received for result in results if result.refusal == event.refusal), "")
