"""Key rotation: seals every secret in the database again with the first of KEY_ENCRYPTION_KEYS."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from django.db.models import Model

from accounts.models import OutgoingEmail
from accounts.sealing import CannotUnseal, is_sealed_with_first_key, reseal
from sso.models import ServiceProviderKey

_SEALED: list[tuple[type[Model], str]] = [
    (ServiceProviderKey, "sealed_private_key"),
    (OutgoingEmail, "sealed_facts"),
]


class Sealed(StrEnum):
    """What became of one secret."""

    AGAIN = "again"
    ALREADY = "already"
    CANNOT_OPEN = "cannot_open"


def reseal_all(*, dry_run: bool) -> Iterator[Sealed]:
    """Seal every secret with the first key, one by one.

    It may run while people sign in, and may be stopped and run again. A dry run unseals but writes nothing.
    """
    for model, field in _SEALED:
        rows = model._default_manager.exclude(**{field: ""}).order_by("pk").values_list("pk", field)
        for pk, sealed in rows.iterator():
            yield _reseal(model, field, pk, sealed, dry_run=dry_run)


def _reseal(model: type[Model], field: str, pk: int, sealed: str, *, dry_run: bool) -> Sealed:
    if is_sealed_with_first_key(sealed):
        return Sealed.ALREADY
    try:
        anew = reseal(sealed)
    except CannotUnseal:
        return Sealed.CANNOT_OPEN
    if not dry_run:
        # Only if the row is unchanged, so that we never overwrite a newer secret.
        model._default_manager.filter(pk=pk, **{field: sealed}).update(**{field: anew})
    return Sealed.AGAIN
