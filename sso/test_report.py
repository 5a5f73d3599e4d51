"""A check report in words: what the test page and the log show, with the cure from the connection's guide."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from sso.guides import Fix, fix_for
from sso.refusals import CATALOGUE
from sso.saml.report import CheckReport, CheckResult, Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """One check as an admin reads it."""

    check: str
    label: str
    outcome: str
    title: str
    sentence: str
    expected: str
    received: str
    fix: Fix | None


def rows_of(report: CheckReport, guide: str) -> list[Row]:
    """The rows of a report, in reading order."""
    return [_row(result, guide) for result in report.results]


def _row(result: CheckResult, guide: str) -> Row:
    entry = CATALOGUE[result.refusal] if result.refusal else None
    return Row(
        check=result.check.value,
        label=gettext(result.check.label),
        outcome=result.outcome.value,
        title=gettext(entry.title) if entry else "",
        sentence=gettext(entry.sentence) if entry else "",
        expected=result.expected,
        received=result.received,
        fix=fix_for(guide, result.refusal) if result.refusal else None,
    )


def summary_of(report: CheckReport) -> str:
    """One line, such as "11 of 13 checks passed. 2 things to change."."""
    good = sum(result.outcome in (Outcome.PASSED, Outcome.WARNING) for result in report.results)
    failures = len(report.failures)
    passed = gettext("%(good)d of %(all)d checks passed.") % {"good": good, "all": len(report.results)}
    if not failures:
        return passed
    change = ngettext("%d thing to change.", "%d things to change.", failures) % failures
    return f"{passed} {change}"
