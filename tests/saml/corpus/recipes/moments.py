"""Validly signed by our identity provider, and not now, not confirmed, or no answer to a request of ours."""

from __future__ import annotations

import re
from typing import Any

from sso.refusals import Refusal
from tests.saml.corpus.case import Connection, Request
from tests.saml.corpus.kinds import CONFIRMATION, REQUEST, TIME
from tests.saml.corpus.recipe import Recipe, bad, swap

_CM = "urn:oasis:names:tc:SAML:2.0:cm:"


def _time(refusal: Refusal, variant: str, why: str, **says: Any) -> Recipe:
    return bad(refusal, variant, TIME, why, says=says)


def _confirmation(refusal: Refusal, variant: str, why: str, **how: Any) -> Recipe:
    return bad(refusal, variant, CONFIRMATION, why, **how)


def _request(refusal: Refusal, variant: str, why: str, **how: Any) -> Recipe:
    return bad(refusal, variant, REQUEST, why, **how)


def _without_data(text: str) -> str:
    return re.sub(r"<saml:SubjectConfirmationData[^>]*/>", "", text)


def _without_subject(text: str) -> str:
    return re.sub(r"<saml:Subject>.*</saml:Subject>", "", text)


def _without_confirmation(text: str) -> str:
    return re.sub(r"<saml:SubjectConfirmation .*</saml:SubjectConfirmation>", "", text)


