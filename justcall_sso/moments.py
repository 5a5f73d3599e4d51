"""Moments in words: one spelling for pages, e-mails, reports and commands."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.dateformat import format as formatted
from django.utils.timezone import localtime

_FORMATS = {
    "minute": r"j M Y, H:i \U\T\C",
    "second": r"j M Y, H:i:s \U\T\C",
    # For a column whose heading says UTC.
    "second without zone": "j M Y, H:i:s",
    "day": "j M Y",
    "time of day": r"H:i \U\T\C",
}


def in_utc(when: datetime | None, precision: str = "minute") -> str:
    """A moment in words: "3 Nov 2026, 14:09 UTC". Empty without one."""
    return formatted(localtime(when, UTC), _FORMATS[precision]) if when else ""
