"""`python -m tests.bench`: how fast it is, beside what is possible and beside others. Never a test."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from tests.bench import growth, memory, pages, peers, profiling, report, sign_ins, validation
from tests.bench.about import about
from tests.bench.databases import FOLDER, Database
from tests.bench.figures import Figures
from tests.bench.filling import fill
from tests.bench.run import Run
from tests.bench.sizes import Sizes

# What main was before the work on speed began.
_BEFORE = Path(__file__).with_name("before.json")


def main() -> None:
    asked = _parser().parse_args()
    run = Run(
        Figures(FOLDER / "figures.json"), asked.quick, asked.rounds, Sizes.scaled(asked.scale), asked.events
    )
    if asked.what == "fill":
        fill(Database("PostgreSQL", asked.database_url), run.sizes, run)
    elif asked.what == "profile":
        profiling.measure(run)
    elif asked.what == "report":
        report.write(run.figures, Figures(_BEFORE))
    else:
        peers.install()
        for name in [asked.what] if asked.what in _PARTS else _PARTS:
            _measure(name, run)


def _measure(name: str, run: Run) -> None:
    run.console.rule(f"{name}: {_PARTS[name][0]}")
    run.figures.begin(name, about())
    _PARTS[name][1](run)
    run.figures.write()


def _log(run: Run) -> None:
    # Sets Django up for a database of its own, so it is loaded only when it is asked for.
    from tests.bench.log_pages import measure

    measure(run, run.events)


_PARTS: dict[str, tuple[str, Callable[[Run], None]]] = {
    validation.PART: ("(a) validating one response, without HTTP and database", validation.measure),
    sign_ins.PART: ("(b) whole sign-ins, on SQLite and PostgreSQL, 1, 8 and 32 at once", sign_ins.measure),
    pages.PART: ("(c) start, password, settings, overview and log", pages.measure),
    memory.PART: ("(d) memory of a worker", memory.measure),
    growth.PART: ("(e) sign-ins in a full database beside an empty one, on PostgreSQL", growth.measure),
    "log": ("pages of the sign-in log with a million sign-ins beside a thousand", _log),
}


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--quick", action="store_true", help="fewer and smaller rounds, for a look")
    common.add_argument("--rounds", type=int, default=5, help="interleaved rounds of each case (default: 5)")
    common.add_argument(
        "--scale",
        type=float,
        default=1,
        help="how full: part of 100,000 companies, 1,000,000 members and 5,000,000 events (default: 1)",
    )
    common.add_argument(
        "--events", type=int, default=1_000_000, help="sign-ins in the log (default: 1,000,000)"
    )
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    chosen = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    chosen.add_parser("all", parents=[common], help="every part; figures go to var/bench/figures.json")
    for name, (what, _measured) in _PARTS.items():
        chosen.add_parser(name, parents=[common], help=what)
    filling = chosen.add_parser(
        "fill", parents=[common], help="fill a PostgreSQL database that has a connection"
    )
    filling.add_argument("database_url", metavar="DATABASE_URL")
    chosen.add_parser("profile", parents=[common], help="what a known person's sign-in spends its time on")
    chosen.add_parser("report", parents=[common], help="write docs/benchmarks.md from the figures")
    return parser


if __name__ == "__main__":
    main()
