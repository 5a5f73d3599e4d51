"""`make test-hostile`: posts the whole corpus to a real ACS URL and says what came of it, class by class.

Runs on SQLite, or on what DATABASE_URL names. Exits with 1 if anything is off.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Row:
    """One class of the table."""

    cases: int = 0
    right: int = 0
    let_in: int = 0
    faults: int = 0
    seconds: float = 0.0
    off: list[str] = field(default_factory=list)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.db import connection, transaction
    from django.test.utils import setup_test_environment, teardown_test_environment

    from tests.saml.corpus.case import all_cases
    from tests.saml.corpus.delivery import deliver

    logging.disable(logging.CRITICAL)
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    rows: dict[str, Row] = {}
    try:
        for case in all_cases():
            began = time.perf_counter()
            with transaction.atomic():
                delivered = deliver(case)
                right = delivered.is_right(case)
                transaction.set_rollback(True)
            row = rows.setdefault(case.kind, Row())
            row.seconds += time.perf_counter() - began
            row.cases += 1
            row.right += right
            row.faults += delivered.status >= 500
            row.let_in += delivered.user is not None and not case.is_good
            if not right:
                row.off.append(f"{case.path}: answered {delivered.status} {delivered.refused or 'signed in'}")
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
        teardown_test_environment()
    return _print(rows)


def _print(rows: dict[str, Row]) -> int:
    from tests.saml.corpus.kinds import KINDS

    honest = rows.pop("honest", Row())
    hostile = Counter[str]()
    width = max(len(kind) for kind in KINDS)
    print(f"{'class':{width}}  cases  refused  wrongly accepted  500s   time")
    for kind in KINDS:
        row = rows.get(kind, Row())
        hostile.update(cases=row.cases, right=row.right, let_in=row.let_in, faults=row.faults)
        print(
            f"{kind:{width}}  {row.cases:5}  {row.right:7}  {row.let_in:16}  {row.faults:4}  {row.seconds:4.1f}s"
        )
    seconds = sum(row.seconds for row in rows.values())
    print(
        f"{'all hostile':{width}}  {hostile['cases']:5}  {hostile['right']:7}  {hostile['let_in']:16}"
        f"  {hostile['faults']:4}  {seconds:4.1f}s"
    )
    print(f"\n{'honest':{width}}  cases  accepted as their person      500s   time")
    print(
        f"{'all honest':{width}}  {honest.cases:5}  {honest.right:25}  {honest.faults:4}  {honest.seconds:4.1f}s\n"
    )
    off = [line for row in (*rows.values(), honest) for line in row.off]
    for line in off:
        print(f"OFF: {line}")
    if off or not honest.cases or not hostile["cases"]:
        print(f"Something is wrong: {len(off)} messages were not answered as they must be.")
        return 1
    print(
        f"All {hostile['cases']} hostile messages were refused with their own code and changed nothing; "
        f"all {honest.cases} honest ones signed in exactly the person they name."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
