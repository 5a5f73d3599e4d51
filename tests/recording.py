"""Sign-in events written by hand, for tests of what is shown of them; and how many rows there are."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.apps import apps

from accounts.models import Organization, User
from sso.log import events
from sso.log.events import Attempt
from sso.models import Connection, Flow, PendingLogin, SignInEvent
from sso.refusals import Refusal
from sso.saml.report import CheckReport


def record_event(
    *,
    flow: Flow,
    now: datetime,
    organization: Organization | None,
    connection: Connection | None = None,
    refusal: Refusal | None = None,
    report: CheckReport | None = None,
    user: User | None = None,
    request: PendingLogin | None = None,
    reference: str = "",
) -> SignInEvent:
    """An event that happened so, with whatever its checks are said to have found."""
    attempt = Attempt(flow, now, organization, connection, request)
    return events.record(attempt, report or CheckReport(()), refusal=refusal, user=user, reference=reference)


def refuse(
    connection: Connection, refusal: Refusal | None, at: datetime, flow: Flow = Flow.TILE
) -> SignInEvent:
    """Somebody is refused at this connection (or let in: None)."""
    return record_event(
        flow=flow, now=at, organization=connection.organization, connection=connection, refusal=refusal
    )


def count_all_rows() -> dict[str, int]:
    """How many rows each table has. What is asked before and after shows that nothing was written."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def count_refusals() -> Counter[str]:
    """How many attempts there were of each refusal; a sign-in counts as "". One event may count several attempts."""
    attempts: Counter[str] = Counter()
    for refusal, repeated in SignInEvent.objects.values_list("refusal", "repeated"):
        attempts[refusal] += 1 + (repeated or 0)
    return attempts
