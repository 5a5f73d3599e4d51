"""Whether a certificate is within its time, and whether it ends soon."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

# The admin page warns from then on, and so does sso_check.
SOON_DAYS = 60


class Dated(Protocol):
    """Whatever has a first and a last moment: a certificate as it was read, or a saved one."""

    @property
    def not_before(self) -> datetime: ...

    @property
    def not_after(self) -> datetime: ...


class Validity(StrEnum):
    """Where a certificate stands in its time."""

    NOT_YET = "not_yet"
    GOOD = "good"
    SOON = "soon"
    EXPIRED = "expired"


def days_left(certificate: Dated, now: datetime) -> int:
    """Whole days until it expires; negative when it has expired."""
    return (certificate.not_after - now).days


def validity_of(certificate: Dated, now: datetime) -> Validity:
    """Expired, not valid yet, within its last 60 days, or good."""
    days = days_left(certificate, now)
    if days < 0:
        return Validity.EXPIRED
    if now < certificate.not_before:
        return Validity.NOT_YET
    return Validity.SOON if days <= SOON_DAYS else Validity.GOOD
