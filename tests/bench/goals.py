"""What the benchmark is to show, and whether it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.databases import VENDORS
from tests.bench.figures import Kept
from tests.bench.sign_ins import KINDS, KNOWN

OURS, FLOOR, ALLAUTH, DJANGOSAML2 = (kind.name for kind in KINDS)


@dataclass(frozen=True)
class Goal:
    """`measured` finds a figure that must be at most `most`; `unit` is × for ratios. KeyError: it was not measured."""

    text: str
    measured: Callable[[Kept], float]
    most: float
    unit: str = "×"

    def found(self, kept: Kept) -> float | None:
        """The figure, or None if its part was not run."""
        try:
            return self.measured(kept)
        except KeyError:
            return None


def _ratio(part: str, case: str, one: str, other: str, measure: str = "ms") -> Callable[[Kept], float]:
    return lambda kept: kept[part][case][one][measure] / kept[part][case][other][measure]


def _slower_than(case: str, other: str) -> Callable[[Kept], float]:
    """How many sign-ins another one does in the time of one of ours."""
    return _ratio("sign-ins", case, other, OURS, "per_second")


def _cpu(page: str) -> Callable[[Kept], float]:
    return lambda kept: kept["pages"]["PostgreSQL, 1 at once"][page]["cpu"]


def _grown(at_once: int) -> Callable[[Kept], float]:
    def ratio(kept: Kept) -> float:
        one, many = kept["growth"][f"PostgreSQL, {at_once} at once"].values()
        return many["ms"] / one["ms"]

    return ratio


def _start(page: str) -> Callable[[Kept], float]:
    return _ratio("pages", "PostgreSQL, 1 at once", page, "bare page with one insert", "cpu")


_CASES = [f"{vendor}, {at_once} at once" for vendor in VENDORS for at_once in (8, 32)]
_FIRST = [f"{vendor}, first sign-in, {at_once} at once" for vendor in VENDORS for at_once in (1, 8)]
GOALS = [
    Goal("both locks, beside the limit", _ratio("validation", "one response", OURS, "limit"), 3.5),
    Goal(
        "both locks, beside python3-saml strict",
        _ratio("validation", "one response", OURS, "python3-saml, strict"),
        0.35,
    ),
    *(
        Goal(f"a known person's sign-in, beside {other}: {case}", _slower_than(case, other), most)
        for other, most in ((FLOOR, 1.7), (ALLAUTH, 1 / 2), (DJANGOSAML2, 1 / 4))
        for case in _CASES
    ),
    *(
        Goal(
            f"CPU of a known person's sign-in, beside {FLOOR}: {case}",
            _ratio("sign-ins", case, OURS, FLOOR, "cpu"),
            1.7,
        )
        for case in _CASES
    ),
    *(
        Goal(
            f"a first sign-in, beside a known person's: {case}",
            _ratio("sign-ins", case, KNOWN, OURS, "per_second"),
            1.3,
        )
        for case in _FIRST
    ),
    *(
        Goal(f"CPU of the {page}, beside a bare page with one insert", _start(page), 1.5)
        for page in ("start at a company's address", "start by work email")
    ),
    *(
        Goal(page, _cpu(page), 15, "ms CPU")
        for page in ("Single Sign-On settings", "overview", "sign-in log")
    ),
    Goal("password sign-in", _cpu("password sign-in"), 60, "ms CPU"),
    *(
        Goal(f"a sign-in in a full database, beside an empty one, {at_once} at once", _grown(at_once), 1.15)
        for at_once in (1, 8)
    ),
]
