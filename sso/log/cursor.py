"""Keyset pagination: a page of a log begins below a row, which is named by its time and key.

So the thousandth page costs what the first one costs: nothing is counted or skipped.
"""

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
    """A row in a log, newest first.

    `kind` says which table the row is from. Of rows with the same time, those of a smaller `kind` come first.
    """

    at: datetime
    pk: int
    kind: int = 0

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}.{self.kind}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor in a URL. None, which is the newest page, if the text is no cursor."""
        found = _WRITTEN.fullmatch(text)
        return cls(_EPOCH + int(found[1]) * _MICROSECOND, int(found[3]), int(found[2])) if found else None

    @property
    def rank(self) -> tuple[datetime, int, int]:
        """To sort by: the newer row has the greater rank."""
        return self.at, -self.kind, self.pk


def below(rows: QuerySet[Row], time: str, cursor: Cursor | None, kind: int = 0) -> QuerySet[Row]:
    """The rows of this kind that are older than the cursor.

    This is a range of an index over (`time`, key). There is no offset.
    """
    if cursor is None:
        return rows
    if kind < cursor.kind:
        return rows.filter(**{f"{time}__lt": cursor.at})
    rows = rows.filter(**{f"{time}__lte": cursor.at})
    return rows.exclude(**{time: cursor.at, "pk__gte": cursor.pk}) if kind == cursor.kind else rows


def between(rows: QuerySet[Row], time: str, since: datetime | None, until: datetime | None) -> QuerySet[Row]:
    """The rows from `since` on and before `until`. None: no bound."""
    if since is not None:
        rows = rows.filter(**{f"{time}__gte": since})
    if until is not None:
        rows = rows.filter(**{f"{time}__lt": until})
    return rows
