"""Whether a certificate is valid now, and whether it expires soon (RFC 5280 4.1.2.5)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

# The settings page and sso_check warn this many days before a certificate expires.
SOON_DAYS = 60


class Dated(Protocol):
    """A certificate, read or saved. Both times are aware."""

    @property
    def not_before(self) -> datetime: ...

    @property
    def not_after(self) -> datetime: ...


class Validity(StrEnum):
    """Whether a certificate is valid."""

    NOT_YET = "not_yet"
    GOOD = "good"
    SOON = "soon"
    EXPIRED = "expired"


def days_left(certificate: Dated, now: datetime) -> int:
    """Whole days until it expires; negative when it has expired."""
    return (certificate.not_after - now).days


def validity_of(certificate: Dated, now: datetime) -> Validity:
    """The validity of a certificate at the time `now` (aware)."""
    days = days_left(certificate, now)
    if days < 0:
        return Validity.EXPIRED
    if now < certificate.not_before:
        return Validity.NOT_YET
    return Validity.SOON if days <= SOON_DAYS else Validity.GOOD
