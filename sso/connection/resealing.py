"""Key rotation: seals every secret in the database again with the first of KEY_ENCRYPTION_KEYS."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from sso.connection.sealing import CannotUnseal, is_sealed_with_first_key, reseal
from sso.models import ServiceProviderKey


class Sealed(StrEnum):
    """What became of one secret."""

    AGAIN = "again"
    ALREADY = "already"
    CANNOT_OPEN = "cannot_open"


def reseal_all(*, dry_run: bool) -> Iterator[Sealed]:
    """Seal every secret with the first key, one by one.

    It may run while people sign in, and may be stopped and run again. A dry run unseals but writes nothing.
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
        # Only if the row is unchanged, so that we never overwrite a newer secret.
        ServiceProviderKey.objects.filter(pk=pk, sealed_private_key=sealed).update(sealed_private_key=anew)
    return Sealed.AGAIN
