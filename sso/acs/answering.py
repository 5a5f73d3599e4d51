"""Whom does a response answer? Found before it is examined, from things that need no trust."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sso.models import Connection
from sso.refusals import Refused
from sso.saml.envelope import decode
from sso.saml.lenient_reading import claimed_in_response_to
from sso.saml.types import UnverifiedResponse
from sso.signing_in import pending
from sso.signing_in.arrived import Arrived
from sso.signing_in.sign_in import BeginSession
from sso.trial.starting import listening


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came over HTTP.

    `saml_response` is the form field, or why there is none to read; `saml_request` is the field of a message that wants
    something of us, mostly empty. `secret_for` gives the secret this browser holds for
    a request, or ''; `secrets` are all it holds for requests of this connection; `tile_secret` is the one it holds while
    its admin tests the tile. `begin_session` writes the session of whoever is let in.
    """

    saml_response: str | Refused
    secret_for: Callable[[str], str]
    secrets: tuple[str, ...]
    tile_secret: str
    begin_session: BeginSession
    now: datetime
    saml_request: str = ""


def whom_it_answers(connection: Connection, arrival: Arrival) -> Arrived:
    """Find the request of ours, or the test of the tile, that a response answers.

    An unsolicited response answers neither. One that can't be read is found by what it says all the same, else by the
    request its browser has open.
    """
    unverified = _decoded(arrival.saml_response)
    claimed = _claimed(arrival.saml_response, unverified)
    request = pending.find(connection, claimed)
    if request is None and claimed is None and isinstance(unverified, Refused):
        request = pending.open_in_browser(connection, arrival.secrets, arrival.now)
        claimed = request.request_id if request else None
    answered = pending.state_of(request, claimed, arrival.secret_for(claimed or ""), arrival.now)
    test = request.test if request else listening(connection, arrival.tile_secret, arrival.now)
    return Arrived(connection, unverified, request, answered, test, arrival.now)


def _decoded(saml_response: str | Refused) -> UnverifiedResponse | Refused:
    if isinstance(saml_response, Refused):
        return saml_response
    try:
        return decode(saml_response)
    except Refused as refused:
        return refused


def _claimed(saml_response: str | Refused, unverified: UnverifiedResponse | Refused) -> str | None:
    if isinstance(unverified, UnverifiedResponse):
        return unverified.claimed_in_response_to
    return None if isinstance(saml_response, Refused) else claimed_in_response_to(saml_response)
