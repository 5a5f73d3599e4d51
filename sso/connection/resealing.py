"""Key rotation: every secret in the database is sealed again with the first of KEY_ENCRYPTION_KEYS."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from sso.connection.sealing import CannotUnseal, is_sealed_with_first_key, reseal
from sso.models import ServiceProviderKey


class Sealed(StrEnum):
    """What was found about one secret."""

    AGAIN = "again"
    ALREADY = "already"
    CANNOT_OPEN = "cannot_open"


def reseal_all(*, dry_run: bool) -> Iterator[Sealed]:
    """Seal every secret with the first key, one by one.

    Safe while people sign in, and safe to stop and to run again. A dry run opens everything and writes nothing.
    """
    for pk, sealed in (
        ServiceProviderKey.objects.order_by("pk").values_list("pk", "sealed_private_key").iterator()
    ):
        yield _reseal(pk, sealed, dry_run=dry_run)


def _reseal(pk: int, sealed: str, *, dry_run: bool) -> Sealed:
    if is_sealed_with_first_key(sealed):
        return Sealed.ALREADY
    try:
        anew = reseal(sealed)
    except CannotUnseal:
        return Sealed.CANNOT_OPEN
    if not dry_run:
        # Only if it is still what was read: somebody else's newer secret is never overwritten.
        ServiceProviderKey.objects.filter(pk=pk, sealed_private_key=sealed).update(sealed_private_key=anew)
    return Sealed.AGAIN
