"""A check report for a terminal, as aligned lines or as JSON. NameIDs are shortened."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sso.guides import Fix
from sso.phrases import Text, with_name_ids
from sso.refusals import Check, Refusal
from sso.report_words.rows import Row
from sso.saml.redaction import shorten
from sso.saml.report import CheckReport, CheckResult, Outcome
from sso.troubleshooting.diagnosis import Facts

_MARKS = {
    Outcome.PASSED.value: "ok",
    Outcome.FAILED.value: "FAIL",
    Outcome.WARNING.value: "warn",
    Outcome.NOT_REACHED.value: "-",
}
_LABEL = 36
_INDENT = 6


def redacted(report: CheckReport) -> CheckReport:
    """The report with NameIDs shortened: what a terminal shows ends in tickets and logs."""
    return CheckReport(tuple(_redacted(result) for result in report.results))


def _redacted(result: CheckResult) -> CheckResult:
    return replace(
        result,
        expected=_without_name_ids(result, result.expected),
        received=_without_name_ids(result, result.received),
    )


def _without_name_ids(result: CheckResult, text: Text) -> Text:
    if not isinstance(text, str):
        return with_name_ids(text, shorten)
    # Plain values, and words that an earlier release stored.
    if result.check is Check.NAME_ID:
        value, bracket, name_format = text.rpartition(" (")
        return f"{shorten(value)}{bracket}{name_format}"
    if result.refusal is Refusal.LINK_MOVED:
        return shorten(text)
    return re.sub(r"\bNameID ([^\s,]+)", lambda found: f"NameID {shorten(found[1])}", text)


def fact_lines(facts: Facts, width: int) -> Iterator[str]:
    """Labels and texts in two columns."""
    column = max(len(label) for label, _text in facts) + 2
    for label, text in facts:
        yield from _wrapped(text, f"{label:<{column}}", column, width)


def check_lines(rows: list[Row], width: int) -> Iterator[str]:
    """One line for each check; below a failure or warning, what is wrong and the cure."""
    for row in rows:
        mark = f"{_MARKS[row.outcome]:<{_INDENT}}"
        told = row.title or row.received or row.note
        yield from _wrapped(told, f"{mark}{row.label:<{_LABEL}}", _INDENT + _LABEL, width)
        if row.title:
            yield from _cause(row, width)


def _cause(row: Row, width: int) -> Iterator[str]:
    yield from _detail("", row.sentence, width)
    yield from _detail("expected", row.expected, width)
    yield from _detail("received", row.received, width)
    for difference in row.differences:
        yield from _detail("", difference, width)
    if row.fix is not None:
        yield from fix_lines(row.fix, width)


def fix_lines(fix: Fix, width: int) -> Iterator[str]:
    """The cure: in which system and menu, and what to do there."""
    where = f"{fix.system}: {fix.menu_path}" if fix.system and fix.menu_path else fix.system
    yield from _detail("fix", where or fix.instruction, width)
    if fix.copied_from:
        yield from _detail("from", fix.copied_from, width)
    if where:
        yield from _detail("", fix.instruction, width)


def _detail(label: str, text: str, width: int) -> Iterator[str]:
    column = _INDENT + 10
    for number, line in enumerate(text.splitlines()):
        head = f"{'':<{_INDENT}}{label if number == 0 else '':<10}"
        yield from _wrapped(line, head, column, width)


def _wrapped(text: str, head: str, column: int, width: int) -> Iterator[str]:
    # A URL stays in one piece, so that it can be copied. A terminal would obey control characters.
    visible = "".join(char if char.isprintable() else "�" for char in text.replace("\n", " "))
    lines = textwrap.wrap(visible, width - column, break_long_words=False, break_on_hyphens=False) or [""]
    yield (head + lines[0]).rstrip()
    for line in lines[1:]:
        yield " " * column + line


def as_json(rows: list[Row]) -> list[dict[str, Any]]:
    """The checks as data: codes and their words."""
    return [
        {
            "check": row.check,
            "label": row.label,
            "outcome": row.outcome,
            "refusal": row.refusal or None,
            "title": row.title,
            "expected": row.expected,
            "received": row.received,
            "differences": list(row.differences),
            "fix": fix_as_json(row.fix),
        }
        for row in rows
    ]


def fix_as_json(fix: Fix | None) -> dict[str, str] | None:
    if fix is None:
        return None
    return {
        "system": fix.system,
        "menu_path": fix.menu_path,
        "copied_from": fix.copied_from,
        "instruction": fix.instruction,
    }
