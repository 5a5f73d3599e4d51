"""The sign-in log: what happened and what never came back, as one list, newest first.

It is read by key, not by position: a page begins below the last line of the one before, so that the thousandth page
costs what the first one costs. Nothing here counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from accounts.models import Organization
from sso.log.cursor import Cursor, below, between
from sso.log.lines import SignInLine, event_line, no_response_line
from sso.models import Connection, ConnectionTest, Flow, PendingLogin, SignInEvent
from sso.refusals import Refusal

PAGE = 50
# At the same moment, events come before requests.
_EVENT, _REQUEST = 0, 1


class Result(StrEnum):
    """What came of an attempt, as the log is filtered by it."""

    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    NO_RESPONSE = "no_response"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the log is filtered by; what is empty filters nothing. `since` and `until` are aware, `until` is left out.

    `emails` are whole addresses, of which one must be that of the person.
    """

    result: str = ""
    flow: str = ""
    reason: str = ""
    emails: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the log, and where the older ones begin."""

    lines: list[SignInLine]
    older: Cursor | None

    @property
    def no_response(self) -> SignInLine | None:
        """A line of a request nobody answered, which explains all of them; None if the page has none."""
        return next((line for line in self.lines if line.reason == Refusal.NO_RESPONSE), None)


def page(
    organization: Organization,
    connection: Connection | None,
    wanted: Wanted,
    now: datetime,
    *,
    before: Cursor | None = None,
    size: int = PAGE,
    explained: bool = False,
) -> Page:
    """One page below `before`, newest first. Two queries, each within one index.

    With `explained`, each refusal has sentence, Expected / Received and cure, not its title alone.
    """
    guide = connection.guide if connection else ""
    found: list[tuple[Cursor, SignInEvent | PendingLogin]] = [
        (Cursor(event.occurred_at, event.pk, _EVENT), event)
        for event in events(organization, wanted, before, explained=explained)[: size + 1]
    ]
    if connection is not None:
        found += [
            (Cursor(request.created_at, request.pk, _REQUEST), request)
            for request in unanswered(connection, wanted, now, before)[: size + 1]
        ]
    found.sort(key=lambda pair: pair[0].rank, reverse=True)
    lines = [
        event_line(row, guide, explained=explained)
        if isinstance(row, SignInEvent)
        else no_response_line(row, guide)
        for _cursor, row in found[:size]
    ]
    return Page(lines, found[size - 1][0] if len(found) > size else None)


def all_lines(
    organization: Organization, connection: Connection | None, wanted: Wanted, now: datetime, *, batch: int
) -> Iterator[SignInLine]:
    """Every line, page after page: never more than a batch of them in memory."""
    before: Cursor | None = None
    while True:
        found = page(organization, connection, wanted, now, before=before, size=batch)
        yield from found.lines
        if found.older is None:
            return
        before = found.older


def events(
    organization: Organization, wanted: Wanted, before: Cursor | None, *, explained: bool = False
) -> QuerySet[SignInEvent]:
    """The events that are wanted, below `before`, newest first."""
    rows = organization.sign_in_events.order_by("-occurred_at", "-pk").select_related("user")
    # The message and the checks of a line are read when it is opened.
    rows = rows.defer("attributes", "redacted_xml") if explained else rows.defer(*_HEAVY)
    if wanted.result == Result.NO_RESPONSE or wanted.reason == Refusal.NO_RESPONSE:
        return rows.none()
    if wanted.result:
        # "IN (true)" is a comparison SQLite finds in an index; a bare boolean is not.
        rows = rows.filter(refused__in=[wanted.result == Result.REFUSED])
    if wanted.reason:
        rows = rows.filter(refusal=wanted.reason)
    if wanted.flow:
        rows = rows.filter(flow=wanted.flow)
    if wanted.emails:
        rows = rows.filter(email__in=wanted.emails)
    rows = between(rows, "occurred_at", wanted.since, wanted.until)
    return below(rows, "occurred_at", before, _EVENT)


_HEAVY = ("checks", "attributes", "redacted_xml")


def unanswered(
    connection: Connection, wanted: Wanted, now: datetime, before: Cursor | None = None
) -> QuerySet[PendingLogin]:
    """The requests nobody answered in five minutes, below `before`, newest first. Nobody knows whose they were."""
    rows = connection.pending_logins.filter(
        answered_at__isnull=True, created_at__lt=now - ConnectionTest.PATIENCE
    )
    rows = rows.order_by("-created_at", "-pk")
    about_others = wanted.result not in ("", Result.NO_RESPONSE) or wanted.reason not in (
        "",
        Refusal.NO_RESPONSE,
    )
    if about_others or wanted.emails or wanted.flow == Flow.TILE:
        return rows.none()
    if wanted.flow:
        rows = rows.filter(test__isnull=wanted.flow != Flow.TEST)
    rows = between(rows, "created_at", wanted.since, wanted.until)
    return below(rows, "created_at", before, _REQUEST)
