"""`python -m tests.causes.matrix`: each cause of a failed sign-in × who is told what, provoked anew and printed."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.causes.telling import Told

_WIDTH = 118


@contextmanager
def _database() -> Iterator[None]:
    """An empty database of its own, as the tests have."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment(debug=False)
    databases = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()


def _told(codes: list[str]) -> Iterator[Told]:
    from django.db import transaction

    from sso.refusals import Refusal
    from tests.causes.telling import tell

    for refusal in Refusal:
        if codes and refusal.value not in codes:
            continue
        with transaction.atomic():
            yield tell(refusal)
            transaction.set_rollback(True)


def rows(told: Told) -> list[tuple[str, str]]:
    """The cells of one cause: who, and the text shown."""
    facts = told.log_facts
    return [
        ("employee", f"{told.status or '–'} {told.employee}"),
        ("log entry", told.log),
        ("expected", facts.get("expected", "")),
        ("received", facts.get("received", "")),
        ("test page", told.test_row or told.test),
        ("sso_explain", told.explain),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("code", nargs="*", help="only these codes of sso/refusals/")
    codes = parser.parse_args().code
    count = 0
    with _database():
        for told in _told(codes):
            count += 1
            sys.stdout.write(f"\n{told.refusal.value}\n")
            for who, text in rows(told):
                if text:
                    lines = textwrap.wrap(" ".join(text.split()), _WIDTH - 15) or [""]
                    sys.stdout.write(f"  {who:<12} {lines[0]}\n")
                    sys.stdout.writelines(f"  {'':<12} {line}\n" for line in lines[1:])
    sys.stdout.write(f"\n{count} causes.\n")


if __name__ == "__main__":
    main()
