"""The person that a verified response names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class VerifiedIdentity:
    """A person, read only from bytes that a verified signature covers.

    `name_id` identifies the person within one connection. `email` is in lower case. `session_ends_at` is an aware time in
    UTC, or None (SessionNotOnOrAfter, SAML core 2.7.2).
    """

    name_id: str
    email: str
    first_name: str
    last_name: str
    session_ends_at: datetime | None
