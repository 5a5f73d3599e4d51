"""`python -m tests.bench`: how fast it is, beside what is possible and beside others. Never a test."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from tests.bench import growth, memory, pages, peers, sign_ins, validation
from tests.bench.databases import FOLDER
from tests.bench.figures import Figures
from tests.bench.run import Run

_PARTS: dict[str, tuple[str, Callable[[Run], None]]] = {
    validation.PART: ("(a) validating one response", validation.measure),
    sign_ins.PART: ("(b) the whole request to the ACS", sign_ins.measure),
    pages.PART: ("(c) the pages around it", pages.measure),
    memory.PART: ("(d) memory of a worker", memory.measure),
    growth.PART: ("(e) the same in a database that is full", growth.measure),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", help="; ".join(f"{name}: {what}" for name, (what, _measure) in _PARTS.items())
    )
    parser.add_argument("--quick", action="store_true", help="fewer and smaller rounds, for a look")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds of each case (default: 5)")
    parser.add_argument(
        "--scale",
        type=float,
        default=1,
        help="growth: part of 100,000 companies, 1,000,000 members, 5,000,000 events",
    )
    asked = parser.parse_args()
    peers.install()
    run = Run(Figures(FOLDER / "figures.json"), asked.quick, asked.rounds, asked.scale)
    for name in asked.parts or _PARTS:
        run.figures.begin(name)
        _PARTS[name][1](run)
        run.figures.write()


if __name__ == "__main__":
    main()
