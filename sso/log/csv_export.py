"""The sign-in log as CSV that a spreadsheet can open without running formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from sso.log.lines import SignInLine

# A spreadsheet takes 1,048,576 rows at most. Whoever has more shall filter.
MOST_ROWS = 100_000
# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file whose `write` returns what was written."""

    def write(self, text: str) -> str:
        return text


def csv_rows(lines: Iterable[SignInLine]) -> Iterator[str]:
    """The heading and the rows, one at a time. After MOST_ROWS, a last row says that more were left out."""
    writer = csv.writer(_Echo())

    def row(*cells: str) -> str:
        return str(writer.writerow([_harmless(cell) for cell in cells]))

    # The byte order mark: without it, spreadsheets do not read the file as UTF-8.
    yield "\ufeff" + row(
        _("Time (UTC)"), _("Person"), _("Result"), _("Started at"), _("Reason"), _("Code"), _("Reference")
    )
    for number, line in enumerate(lines):
        if number == MOST_ROWS:
            yield row(_("Not complete: a file has %d rows at most. Filter by days for the rest.") % MOST_ROWS)
            return
        at = f"{line.at:%Y-%m-%d %H:%M:%S}"
        yield row(
            at, line.person or line.presumed, line.badge, line.flow, line.title, line.reason, line.reference
        )


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
