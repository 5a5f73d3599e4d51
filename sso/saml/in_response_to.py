"""Which request a response answers: its InResponseTo, in both places (SAML core 3.2.2, profiles 4.1.4.2)."""

from __future__ import annotations

from lxml import etree

from sso.phrases import Phrase, Several, Text
from sso.refusals import Check, Refusal
from sso.saml.report import CheckResult, failed, passed
from sso.saml.requests import may_be_ours
from sso.saml.types import AnsweredRequest, ConnectionConfig, RequestState, SignedAssertion


def check_request(
    signed: SignedAssertion,
    confirmation: etree._Element | None,
    config: ConnectionConfig,
    request: AnsweredRequest,
) -> CheckResult:
    """Response and confirmation must name the request that is open, or both none if nobody asked.

    An empty InResponseTo counts as none. `request` is what our own records say of the one that is named.
    """
    of_response = signed.response.get("InResponseTo", "")
    of_confirmation = of_response if confirmation is None else confirmation.get("InResponseTo", "")
    claims = {of_response, of_confirmation}
    if request.state is RequestState.UNSOLICITED and claims == {""}:
        return _from_the_tile(config)
    if request.state is RequestState.MATCHED and claims == {request.request_id}:
        return passed(Check.REQUEST, request.request_id)
    if request.state is RequestState.OTHER_BROWSER:
        return failed(
            Refusal.OTHER_BROWSER, expected=Phrase.BROWSER_OF_SIGN_IN(), received=Phrase.ANOTHER_BROWSER()
        )
    return _wrong_claims(of_response, of_confirmation, request)


def _from_the_tile(config: ConnectionConfig) -> CheckResult:
    if not config.allow_idp_initiated:
        return failed(
            Refusal.TILE_NOT_ALLOWED, expected=Phrase.STARTED_HERE(), received=Phrase.STARTED_THERE()
        )
    return passed(Check.REQUEST)


def _wrong_claims(of_response: str, of_confirmation: str, request: AnsweredRequest) -> CheckResult:
    """Why this is no answer. What starting again can't mend is told apart from what it can."""
    named = tuple(dict.fromkeys(filter(None, (of_response, of_confirmation))))
    foreign = [claim for claim in named if claim != request.request_id and not may_be_ours(claim)]
    if foreign:
        return failed(Refusal.REQUEST_NOT_OURS, expected=Phrase.NO_IN_RESPONSE_TO(), received=foreign[0])
    if len(named) == 1 and of_response != of_confirmation and request.state in _STILL_GOOD:
        missing = Phrase.NOT_IN_CONFIRMATION if of_response else Phrase.NOT_IN_RESPONSE
        return failed(
            Refusal.IN_RESPONSE_TO_MISSING,
            expected=Phrase.IN_BOTH_PLACES(request=named[0]),
            received=missing(),
        )
    none: tuple[Text, ...] = () if of_response and of_confirmation else (Phrase.NO_REQUEST(),)
    return failed(
        Refusal.UNKNOWN_REQUEST,
        expected=request.request_id or Phrase.OPEN_REQUEST(),
        received=Phrase.CLAIMED_REQUESTS(requests=Several((*named, *none)), state=request.state.words),
    )


# Nothing else is wrong with the request. (Unsolicited: only the decrypted confirmation names one.)
_STILL_GOOD = (RequestState.MATCHED, RequestState.UNSOLICITED)
