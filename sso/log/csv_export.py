"""The sign-in log as CSV, a line at a time, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from sso.log.lines import SignInLine

# A spreadsheet's own limit is 1,048,576; what is longer is a case for the filters.
MOST_ROWS = 100_000
# A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, text: str) -> str:
        return text


def csv_rows(lines: Iterable[SignInLine]) -> Iterator[str]:
    """The rows with their heading; at most MOST_ROWS, and then one that says so."""
    writer = csv.writer(_Echo())

    def row(*cells: str) -> str:
        return str(writer.writerow([_harmless(cell) for cell in cells]))

    # With this mark, spreadsheets read the file as UTF-8.
    yield "\ufeff" + row(
        _("Time (UTC)"), _("Person"), _("Result"), _("Started at"), _("Reason"), _("Code"), _("Reference")
    )
    for number, line in enumerate(lines):
        if number == MOST_ROWS:
            yield row(_("Not complete: a file has %d rows at most. Filter by days for the rest.") % MOST_ROWS)
            return
        at = f"{line.at:%Y-%m-%d %H:%M:%S}"
        yield row(at, line.person, line.badge, line.flow, line.title, line.reason, line.reference)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
