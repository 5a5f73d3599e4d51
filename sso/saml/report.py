"""The check report: what the test page shows, the log keeps and the decision rests on. One entry a check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sso.phrases import gettext_noop
from sso.refusals import Refusal, Refused


class Check(StrEnum):
    """The checks, in the order a person reads them."""

    RESPONSE = "response"
    STATUS = "status"
    SIGNATURE = "signature"
    CERTIFICATE = "certificate"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    DESTINATION = "destination"
    RECIPIENT = "recipient"
    TIME = "time"
    REQUEST = "request"
    AUTHENTICATION = "authentication"
    NAME_ID = "name_id"
    EMAIL = "email"
    NAMES = "names"
    SECOND_LOCK = "second_lock"
    DOMAIN = "domain"
    MEMBER = "member"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Check.RESPONSE: gettext_noop("A response arrived"),
    Check.STATUS: gettext_noop("The identity provider said success"),
    Check.SIGNATURE: gettext_noop("Signature"),
    Check.CERTIFICATE: gettext_noop("Certificate"),
    Check.ISSUER: gettext_noop("Issuer"),
    Check.AUDIENCE: gettext_noop("Audience"),
    Check.DESTINATION: gettext_noop("Destination"),
    Check.RECIPIENT: gettext_noop("Recipient"),
    Check.TIME: gettext_noop("Time"),
    Check.REQUEST: gettext_noop("Matches the request"),
    Check.AUTHENTICATION: gettext_noop("The person was authenticated"),
    Check.NAME_ID: gettext_noop("NameID"),
    Check.EMAIL: gettext_noop("Email"),
    Check.NAMES: gettext_noop("First and last name"),
    Check.SECOND_LOCK: gettext_noop("Second, independent validation"),
    Check.DOMAIN: gettext_noop("Verified domain"),
    Check.MEMBER: gettext_noop("Who would sign in"),
}


# What arrived is a stranger's text, and a report is kept: no value needs more to be recognised.
_MAX_LENGTH = 1000


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    WARNING = "warning"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found. `expected` and `received` are texts for the admin."""

    check: Check
    outcome: Outcome
    refusal: Refusal | None = None
    expected: str = ""
    received: str = ""

    def as_dict(self) -> dict[str, str]:
        """As it is stored in a sign-in event."""
        return {
            "check": self.check.value,
            "outcome": self.outcome.value,
            "refusal": self.refusal.value if self.refusal else "",
            "expected": self.expected,
            "received": self.received,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, str]) -> CheckResult:
        """The inverse of `as_dict`."""
        return cls(
            check=Check(stored["check"]),
            outcome=Outcome(stored["outcome"]),
            refusal=Refusal(stored["refusal"]) if stored["refusal"] else None,
            expected=stored["expected"],
            received=stored["received"],
        )


def passed(check: Check, received: str = "", *, expected: str = "") -> CheckResult:
    return _result(check, Outcome.PASSED, None, expected, received)


def failed(check: Check, refusal: Refusal, *, expected: str = "", received: str = "") -> CheckResult:
    return _result(check, Outcome.FAILED, refusal, expected, received)


def warning(check: Check, refusal: Refusal, *, expected: str = "", received: str = "") -> CheckResult:
    return _result(check, Outcome.WARNING, refusal, expected, received)


def _result(
    check: Check, outcome: Outcome, refusal: Refusal | None, expected: str, received: str
) -> CheckResult:
    return CheckResult(check, outcome, refusal, expected[:_MAX_LENGTH], received[:_MAX_LENGTH])


def hint(check: Check, refusal: Refusal, *, expected: str = "", received: str = "") -> CheckResult:
    """Not reached, and unlikely to pass: from content that nobody vouches for. It decides nothing."""
    return _result(check, Outcome.NOT_REACHED, refusal, expected, received)


_DECIDED_AT = {
    Refusal.UNKNOWN_DOMAIN: Check.DOMAIN,
    Refusal.DOMAIN_NOT_VERIFIED: Check.DOMAIN,
    Refusal.REPLAYED: Check.REQUEST,
    Refusal.UNKNOWN_REQUEST: Check.REQUEST,
}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All results, in the order of `Check`; checks without a result count as not reached."""

    results: tuple[CheckResult, ...]

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        return tuple(result for result in self.results if result.outcome is Outcome.FAILED)

    @property
    def passed(self) -> bool:
        """Whether nothing failed and nothing that decides was left out."""
        return not any(result.outcome in (Outcome.FAILED, Outcome.NOT_REACHED) for result in self.results)

    def with_results(self, *more: CheckResult) -> CheckReport:
        """This report with further results, put in their places."""
        return complete((*self.results, *more))

    def with_refusal(self, refused: Refused) -> CheckReport:
        """This report with a refusal that was decided after the checks, unless a check has already failed."""
        if self.failures:
            return self
        at = _DECIDED_AT.get(refused.refusal, Check.MEMBER)
        return self.with_results(
            failed(at, refused.refusal, expected=refused.expected, received=refused.received)
        )

    def as_list(self) -> list[dict[str, str]]:
        return [result.as_dict() for result in self.results]

    @classmethod
    def from_list(cls, stored: list[dict[str, str]]) -> CheckReport:
        return cls(tuple(CheckResult.from_dict(row) for row in stored))


def complete(results: tuple[CheckResult, ...]) -> CheckReport:
    """A report in reading order: of two results for one check the last, for a check without any "not reached"."""
    by_check = {result.check: result for result in results}
    return CheckReport(
        tuple(by_check.get(check) or CheckResult(check, Outcome.NOT_REACHED) for check in Check)
    )
