"""The way of a response: whom does it answer? Then it is a sign-in, or a test."""

from __future__ import annotations

from sso.acs.answering import Arrival, whom_it_answers
from sso.models import Connection
from sso.signing_in.sign_in import SignedIn, sign_in
from sso.signing_in.turning_away import TurnedAway
from sso.trial.answering import Tested, answer_test


def receive(connection: Connection, arrival: Arrival) -> SignedIn | TurnedAway | Tested:
    """Take in one response posted to the ACS URL of a connection, and say what came of it."""
    arrived = whom_it_answers(connection, arrival)
    if arrived.test is not None:
        return answer_test(arrived, arrived.test)
    return sign_in(arrived)
