"""The way of a response: whom does it answer? Then it is a sign-in, or a test."""

from __future__ import annotations

from dataclasses import dataclass

from sso.acs.answering import Arrival, whom_it_answers
from sso.models import Connection, SignInEvent
from sso.refusals import Refused
from sso.signing_in.sign_in import SignedIn, sign_in
from sso.signing_in.turning_away import TurnedAway
from sso.signing_out.logout_messages import logout_message, note_logout
from sso.trial.answering import Tested, answer_test


@dataclass(frozen=True, slots=True)
class LogoutArrived:
    """It was no response, but a message about signing out. Nobody wanted to sign in."""

    event: SignInEvent


def receive(connection: Connection, arrival: Arrival) -> SignedIn | TurnedAway | Tested | LogoutArrived:
    """Take in one message posted to the ACS URL of a connection, and say what came of it."""
    arrived = whom_it_answers(connection, arrival)
    if isinstance(arrived.unverified, Refused):
        response = "" if isinstance(arrival.saml_response, Refused) else arrival.saml_response
        if name := logout_message(arrival.saml_request, response):
            return LogoutArrived(note_logout(connection, name, arrival.now))
    if arrived.test is not None:
        return answer_test(arrived, arrived.test)
    return sign_in(arrived, arrival.begin_session)
