"""`manage.py reseal_keys`: seal every secret with the first key, so that old keys can go."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sso.connection.resealing import Sealed, reseal_all


class Command(BaseCommand):
    help = (
        "Seal every private key in the database again with the first of KEY_ENCRYPTION_KEYS. Afterwards the other "
        "keys can be removed. Safe while people sign in, and to run twice. "
        "Exit codes: 0 everything is sealed with the first key, 1 something cannot be opened, 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be sealed again, change nothing"
        )

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        found = Counter(reseal_all(dry_run=dry_run))
        verb = "would be sealed" if dry_run else "sealed"
        self.stdout.write(f"{found[Sealed.AGAIN]:>8} {verb} again with the first key")
        self.stdout.write(f"{found[Sealed.ALREADY]:>8} sealed with the first key already")
        if lost := found[Sealed.CANNOT_OPEN]:
            raise CommandError(
                f"{lost} cannot be opened: the key they were sealed with is not in KEY_ENCRYPTION_KEYS. "
                "Put it back behind the first one and run this again.",
                returncode=1,
            )
