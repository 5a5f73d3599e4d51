"""The person that a verified response names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NameIdKind(StrEnum):
    """What a NameID that looks like an email address is. The values are stored with links."""

    # It does not look like one, or an earlier release linked it: it is compared by its value alone.
    ANY = ""
    ADDRESS = "address"
    # Opaque, whatever it looks like (SAML core 8.3.7): it may look like the address of somebody else.
    PERSISTENT = "persistent"
    # It has come in both ways for one person.
    BOTH = "both"

    def and_also(self, other: NameIdKind) -> NameIdKind:
        """What a link is of that has come in this way, and now in another."""
        return other if self in (NameIdKind.ANY, other) else NameIdKind.BOTH


@dataclass(frozen=True, slots=True)
class VerifiedIdentity:
    """A person, read only from bytes that a verified signature covers.

    `name_id` identifies the person within one connection, together with its kind if it looks like an email address.
    `email` is in lower case. `session_ends_at` is an aware time in UTC, or None (SessionNotOnOrAfter, SAML core 2.7.2).
    """

    name_id: str
    email: str
    first_name: str
    last_name: str
    session_ends_at: datetime | None
    name_id_kind: NameIdKind = NameIdKind.ANY
