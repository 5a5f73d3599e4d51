"""Where a page of a log begins: below a row, named by its moment and key, so that no page has to count to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
_WRITTEN = re.compile(r"(\d{1,16})\.(\d)\.(\d{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A row of a log of one or more tables, newest first. At one moment, a smaller `kind` comes before a larger one."""

    at: datetime
    pk: int
    kind: int = 0

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}.{self.kind}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor of an address. Something else leads to the newest page."""
        found = _WRITTEN.fullmatch(text)
        return cls(_EPOCH + int(found[1]) * _MICROSECOND, int(found[3]), int(found[2])) if found else None

    @property
    def rank(self) -> tuple[datetime, int, int]:
        """Greater is newer."""
        return self.at, -self.kind, self.pk


def below(rows: QuerySet[Row], time: str, cursor: Cursor | None, kind: int = 0) -> QuerySet[Row]:
    """The rows of a kind that come after the cursor. A range of an index over (`time`, key), never an offset."""
    if cursor is None:
        return rows
    if kind < cursor.kind:
        return rows.filter(**{f"{time}__lt": cursor.at})
    rows = rows.filter(**{f"{time}__lte": cursor.at})
    return rows.exclude(**{time: cursor.at, "pk__gte": cursor.pk}) if kind == cursor.kind else rows


def between(rows: QuerySet[Row], time: str, since: datetime | None, until: datetime | None) -> QuerySet[Row]:
    """The rows from `since` on and before `until`; None bounds nothing."""
    if since is not None:
        rows = rows.filter(**{f"{time}__gte": since})
    if until is not None:
        rows = rows.filter(**{f"{time}__lt": until})
    return rows
