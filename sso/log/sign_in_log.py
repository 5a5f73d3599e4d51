"""The sign-in log: events, and requests without a response, as one list, newest first.

It is read by key (sso/log/cursor.py): a page begins below the last line of the page before. Nothing is counted.
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
# Of an event and a request at the same time, the event comes first.
_EVENT, _REQUEST = 0, 1


class Result(StrEnum):
    """How an attempt ended: the values of a filter."""

    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    NO_RESPONSE = "no_response"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the log. An empty one filters nothing.

    `emails` are whole addresses; the person must have one of them. `since` and `until` are aware; the time `until` itself
    is left out.
    """

    result: str = ""
    flow: str = ""
    reason: str = ""
    emails: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the log, and where the next, older one begins."""

    lines: list[SignInLine]
    older: Cursor | None

    @property
    def no_response(self) -> SignInLine | None:
        """The first line without a response, if any. Its explanation is the same for all of them."""
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
    """The page below `before`. Two queries, each a range of one index.

    With `explained`, a refusal has its sentence, Expected / Received and cure; otherwise only its title.
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
    """Every line. At most a batch of them is in memory."""
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
    """The events that pass the filters, below `before`, newest first."""
    rows = organization.sign_in_events.order_by("-occurred_at", "-pk")
    rows = rows.select_related("user", "connection_test__started_by")
    # Message and checks are large, and only the page of one sign-in shows them.
    rows = rows.defer("attributes", "redacted_xml") if explained else rows.defer(*_HEAVY)
    if wanted.result == Result.NO_RESPONSE or wanted.reason == Refusal.NO_RESPONSE:
        return rows.none()
    if wanted.result:
        # Not `refused=True`: SQLite uses the index for "IN (true)", but not for a bare boolean.
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
    """The requests without a response in time, below `before`, newest first.

    Who sent them is not proven, so a filter by person finds none.
    """
    rows = connection.pending_logins.filter(
        answered_at__isnull=True, created_at__lt=now - ConnectionTest.PATIENCE
    )
    rows = rows.order_by("-created_at", "-pk").select_related("test__started_by")
    about_others = wanted.result not in ("", Result.NO_RESPONSE) or wanted.reason not in (
        "",
        Refusal.NO_RESPONSE,
    )
    if about_others or wanted.emails or wanted.flow in (Flow.TILE, Flow.UNKNOWN):
        return rows.none()
    if wanted.flow:
        rows = rows.filter(test__isnull=wanted.flow != Flow.TEST)
    rows = between(rows, "created_at", wanted.since, wanted.until)
    return below(rows, "created_at", before, _REQUEST)
