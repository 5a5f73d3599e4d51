"""Forgetting what is past its time, in batches, so that no lock is held for long.

Each room declares what of it grows stale, in its `retention.py`. Two runs at once share the work: a row one of them is
about to delete is left out by the other, and what neither got is there for the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

BATCH = 1000


def _delete(rows: QuerySet[Any]) -> None:
    rows.delete()


@dataclass(frozen=True, slots=True)
class Stale:
    """Rows past their time, in the order of the index that finds them, and what becomes of them."""

    name: str
    rows: QuerySet[Any]
    forget: Callable[[QuerySet[Any]], None] = _delete


def before(model: type[Model], time: str, moment: date) -> QuerySet[Any]:
    """The rows of a model whose `time` is before a moment, oldest first."""
    return model._default_manager.filter(**{f"{time}__lt": moment}).order_by(time)


def forget(kinds: Iterable[Stale]) -> Iterator[tuple[str, int]]:
    """Delete what is past its time. Yields a name and how many rows went, a batch at a time; 0 at its end."""
    for kind in kinds:
        while gone := _forget_batch(kind):
            yield kind.name, gone
        yield kind.name, 0


def _forget_batch(kind: Stale) -> int:
    with transaction.atomic():
        batch = kind.rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH]
        keys = list(batch)
        kind.forget(kind.rows.model._default_manager.filter(pk__in=keys))
    return len(keys)
