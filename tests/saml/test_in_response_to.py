"""InResponseTo, in both places: what starting again can mend is told apart from what it can't."""

from __future__ import annotations

import pytest

from sso.refusals import Check, Refusal
from sso.report_words.words import in_words
from sso.saml.report import CheckResult
from sso.saml.requests import may_be_ours, new_request_id
from sso.saml.types import UNSOLICITED, AnsweredRequest, RequestState
from tests.saml.examining import IDP, examined
from tests.saml.messages import Message

OURS, OTHER = "_" + "a" * 32, "_" + "b" * 32
MATCHED = AnsweredRequest(RequestState.MATCHED, OURS)
UNKNOWN = AnsweredRequest(RequestState.UNKNOWN)


def _found(request: AnsweredRequest, response: str | None, confirmation: str | None) -> CheckResult:
    message = Message(in_response_to=response, confirmed_in_response_to=confirmation)
    report = examined(IDP.response(message), request=request).report
    return next(row for row in report.results if row.check is Check.REQUEST)


@pytest.mark.parametrize(
    ("request_", "response", "confirmation"),
    [
        (MATCHED, OURS, OURS),
        (
            AnsweredRequest(RequestState.MATCHED, "asked-by-an-earlier-release"),
            *["asked-by-an-earlier-release"] * 2,
        ),
        *((UNSOLICITED, response, confirmation) for response in (None, "") for confirmation in (None, "")),
    ],
)
def test_both_places_name_the_open_request_or_neither_names_one(
    request_: AnsweredRequest, response: str | None, confirmation: str | None
) -> None:
    assert _found(request_, response, confirmation).refusal is None


@pytest.mark.parametrize(
    ("request_", "response", "confirmation", "refusal", "received"),
    [
        (
            MATCHED,
            OURS,
            None,
            Refusal.IN_RESPONSE_TO_MISSING,
            "no InResponseTo in the SubjectConfirmationData",
        ),
        (MATCHED, OURS, "", Refusal.IN_RESPONSE_TO_MISSING, "no InResponseTo in the SubjectConfirmationData"),
        (MATCHED, None, OURS, Refusal.IN_RESPONSE_TO_MISSING, "no InResponseTo in the Response"),
        (MATCHED, "", OURS, Refusal.IN_RESPONSE_TO_MISSING, "no InResponseTo in the Response"),
        (UNSOLICITED, None, OURS, Refusal.IN_RESPONSE_TO_MISSING, "no InResponseTo in the Response"),
        (MATCHED, OURS, "ONELOGIN_1", Refusal.REQUEST_NOT_OURS, "ONELOGIN_1"),
        (UNKNOWN, "_1", "_2", Refusal.REQUEST_NOT_OURS, "_1"),
        (UNSOLICITED, None, "_2", Refusal.REQUEST_NOT_OURS, "_2"),
        (MATCHED, OURS, OTHER, Refusal.UNKNOWN_REQUEST, f"{OURS}, {OTHER} (matched)"),
        (MATCHED, OTHER, OTHER, Refusal.UNKNOWN_REQUEST, f"{OTHER} (matched)"),
        (UNKNOWN, OTHER, None, Refusal.UNKNOWN_REQUEST, f"{OTHER}, no request (unknown)"),
        (UNKNOWN, OTHER, OTHER, Refusal.UNKNOWN_REQUEST, f"{OTHER} (unknown)"),
        (UNKNOWN, None, OTHER, Refusal.UNKNOWN_REQUEST, f"{OTHER}, no request (unknown)"),
        (MATCHED, None, None, Refusal.UNKNOWN_REQUEST, "no request (matched)"),
        (
            AnsweredRequest(RequestState.EXPIRED, OURS),
            OURS,
            None,
            Refusal.UNKNOWN_REQUEST,
            f"{OURS}, no request (expired)",
        ),
    ],
)
def test_anything_else_is_refused_and_told_as_it_came(
    request_: AnsweredRequest, response: str | None, confirmation: str | None, refusal: Refusal, received: str
) -> None:
    found = _found(request_, response, confirmation)
    assert (found.refusal, in_words(found.received)) == (refusal, received)


def test_what_is_missing_is_expected_by_its_name() -> None:
    assert in_words(_found(MATCHED, OURS, None).expected) == (
        f"InResponseTo {OURS} in the Response and in the SubjectConfirmationData"
    )
    assert in_words(_found(UNKNOWN, "x", "x").expected) == "a request of JustCall, or no InResponseTo"
    assert in_words(_found(UNKNOWN, OTHER, OTHER).expected) == "a request that is still open"
    assert in_words(_found(MATCHED, OTHER, OTHER).expected) == OURS


def test_another_browser_is_what_is_wrong_whatever_else_is() -> None:
    there = AnsweredRequest(RequestState.OTHER_BROWSER, OURS)
    for confirmation in (OURS, None, "x"):
        assert _found(there, OURS, confirmation).refusal is Refusal.OTHER_BROWSER


def test_our_own_requests_look_like_ours() -> None:
    assert may_be_ours(new_request_id())
    digits = "0123456789abcdef" * 2
    for foreign in (
        digits,
        f"_{digits}0",
        f"_{digits[1:]}",
        f"_{digits.upper()}",
        f"_{digits[1:]}g",
        f"_{digits}\n",
    ):
        assert not may_be_ours(foreign)
