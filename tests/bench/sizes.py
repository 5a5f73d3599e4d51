"""How full a database is made."""

from __future__ import annotations

from dataclasses import dataclass

_COMPANIES, _MEMBERS, _EVENTS = 100_000, 1_000_000, 5_000_000


@dataclass(frozen=True)
class Sizes:
    """How many rows. Members, links and events are spread evenly over the companies."""

    companies: int
    members: int
    events: int

    @classmethod
    def scaled(cls, scale: float) -> Sizes:
        """The default sizes, or that part of them."""
        return cls(*(max(1, int(size * scale)) for size in (_COMPANIES, _MEMBERS, _EVENTS)))
