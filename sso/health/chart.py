"""The last days as a drawing: a bar a day, those who signed in below, those who were refused on top."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format

from sso.health.daily import Day

_SLOT, _BAR, HEIGHT = 20, 14, 88


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: two boxes as SVG paths, and where its slot begins, in the units of the drawing.

    A day that had one of a kind shows it, however many others there were.
    """

    day: Day
    label: str
    slot_x: int
    signed_in: str
    refused: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars, the size of the drawing, and what its highest bar stands for."""

    bars: list[Bar]
    highest: int
    signed_in: int
    refused: int
    width: int
    height: int = HEIGHT
    slot: int = _SLOT

    @property
    def first(self) -> str:
        return self.bars[0].label

    @property
    def signed_in_boxes(self) -> str:
        return "".join(bar.signed_in for bar in self.bars)

    @property
    def refused_boxes(self) -> str:
        return "".join(bar.refused for bar in self.bars)

    @property
    def newest_first(self) -> list[Bar]:
        return self.bars[::-1]

    @property
    def success_percent(self) -> int | None:
        """How many of a hundred tries signed somebody in, rounded down: 100 means all. None without a try."""
        tries = self.signed_in + self.refused
        return 100 * self.signed_in // tries if tries else None


def chart_of(days: list[Day]) -> Chart:
    """Draw one day or more, oldest first."""
    highest = max(day.signed_in + day.refused for day in days)
    return Chart(
        bars=[_bar(number, day, max(highest, 1)) for number, day in enumerate(days)],
        highest=highest,
        signed_in=sum(day.signed_in for day in days),
        refused=sum(day.refused for day in days),
        width=_SLOT * len(days),
    )


def _bar(number: int, day: Day, highest: int) -> Bar:
    # Two units at least where there is anything at all, so the two together must leave room for four.
    signed_in, refused = (
        max(2, count * (HEIGHT - 4) // highest) if count else 0 for count in (day.signed_in, day.refused)
    )
    x = number * _SLOT + (_SLOT - _BAR) // 2
    return Bar(
        day,
        date_format(day.day, "j M Y"),
        number * _SLOT,
        _box(x, HEIGHT, signed_in),
        _box(x, HEIGHT - signed_in, refused),
    )


def _box(x: int, bottom: int, height: int) -> str:
    return f"M{x} {bottom}h{_BAR}v-{height}h-{_BAR}z" if height else ""
