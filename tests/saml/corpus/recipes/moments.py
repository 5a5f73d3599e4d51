"""Validly signed by our identity provider, and not now, not confirmed, or no answer to a request of ours."""

from __future__ import annotations

import re
from typing import Any

from sso.refusals import Refusal
from tests.saml.corpus.case import Connection, Request
from tests.saml.corpus.kinds import CONFIRMATION, REQUEST, TIME
from tests.saml.corpus.recipe import Edit, Recipe, bad, swap
from tests.saml.messages import ACS_URL

# It has the form of a request of ours.
_NEVER_SENT = "_0123456789abcdef0123456789abcdef"
_OTHER = "https://other.example/"
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


_IN_TIME = 'NotOnOrAfter="2026-03-12T09:03:00Z"'
_OVER = 'NotOnOrAfter="2026-03-12T08:58:00Z"'


def bearer(data: str) -> str:
    return (
        f'<saml:SubjectConfirmation Method="{_CM}bearer"><saml:SubjectConfirmationData {data}/>'
        "</saml:SubjectConfirmation>"
    )


def confirmed_by(*confirmations: str) -> Edit:
    """These confirmations in place of the one there is."""

    def edit(text: str) -> str:
        before, rest = text.split("<saml:SubjectConfirmation ", 1)
        return before + "".join(confirmations) + rest.rpartition("</saml:SubjectConfirmation>")[2]

    return edit


