"""Figures: rounds become medians and parts of them (p95, p99), and are kept in a file for the report."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median

# One figure is found by part, case, contestant and measure; the file nests them in this order.
Case = dict[str, dict[str, float]]
Kept = dict[str, dict[str, Case]]


@dataclass(frozen=True)
class Round:
    """One round of one contestant: the seconds of each answer, of all together, and of its processes' CPU."""

    each: tuple[float, ...]
    elapsed: float
    cpu: float


def part_of(values: Iterable[float], part: float) -> float:
    """The value that such a part of all values does not exceed: 0.95 is p95 (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(ceil(part * len(ordered)), 1) - 1]


def summary(rounds: list[Round]) -> dict[str, float]:
    """Milliseconds (median of the rounds' medians, p95, p99), CPU milliseconds an answer, and answers a second."""
    everything = [seconds for one in rounds for seconds in one.each]
    return {
        "ms": median(median(one.each) for one in rounds) * 1000,
        "p95": part_of(everything, 0.95) * 1000,
        "p99": part_of(everything, 0.99) * 1000,
        "cpu": median(one.cpu / len(one.each) for one in rounds) * 1000,
        "per_second": median(len(one.each) / one.elapsed for one in rounds),
    }


class Figures:
    """The figures of a run. They are written down after each part, so that parts can be run one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        kept = json.loads(path.read_text()) if path.is_file() else {}
        self.about: dict[str, str] = kept.get("about", {})
        self.parts: Kept = kept.get("parts", {})

    def begin(self, part: str, about: dict[str, str]) -> None:
        """Forget what an earlier run has found of a part. `about` says what is measured now, and on what."""
        self.about = about
        self.parts[part] = {}

    def add(self, part: str, case: str, contestant: str, found: dict[str, float]) -> None:
        """Keep what was found, rounded to four digits."""
        rounded = {name: float(f"{value:.4g}") for name, value in found.items()}
        self.parts.setdefault(part, {}).setdefault(case, {})[contestant] = rounded

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps({"about": self.about, "parts": self.parts}, indent=1) + "\n")


def interleaved(contestants: list[str], rounds: int) -> Iterable[tuple[int, str]]:
    """Each round asks everybody once, and begins with another one: a machine's good minute is nobody's luck."""
    for number in range(rounds):
        turn = number % len(contestants)
        for contestant in (*contestants[turn:], *contestants[:turn]):
            yield number, contestant


def collected(found: Iterable[tuple[str, Round]]) -> dict[str, list[Round]]:
    """The rounds of each contestant."""
    rounds: dict[str, list[Round]] = defaultdict(list)
    for contestant, one in found:
        rounds[contestant].append(one)
    return rounds
