"""Times of the protocol: xs:dateTime in UTC (SAML core 1.3.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sso.phrases import Phrase, Said

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)", re.ASCII)


def read_instant(text: str) -> datetime | None:
    """Read an xs:dateTime with the zone Z: an aware time in UTC, in whole seconds.

    SAML asks for Z. +00:00 names the same instant (xmlschema-2 3.2.7), and no other zone is read. Fractions of a second
    are dropped. Returns None for any other text, and for years before 1970 or after 8999.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        return None
    try:
        instant = datetime.fromisoformat(match.group(1)).replace(tzinfo=UTC)
    except ValueError:
        return None
    # Away from both ends of Python's calendar, so that adding a clock skew cannot overflow.
    return instant if 1970 <= instant.year < 9000 else None


def write_instant(moment: datetime) -> str:
    """Write an aware time as an xs:dateTime in UTC, in whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_largest_unit(span: timedelta) -> Said:
    """A span in its largest unit, rounded down: "3 hours", "1 day", "45 seconds"."""
    seconds = int(abs(span).total_seconds())
    for unit, length in ((Phrase.DAYS, 86400), (Phrase.HOURS, 3600), (Phrase.MINUTES, 60)):
        if seconds >= length:
            return unit(count=seconds // length)
    return Phrase.SECONDS(count=seconds)
