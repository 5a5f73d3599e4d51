"""An assertion signs in once (profiles 4.1.4.5): one row a use, under a unique constraint."""

from __future__ import annotations

from datetime import datetime

from sso.models import Connection
from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.saml.instants import write_instant
from sso.signing_in.pending import hash_of
from sso.signing_in.statements import use_up


class ConfigurationChanged(Exception):
    """The configuration was changed, turned off or deleted while a response was examined."""


def consume_assertion(
    connection: Connection,
    assertion_id: str,
    valid_until: datetime,
    now: datetime,
    *,
    if_unchanged: bool = False,
) -> None:
    """Use an assertion up, inside the caller's transaction. `valid_until` includes the clock skew.

    With `if_unchanged` the connection must be on and be what it was when the response was examined, and stays it until
    the transaction ends. Raises ConfigurationChanged if it is not, and Refused(REPLAYED) for an assertion that was used.
    """
    if use_up(connection, hash_of(assertion_id), now, valid_until, of_now=if_unchanged):
        return
    first = used_at(connection, assertion_id)
    if if_unchanged and first is None:
        raise ConfigurationChanged
    used = Phrase.FIRST_USED_AT(at=write_instant(first)) if first else Phrase.USED_BEFORE()
    raise Refused(Refusal.REPLAYED, expected=Phrase.A_NEW_ASSERTION(), received=used)


def used_at(connection: Connection, assertion_id: str) -> datetime | None:
    """When an assertion was used, as long as that is remembered; None if not, or unknown. Changes nothing."""
    used = connection.consumed_assertions.filter(id_hash=hash_of(assertion_id)).first()
    return used.consumed_at if used else None
