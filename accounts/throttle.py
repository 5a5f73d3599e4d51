"""Limits on how often something may be tried, counted in the database for all processes."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from django.db import connection as database
from django.db.models import F

from accounts.models import Throttle


def network_of(address: str) -> str:
    """The addresses of one subscriber, as part of a key: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        found = ip_address(address)
    except ValueError:
        # Not an IP address: a Unix socket of this machine.
        return address[:60]
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found), 64), strict=False))


# One statement, whoever comes first. SQLite and PostgreSQL write it alike.
_HIT = f"""
    INSERT INTO {Throttle._meta.db_table} AS before (key, count, window_ends_at) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN before.window_ends_at > %s THEN before.count + 1 ELSE 1 END,
        window_ends_at = CASE WHEN before.window_ends_at > %s THEN before.window_ends_at
            ELSE excluded.window_ends_at END
    RETURNING count
"""


def hit(key: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one try. True while the tries of this key are within the limit of the current window.

    A key has at most 120 characters.
    """
    ends_at, moment = (database.ops.adapt_datetimefield_value(time) for time in (now + window, now))
    with database.cursor() as cursor:
        cursor.execute(_HIT, [key, ends_at, moment, moment])
        (count,) = cursor.fetchone()
    return bool(count <= limit)


def give_back(key: str, now: datetime) -> None:
    """Take one try back that was counted before it was known to be a good one."""
    Throttle.objects.filter(key=key, window_ends_at__gt=now, count__gt=0).update(count=F("count") - 1)


def exceeded(key: str, limit: int, now: datetime) -> bool:
    """Whether the tries of this key have reached the limit. Counts nothing."""
    return Throttle.objects.filter(key=key, window_ends_at__gt=now, count__gte=limit).exists()
