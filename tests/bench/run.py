"""One run of the benchmark: how long it takes care, what it shows, and where its figures go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.progress import track

from tests.bench.figures import Figures
from tests.bench.sizes import Sizes

T = TypeVar("T")


@dataclass(frozen=True)
class Run:
    """`quick` is for a look: fewer and smaller rounds, so that p99 says little.

    `sizes` is how full the database of the growth is, `events` how long the sign-in log.
    """

    figures: Figures
    quick: bool
    rounds: int
    sizes: Sizes
    events: int
    console: Console = field(default_factory=Console)

    def shown(self, items: Iterable[T], total: int, what: str) -> Iterator[T]:
        """The items, with a bar that shows how far they are."""
        yield from track(
            items, what, total, console=self.console, transient=True, disable=not self.console.is_terminal
        )

    def keep(self, part: str, case: str, contestant: str, found: dict[str, float]) -> None:
        """Keep and show what was found."""
        self.figures.add(part, case, contestant, found)
        shown = "  ".join(f"{name} {value:.4g}" for name, value in found.items())
        self.console.print(f"{case:38} {contestant:22} {shown}", highlight=False, soft_wrap=True)
