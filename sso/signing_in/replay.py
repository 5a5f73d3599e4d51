"""An assertion signs in once (profiles 4.1.4.5): one row a use, under a unique constraint."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from sso.models import Connection
from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.signing_in.pending import hash_of


def consume_assertion(
    connection: Connection, assertion_id: str, valid_until: datetime, now: datetime
) -> None:
    """Use an assertion up, inside the transaction of the sign-in. `valid_until` includes the clock skew.

    Raises Refused(REPLAYED). Of many copies at once, all but one wait for the first to commit and are then refused.
    """
    id_hash = hash_of(assertion_id)
    try:
        with transaction.atomic():
            connection.consumed_assertions.create(id_hash=id_hash, consumed_at=now, expires_at=valid_until)
    except IntegrityError:
        first = connection.consumed_assertions.filter(id_hash=id_hash).first()
        used = (
            Phrase.FIRST_USED_AT(at=f"{first.consumed_at:%Y-%m-%d %H:%M:%S} UTC")
            if first
            else Phrase.USED_BEFORE()
        )
        raise Refused(Refusal.REPLAYED, expected=Phrase.A_NEW_ASSERTION(), received=used) from None


def used_at(connection: Connection, assertion_id: str) -> datetime | None:
    """When an assertion was used, as long as that is remembered; None if not, or unknown. Changes nothing."""
    used = connection.consumed_assertions.filter(id_hash=hash_of(assertion_id)).first()
    return used.consumed_at if used else None