def _several(refusal: Refusal, variant: str, why: str, *confirmations: str, **how: Any) -> Recipe:
    return bad(refusal, variant, CONFIRMATION, why, edit=confirmed_by(*confirmations), **how)


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
    _time(Refusal.SESSION_OVER, "session", "The session is over.", session_until="-2"),
    _time(
        Refusal.SESSION_OVER,
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
    _time(Refusal.TIME_NOT_UTC, "no_time", "A word where a time should be.", not_on_or_after="soon"),
    _time(
        Refusal.TIME_NOT_UTC,
        "no_such_day",
        "A day the calendar does not have.",
        not_on_or_after="2026-02-31T00:00:00Z",
    ),
    _time(Refusal.TIME_NOT_UTC, "without_zone", "A time of no zone.", not_on_or_after="2026-03-12T09:03:00"),
    _time(
        Refusal.TIME_NOT_UTC,
        "another_zone",
        "A time of another zone: SAML knows UTC alone.",
        not_on_or_after="2026-03-12T11:03:00+02:00",
    ),
    _time(
        Refusal.TIME_NOT_UTC,
        "end_of_time",
        "The end of the calendar.",
        confirmed_until="9999-12-31T23:59:59Z",
    ),
    _time(Refusal.TIME_NOT_UTC, "empty_time", "An empty time.", not_on_or_after=" "),
    _time(
        Refusal.TIME_NOT_UTC,
        "other_digits",
        "Digits of another script.",
        confirmed_until="２０２６-03-12T09:03:00Z",
    ),
    _time(
        Refusal.TIME_NOT_UTC,
        "zone_behind_a_z",
        "A Z and a zone: two answers to one question.",
        not_on_or_after="2026-03-12T09:03:00Z+00:00",
    ),
    _time(
        Refusal.TIME_NOT_UTC,
        "zone_of_a_minute",
        "A zone that is not quite UTC.",
        not_on_or_after="2026-03-12T09:03:00+00:01",
    ),
    _time(
        Refusal.EXPIRED,
        "over_with_an_offset",
        "Over for two minutes, in UTC with +00:00.",
        not_on_or_after="2026-03-12T08:58:00+00:00",
    ),
    _time(
        Refusal.NOT_YET_VALID,
        "early_with_an_offset",
        "Valid in two minutes, in UTC with +00:00.",
        not_before="2026-03-12T09:02:00+00:00",
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
    _confirmation(
        Refusal.AUTHENTICATED_LATER,
        "in_61_seconds",
        "Authenticated 61 seconds from now.",
        edit=swap('AuthnInstant="2026-03-12T09:00:00Z"', 'AuthnInstant="2026-03-12T09:01:01Z"'),
    ),
    _several(
        Refusal.WRONG_RECIPIENT,
        "of_two_for_others",
        "Two bearer confirmations, both for others.",
        bearer(f'Recipient="{_OTHER}" {_IN_TIME}'),
        bearer(f'Recipient="{ACS_URL}x" {_IN_TIME}'),
    ),
    _several(
        Refusal.EXPIRED,
        "recipient_in_one_and_time_in_the_other",
        "The right recipient in one that is over, the right time in one for somebody else.",
        bearer(f'Recipient="{_OTHER}" {_IN_TIME}'),
        bearer(f'Recipient="{ACS_URL}" {_OVER}'),
    ),
    _several(
        Refusal.IN_RESPONSE_TO_MISSING,
        "request_in_one_and_recipient_in_the_other",
        "Our request in one for somebody else, our recipient in one that answers nothing.",
        bearer(f'InResponseTo="_asked" Recipient="{_OTHER}" {_IN_TIME}'),
        bearer(f'Recipient="{ACS_URL}" {_IN_TIME}'),
        request=Request(),
    ),
    _several(
        Refusal.NOT_CONFIRMED,
        "end_in_one_and_recipient_in_the_other",
        "An end in one for somebody else, our recipient in one without end.",
        bearer(f'Recipient="{_OTHER}" {_IN_TIME}'),
        bearer(f'Recipient="{ACS_URL}"'),
    ),
    _several(
        Refusal.WRONG_RECIPIENT,
        "ours_by_holder_of_key",
        "Everything right in a confirmation of a holder of key, a bearer for somebody else.",
        bearer(f'Recipient="{ACS_URL}" {_IN_TIME}').replace("cm:bearer", "cm:holder-of-key"),
        bearer(f'Recipient="{_OTHER}" {_IN_TIME}'),
    ),
    _several(
        Refusal.NOT_YET_VALID,
        "one_over_and_one_early",
        "Two for us: one is over, one has not begun.",
        bearer(f'Recipient="{ACS_URL}" NotBefore="2026-03-12T09:10:00Z" NotOnOrAfter="2026-03-12T09:20:00Z"'),
        bearer(f'Recipient="{ACS_URL}" {_OVER}'),
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
        Refusal.UNKNOWN_REQUEST, "never_sent", "A request nobody sent.", says={"in_response_to": _NEVER_SENT}
    ),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "never_sent_response_signed",
        "The same, the Response signed.",
        says={"in_response_to": _NEVER_SENT},
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
        request=Request(_NEVER_SENT, state="other_connection"),
    ),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "another_one",
        "Another request than the one that is open.",
        request=Request(),
        says={"in_response_to": _NEVER_SENT},
    ),
    _request(
        Refusal.REQUEST_NOT_OURS,
        "overlong",
        "A very long InResponseTo.",
        says={"in_response_to": "_" + "a" * 5000},
    ),
    _request(
        Refusal.IN_RESPONSE_TO_MISSING,
        "only_in_the_response",
        "The unsigned Response answers our request, the assertion answers none.",
        request=Request(),
        says={"confirmed_in_response_to": None},
    ),
    _request(
        Refusal.IN_RESPONSE_TO_MISSING,
        "only_in_the_confirmation",
        "The assertion answers our request, the Response none.",
        request=Request(),
        says={"in_response_to": None, "confirmed_in_response_to": "_asked"},
    ),
    _request(
        Refusal.UNKNOWN_REQUEST,
        "two_different_ones",
        "Response and confirmation answer two requests.",
        request=Request(),
        says={"confirmed_in_response_to": _NEVER_SENT},
    ),
    _request(
        Refusal.IN_RESPONSE_TO_MISSING,
        "tile_assertion_in_an_answer",
        "An unsigned Response that answers our request, around an assertion from the tile.",
        request=Request(),
        says={"confirmed_in_response_to": None},
        connection=Connection(allow_tile=False),
    ),
    _request(
        Refusal.REQUEST_NOT_OURS,
        "name_of_the_start",
        "Some write this where nobody asked.",
        says={"in_response_to": "IdP_Initiated_Login"},
    ),
    _request(
        Refusal.REQUEST_NOT_OURS,
        "a_blank",
        "A blank is a request, and not one of ours.",
        says={"in_response_to": " "},
    ),
    _request(
        Refusal.REQUEST_NOT_OURS,
        "begins_like_ours",
        "One digit more than a request of ours has.",
        says={"in_response_to": _NEVER_SENT + "0"},
    ),
    _request(
        Refusal.REQUEST_NOT_OURS,
        "foreign_in_the_confirmation",
        "The Response answers our request, the assertion somebody else's.",
        request=Request(),
        says={"confirmed_in_response_to": "ONELOGIN_1234"},
    ),
    _request(
        Refusal.IN_RESPONSE_TO_MISSING,
        "empty_in_the_response",
        "An empty InResponseTo in the Response answers nothing.",
        request=Request(),
        says={"in_response_to": "", "confirmed_in_response_to": "_asked"},
        sign="both",
    ),
    _request(
        Refusal.IN_RESPONSE_TO_MISSING,
        "empty_in_the_confirmation",
        "An empty InResponseTo in the assertion answers nothing.",
        request=Request(),
        says={"confirmed_in_response_to": ""},
        sign="both",
    ),
    _request(
        Refusal.TILE_NOT_ALLOWED,
        "empty_in_both_places",
        "Without a request while the tile is off, and one is open.",
        request=Request(),
        says={"in_response_to": ""},
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
