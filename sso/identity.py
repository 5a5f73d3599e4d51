"""The person a verified sign-in speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class VerifiedIdentity:
    """What an identity provider said of a person, read only from bytes whose signature verified.

    `name_id` is the identity within one connection; `email` is in its canonical (lower-case) form. `session_ends_at`
    is an aware UTC time or None (SessionNotOnOrAfter, SAML core 2.7.2).
    """

    name_id: str
    email: str
    first_name: str
    last_name: str
    session_ends_at: datetime | None
