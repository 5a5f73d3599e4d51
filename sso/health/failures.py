"""The failed sign-ins of the last 7 days, by cause, each with its cure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext

from accounts.models import Organization
from sso.guides import Fix, fix_for
from sso.log.cured import Cured, with_answers, with_cures
from sso.log.lines import title_of
from sso.log.sign_in_log import Wanted, unanswered
from sso.models import Connection, Flow, PendingLogin, SignInEvent
from sso.refusals import CATALOGUE, Refusal

SPAN = timedelta(days=7)
_REFERENCES = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause: how often it happened and when last, its newest references and its cure.

    `cured` says what shows that it was cured since, for everybody whom it has kept out. A code that only another release
    knows has no sentence and no cure.
    """

    code: str
    title: str
    count: int
    last_seen: datetime
    references: tuple[str, ...] = ()
    sentence: str = ""
    fix: Fix | None = None
    cured: Cured | None = None

    @property
    def refusal(self) -> Refusal | None:
        return Refusal(self.code) if self.code in set(Refusal) else None


def failures_by_cause(
    organization: Organization, connection: Connection | None, now: datetime, *, with_tests: bool = True
) -> list[Cause]:
    """The causes of the last 7 days, requests without a response included. Three queries.

    Those that were not cured since come first, the latest of them before the others.
    """
    guide = connection.guide if connection else ""
    events = organization.sign_in_events.filter(refused__in=[True], occurred_at__gt=now - SPAN)
    if not with_tests:
        events = events.exclude(flow=Flow.TEST)
    causes = _causes_of_events(events, guide, _cures(with_cures(events, organization)))
    if connection is not None:
        wanted = Wanted(since=now - SPAN, flow="" if with_tests else Flow.SSO_PAGE.value)
        causes += _cause_of_unanswered(with_answers(unanswered(connection, wanted, now), organization), guide)
    latest_first = sorted(causes, key=lambda cause: cause.last_seen, reverse=True)
    return sorted(latest_first, key=lambda cause: cause.cured is not None)


# An event may speak for others like it as well.
_ATTEMPTS = Coalesce("repeated", 0) + 1
_OPEN = Q(sign_in_at__isnull=True, test_at__isnull=True)


def _cures(events: QuerySet[SignInEvent]) -> dict[str, Cured]:
    """What shows that a cause was cured, by its code, if not one event of it is still open."""
    rows = (
        events.order_by()
        .values("refusal")
        .annotate(open=Count("pk", filter=_OPEN), signed_in=Max("sign_in_at"), tested=Max("test_at"))
    )
    return {row["refusal"]: Cured(row["signed_in"], row["tested"]) for row in rows if not row["open"]}


def _causes_of_events(events: QuerySet[SignInEvent], guide: str, cures: dict[str, Cured]) -> list[Cause]:
    newest_first = Window(
        RowNumber(), partition_by=F("refusal"), order_by=[F("occurred_at").desc(), F("pk").desc()]
    )
    rows = (
        events.annotate(rank=newest_first, count=Window(Sum(_ATTEMPTS), partition_by=F("refusal")))
        .filter(rank__lte=_REFERENCES)
        .order_by("rank")
        .values_list("refusal", "count", "occurred_at", "reference")
    )
    found: dict[str, Cause] = {}
    for code, count, at, reference in rows:
        before = found.get(code)
        if before is None:
            found[code] = replace(_cause(code, guide, count, at, (reference,)), cured=cures.get(code))
        else:
            found[code] = replace(before, references=(*before.references, reference))
    return list(found.values())


def _cause_of_unanswered(requests: QuerySet[PendingLogin], guide: str) -> list[Cause]:
    silent = requests.order_by().aggregate(
        count=Count("pk"),
        last=Max("created_at"),
        open=Count("pk", filter=_OPEN),
        signed_in=Max("sign_in_at"),
        tested=Max("test_at"),
    )
    if not silent["count"]:
        return []
    cause = _cause(Refusal.NO_RESPONSE.value, guide, silent["count"], silent["last"], ())
    return [cause if silent["open"] else replace(cause, cured=Cured(silent["signed_in"], silent["tested"]))]


def _cause(code: str, guide: str, count: int, last_seen: datetime, references: tuple[str, ...]) -> Cause:
    if code not in set(Refusal):
        return Cause(code, title_of(code), count, last_seen, references)
    refusal = Refusal(code)
    sentence = gettext(CATALOGUE[refusal].sentence)
    return Cause(code, title_of(code), count, last_seen, references, sentence, fix_for(guide, refusal))