RECIPES = (
    _time(Refusal.EXPIRED, "conditions", "Conditions over for two minutes.", not_on_or_after="-2"),
    _time(
        Refusal.EXPIRED,
        "conditions_exactly_at_the_skew",
        "Over for exactly 60 seconds.",
        not_on_or_after="-1",
    ),
    _time(Refusal.EXPIRED, "confirmation", "The confirmation is over.", confirmed_until="-2"),
    _time(
        Refusal.EXPIRED,
        "confirmation_exactly_at_the_skew",
        "The confirmation over for exactly 60 seconds.",
        confirmed_until="-1",
    ),
    _time(Refusal.EXPIRED, "session", "The session is over.", session_until="-2"),
    _time(
        Refusal.EXPIRED,
        "session_over_now",
        "The session over this very second: one of ours would end as it begins.",
        session_until="2026-03-12T09:00:00Z",
    ),
    _time(
        Refusal.EXPIRED,
        "a_year_old",
        "A year old.",
        not_before="-525606",
        not_on_or_after="-525600",
        confirmed_until="-525600",
    ),
    _time(Refusal.EXPIRED, "no_time", "A word where a time should be.", not_on_or_after="soon"),
    _time(
        Refusal.EXPIRED,
        "no_such_day",
        "A day the calendar does not have.",
        not_on_or_after="2026-02-31T00:00:00Z",
    ),
    _time(Refusal.EXPIRED, "without_zone", "A time of no zone.", not_on_or_after="2026-03-12T09:03:00"),
    _time(
        Refusal.EXPIRED,
        "another_zone",
        "A time of another zone: SAML knows UTC alone.",
        not_on_or_after="2026-03-12T11:03:00+02:00",
    ),
    _time(Refusal.EXPIRED, "end_of_time", "The end of the calendar.", confirmed_until="9999-12-31T23:59:59Z"),
    _time(Refusal.EXPIRED, "empty_time", "An empty time.", not_on_or_after=" "),
    _time(
        Refusal.EXPIRED,
        "other_digits",
        "Digits of another script.",
        confirmed_until="２０２６-03-12T09:03:00Z",
    ),
    _time(Refusal.NOT_YET_VALID, "two_minutes_early", "Valid in two minutes.", not_before="+2"),
    _time(
        Refusal.NOT_YET_VALID, "61_seconds_early", "Valid in 61 seconds.", not_before="2026-03-12T09:01:01Z"
    ),
    bad(
        Refusal.NOT_YET_VALID,
        "confirmation_early",
        TIME,
        "A confirmation that begins in ten minutes.",
        edit=swap(
            "<saml:SubjectConfirmationData ",
            '<saml:SubjectConfirmationData NotBefore="2026-03-12T09:10:00Z" ',
        ),
    ),
    _confirmation(
        Refusal.NOT_CONFIRMED, "holder_of_key", "Holder of key alone.", says={"method": f"{_CM}holder-of-key"}
    ),
    _confirmation(
        Refusal.NOT_CONFIRMED,
        "sender_vouches",
        "Sender vouches alone.",
        says={"method": f"{_CM}sender-vouches"},
    ),
    _confirmation(
        Refusal.NOT_CONFIRMED, "unknown_method", "A method nobody knows.", says={"method": "urn:x"}
    ),
    _confirmation(Refusal.NOT_CONFIRMED, "empty_method", "No method.", says={"method": ""}),
    _confirmation(
        Refusal.NOT_CONFIRMED, "no_end", "A confirmation without end.", says={"confirmed_until": None}
    ),
    _confirmation(
        Refusal.NOT_CONFIRMED, "no_data", "A bearer confirmation without data.", edit=_without_data
    ),
    _confirmation(
        Refusal.NOT_CONFIRMED,
        "no_confirmation",
        "A Subject without confirmation.",
        edit=_without_confirmation,
    ),
    _confirmation(
        Refusal.NOT_CONFIRMED,
        "no_subject",
        "An assertion without Subject.",
        edit=_without_subject,
        also=(Refusal.NAME_ID_MISSING,),
    ),
    _confirmation(Refusal.NOT_AUTHENTICATED, "no_statement", "No AuthnStatement.", says={"authn": False}),
    _confirmation(
        Refusal.NOT_AUTHENTICATED,
        "no_statement_response_signed",
        "No AuthnStatement under a signed Response.",
        says={"authn": False},
        sign="response",
    ),
    _request(
        Refusal.UNKNOWN_REQUEST, "never_sent", "A request nobody sent.", says={"in_response_to": "_never"}
    ),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "never_sent_response_signed",
        "The same, the Response signed.",
        says={"in_response_to": "_never"},
        sign="response",
    ),
    _request(
        Refusal.UNKNOWN_REQUEST, "expired", "A request that has expired.", request=Request(state="expired")
    ),
    _request(
        Refusal.UNKNOWN_REQUEST, "answered", "A request that was answered.", request=Request(state="answered")
    ),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "of_another_connection",
        "A request of another connection.",
        request=Request(state="other_connection"),
    ),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "another_one",
        "Another request than the one that is open.",
        request=Request(),
        says={"in_response_to": "_other"},
    ),
    _request(Refusal.UNKNOWN_REQUEST, "empty", "InResponseTo without a value.", says={"in_response_to": ""}),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "overlong",
        "A very long InResponseTo.",
        says={"in_response_to": "_" + "a" * 5000},
    ),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "only_in_the_response",
        "The unsigned Response answers our request, the assertion answers none.",
        request=Request(),
        says={"confirmed_in_response_to": None},
    ),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "only_in_the_confirmation",
        "The assertion answers a request, the Response none.",
        says={"confirmed_in_response_to": "_asked"},
    ),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "two_different_ones",
        "Response and confirmation answer two requests.",
        request=Request(),
        says={"confirmed_in_response_to": "_other"},
    ),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "tile_assertion_in_an_answer",
        "An unsigned Response that answers our request, around an assertion from the tile.",
        request=Request(),
        says={"confirmed_in_response_to": None},
        connection=Connection(allow_tile=False),
    ),
    _request(
        Refusal.OTHER_BROWSER,
        "request_of_another_browser",
        "A stolen response in another browser.",
        request=Request(state="other_browser"),
    ),
    _request(
        Refusal.OTHER_BROWSER,
        "request_of_another_browser_both_signed",
        "The same with both signed.",
        request=Request(state="other_browser"),
        sign="both",
    ),
    _request(
        Refusal.TILE_NOT_ALLOWED,
        "unsolicited",
        "From the tile, which is off.",
        connection=Connection(allow_tile=False),
    ),
    _request(
        Refusal.TILE_NOT_ALLOWED,
        "unsolicited_while_a_request_is_open",
        "From the tile, which is off, while a request is open.",
        request=Request(),
        says={"in_response_to": None},
        connection=Connection(allow_tile=False),
        sign="both",
    ),
)
