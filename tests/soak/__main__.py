"""`python -m tests.soak [--minutes 10]`: prints a report, and ends with 1 if something is not as it must be."""

# ruff: noqa: E402, T201 - Django is set up before its models can be imported; the report is printed.
from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from tests.own_postgres import own_postgres, programs
from tests.service.company_of_its_own import FILL, fill
from tests.service.own_app import ROOT, OwnApp
from tests.soak import faults
from tests.soak.counting import abandoned, broken, found_in, let_in
from tests.soak.visitors import OWNER, Visitors, statuses
from tests.words import PASSWORD

_FOLDER = ROOT / "var/soak"
_MORE = f"""
acme.seat_limit = 1000
acme.save()
User.objects.create_user({OWNER!r}, {PASSWORD!r}, organization=acme, role="owner")
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make soak", description="Load, faults, and a count of what came of it."
    )
    parser.add_argument("--minutes", type=float, default=10)
    seconds = parser.parse_args().minutes * 60
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir(parents=True)
    wrong = 0
    if programs():
        with own_postgres() as postgres:
            wrong += _soak("PostgreSQL", faults.ON_POSTGRESQL, seconds * 0.7, postgres.url, postgres=postgres)
    else:
        print("No PostgreSQL to start on this machine: left out.")
    with _small_disk() as (folder, is_small):
        file = folder / "soak.sqlite3"
        on_sqlite = [*faults.ON_SQLITE, *([faults.fill_the_disk] if is_small else [])]
        if not is_small:
            print("No disk of its own may be mounted here: the full disk is left out.")
        wrong += _soak("SQLite", on_sqlite, seconds * 0.3, f"sqlite:///{file}", sqlite=file)
    print("Everything is as it must be." if not wrong else f"{wrong} things are not as they must be.")
    return 1 if wrong else 0


def _soak(name: str, kinds: list[faults.Fault], seconds: float, url: str, **parts: object) -> int:
    apps = [OwnApp(url, _FOLDER, WEB_CONCURRENCY="2", WEB_THREADS="4", LOG_LEVEL="WARNING") for _ in range(2)]
    assert apps[0].manage("migrate", "-v", "0").returncode == 0
    fill(apps[0], FILL + _MORE)
    visitors = Visitors(apps)
    world = faults.World(apps, visitors, **parts)  # type: ignore[arg-type]
    print(f"\n{name}: {len(kinds)} faults, one after another")
    try:
        for app in apps:
            app.start()
            app.wait()
        visitors.start()
        try:
            for kind in kinds:
                _provoke(world, kind, seconds / len(kinds))
        finally:
            visitors.stop()
        found = found_in(apps[0])
    finally:
        for app in apps:
            app.stop()
    print(f"  answers by status (0: none came): {statuses(visitors.answers)}")
    print(
        f"  signed in {len(let_in(visitors.answers))}, used-up assertions {len(found.used)}, events {found.events},"
        f" sessions {len(found.sessions)}, refused {found.refused}"
    )
    print(f"  written, but the answer did not come: {abandoned(visitors.answers, found)}")
    wrong = list(broken(visitors.answers, found))
    for line in wrong:
        print(f"  WRONG: {line}")
    return len(wrong)


def _provoke(world: faults.World, kind: faults.Fault, seconds: float) -> None:
    """One fault, and load before and after it, for so long in all."""
    began, first = time.monotonic(), len(world.visitors.answers)
    time.sleep(min(2.0, seconds / 4))
    kind(world)
    over, after = time.monotonic(), len(world.visitors.answers)
    while not any(answer.status == 303 for answer in world.visitors.answers[after:]):
        assert time.monotonic() - over < 60, "nobody comes in any more"
        time.sleep(0.05)
    back = time.monotonic() - over
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    answers = world.visitors.answers[first:]
    counts = statuses(answers)
    away = sum(by_status.get(503, 0) for by_status in counts.values())
    none = sum(by_status.get(0, 0) for by_status in counts.values())
    slowest = max(answer.seconds for answer in answers)
    print(
        f"  {kind.__name__.replace('_', ' ')}: {len(answers)} answers, 503 {away}, none {none},"
        f" slowest {slowest:.1f} s, the next sign-in {back:.1f} s after it",
        flush=True,
    )


@contextmanager
def _small_disk() -> Iterator[tuple[Path, bool]]:
    """A folder on a disk of 32 MB in memory, if this machine lets us; and whether it did."""
    folder = _FOLDER / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    try:
        yield folder, mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", str(folder)], check=False)


if __name__ == "__main__":
    sys.exit(main())
