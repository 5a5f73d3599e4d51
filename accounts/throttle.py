"""Limits on how often something may be tried, counted in the database for all processes."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from django.db import IntegrityError, transaction
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


def hit(key: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one try. True while the tries of this key are within the limit of the current window.

    A key has at most 120 characters.
    """
    for _attempt in range(3):
        rows = Throttle.objects.filter(key=key)
        if rows.filter(window_ends_at__gt=now).update(count=F("count") + 1):
            break
        # The window is over. The first request here starts the next one, and the others count in it.
        if rows.filter(window_ends_at__lte=now).update(count=1, window_ends_at=now + window):
            break
        try:
            with transaction.atomic():
                Throttle.objects.create(key=key, count=1, window_ends_at=now + window)
            break
        except IntegrityError:
            continue
    count = Throttle.objects.filter(key=key).values_list("count", flat=True).first()
    return (count or 0) <= limit


def give_back(key: str, now: datetime) -> None:
    """Take one try back that was counted before it was known to be a good one."""
    Throttle.objects.filter(key=key, window_ends_at__gt=now, count__gt=0).update(count=F("count") - 1)


def exceeded(key: str, limit: int, now: datetime) -> bool:
    """Whether the tries of this key have reached the limit. Counts nothing."""
    return Throttle.objects.filter(key=key, window_ends_at__gt=now, count__gte=limit).exists()
