"""Where a test stands, and the report of a finished one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sso.models import ConnectionTest
from sso.saml.report import CheckReport


class TrialState(StrEnum):
    """Where a test stands."""

    WAITING = "waiting"
    LATE = "late"
    PASSED = "passed"
    FAILED = "failed"


def state_of_test(test: ConnectionTest, now: datetime) -> TrialState:
    """Waiting, late after five minutes, or finished one way or the other."""
    if test.finished_at is not None:
        return TrialState.PASSED if test.passed else TrialState.FAILED
    return TrialState.LATE if now - test.started_at > ConnectionTest.PATIENCE else TrialState.WAITING


def report_of_test(test: ConnectionTest) -> CheckReport | None:
    """The report of a finished test."""
    return CheckReport.from_list(test.event.checks) if test.event else None
