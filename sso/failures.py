"""The failed sign-ins of the last days, grouped by cause, each with its cure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext

from accounts.models import Organization
from sso.guides import Fix, fix_for
from sso.models import Connection
from sso.refusals import CATALOGUE, Refusal
from sso.sign_in_lines import title_of
from sso.sign_in_log import Wanted, unanswered

SPAN = timedelta(days=7)
_REFERENCES = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause, how often it came and when last, its newest references and its cure.

    Sentence and cure are empty for a code that only another release knows.
    """

    code: str
    title: str
    count: int
    last_seen: datetime
    references: tuple[str, ...] = ()
    sentence: str = ""
    fix: Fix | None = None

    @property
    def refusal(self) -> Refusal | None:
        return Refusal(self.code) if self.code in set(Refusal) else None


def failures_by_cause(
    organization: Organization, connection: Connection | None, now: datetime
) -> list[Cause]:
    """The causes of the last seven days, latest first, with the requests nobody answered. Two queries, by index."""
    guide = connection.guide if connection else ""
    causes = _of_events(organization, guide, now)
    if connection is not None:
        causes += _of_silence(connection, guide, now)
    return sorted(causes, key=lambda cause: cause.last_seen, reverse=True)


def _of_events(organization: Organization, guide: str, now: datetime) -> list[Cause]:
    newest_first = Window(
        RowNumber(), partition_by=F("refusal"), order_by=[F("occurred_at").desc(), F("pk").desc()]
    )
    rows = (
        organization.sign_in_events.filter(refused__in=[True], occurred_at__gt=now - SPAN)
        .annotate(rank=newest_first, count=Window(Count("pk"), partition_by=F("refusal")))
        .filter(rank__lte=_REFERENCES)
        .order_by("rank")
        .values_list("refusal", "count", "occurred_at", "reference")
    )
    found: dict[str, Cause] = {}
    for code, count, at, reference in rows:
        before = found.get(code)
        if before is None:
            found[code] = _cause(code, guide, count, at, (reference,))
        else:
            found[code] = _cause(code, guide, count, before.last_seen, (*before.references, reference))
    return list(found.values())


def _of_silence(connection: Connection, guide: str, now: datetime) -> list[Cause]:
    requests = unanswered(connection, Wanted(since=now - SPAN), now)
    silent = requests.aggregate(count=Count("pk"), last=Max("created_at"))
    if not silent["count"]:
        return []
    return [_cause(Refusal.NO_RESPONSE.value, guide, silent["count"], silent["last"], ())]


def _cause(code: str, guide: str, count: int, last_seen: datetime, references: tuple[str, ...]) -> Cause:
    if code not in set(Refusal):
        return Cause(code, title_of(code), count, last_seen, references)
    refusal = Refusal(code)
    sentence = gettext(CATALOGUE[refusal].sentence)
    return Cause(code, title_of(code), count, last_seen, references, sentence, fix_for(guide, refusal))
