"""The check report: one result for each check. The test page shows it, and the log stores it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sso.phrases import Text, clipped, from_json, to_json
from sso.refusals import CATALOGUE, Check, Refusal, Refused

# The text may come from a stranger, and reports are stored. This is enough to recognise a value by.
_MAX_LENGTH = 1000


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    WARNING = "warning"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found. `expected` and `received` are for the admin."""

    check: Check
    outcome: Outcome
    refusal: Refusal | None = None
    expected: Text = ""
    received: Text = ""

    def as_dict(self) -> dict[str, Any]:
        """As it is stored in a sign-in event."""
        return {
            "check": self.check.value,
            "outcome": self.outcome.value,
            "refusal": self.refusal.value if self.refusal else "",
            "expected": to_json(self.expected),
            "received": to_json(self.received),
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> CheckResult:
        """The inverse of `as_dict`."""
        return cls(
            check=Check(stored["check"]),
            outcome=Outcome(stored["outcome"]),
            refusal=Refusal(stored["refusal"]) if stored["refusal"] else None,
            expected=from_json(stored["expected"]),
            received=from_json(stored["received"]),
        )


def passed(check: Check, received: Text = "", *, expected: Text = "") -> CheckResult:
    return _result(check, Outcome.PASSED, None, expected, received)


def failed(
    refusal: Refusal, *, expected: Text = "", received: Text = "", at: Check | None = None
) -> CheckResult:
    """The failure of the check that the refusal belongs to, or of another one."""
    return _result(at or CATALOGUE[refusal].check, Outcome.FAILED, refusal, expected, received)


def refused_by(refused: Refused) -> CheckResult:
    """The failure that an exception tells of."""
    return failed(refused.refusal, expected=refused.expected, received=refused.received)


def warning(refusal: Refusal, *, expected: Text = "", received: Text = "") -> CheckResult:
    return _result(CATALOGUE[refusal].check, Outcome.WARNING, refusal, expected, received)


def hint(refusal: Refusal, *, expected: Text = "", received: Text = "") -> CheckResult:
    """A check that was not reached and would fail, read from content that is not trusted."""
    return _result(CATALOGUE[refusal].check, Outcome.NOT_REACHED, refusal, expected, received)


def _result(
    check: Check, outcome: Outcome, refusal: Refusal | None, expected: Text, received: Text
) -> CheckResult:
    return CheckResult(
        check, outcome, refusal, clipped(expected, _MAX_LENGTH), clipped(received, _MAX_LENGTH)
    )


@dataclass(frozen=True, slots=True)
class CheckReport:
    """One result for each check, in the order of `Check`."""

    results: tuple[CheckResult, ...]

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        return tuple(result for result in self.results if result.outcome is Outcome.FAILED)

    @property
    def is_signed(self) -> bool:
        """Whether a signature of a trusted key verified: what else it says may be believed."""
        return any(
            result.check is Check.SIGNATURE and result.outcome is Outcome.PASSED for result in self.results
        )

    @property
    def passed(self) -> bool:
        """Whether every check was reached and none failed."""
        return not any(result.outcome in (Outcome.FAILED, Outcome.NOT_REACHED) for result in self.results)

    def with_results(self, *more: CheckResult) -> CheckReport:
        """This report with further results. A new result replaces an old one of the same check."""
        return complete((*self.results, *more))

    def with_refusal(self, refused: Refused) -> CheckReport:
        """This report with a refusal that was decided after the checks, unless a check has already failed."""
        if self.failures:
            return self
        return self.with_results(refused_by(refused))

    def as_list(self) -> list[dict[str, Any]]:
        return [result.as_dict() for result in self.results]

    @classmethod
    def from_list(cls, stored: list[dict[str, Any]]) -> CheckReport:
        return cls(tuple(CheckResult.from_dict(row) for row in stored))


def complete(results: tuple[CheckResult, ...]) -> CheckReport:
    """A report of these results: the last one of each check, or "not reached" if there is none."""
    by_check = {result.check: result for result in results}
    return CheckReport(
        tuple(by_check.get(check) or CheckResult(check, Outcome.NOT_REACHED) for check in Check)
    )
