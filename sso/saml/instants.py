"""Times of the protocol: xs:dateTime in UTC (SAML core 1.3.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z", re.ASCII)


def read_instant(text: str) -> datetime | None:
    """An aware UTC time of whole seconds, or None if the text is not one of the years 1970 to 8999.

    Fractions of a second are dropped.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        return None
    try:
        instant = datetime.fromisoformat(match.group(1)).replace(tzinfo=UTC)
    except ValueError:
        return None
    # Far from both ends of the calendar, so that a skew can be added without leaving it.
    return instant if 1970 <= instant.year < 9000 else None


def write_instant(moment: datetime) -> str:
    """The text of an aware time, in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_words(span: timedelta) -> str:
    """A span in the largest unit that fits it, rounded down: "3 hours", "1 day", "45 seconds"."""
    seconds = int(abs(span).total_seconds())
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}{'' if seconds // length == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
