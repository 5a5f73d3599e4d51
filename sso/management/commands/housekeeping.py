"""`manage.py housekeeping`: forget what is past its time. For cron, once an hour or a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from sso.housekeeping import forget, forgettable


class Command(BaseCommand):
    help = (
        "Delete expired requests, used assertions, old sign-in events and counters. Safe to run at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would go, and change nothing")

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        now = timezone.now()
        if dry_run:
            for name, rows in forgettable(now).items():
                self.stdout.write(f"{rows.count():>8} {name} would be deleted")
            return
        for name, gone in forget(now):
            self.stdout.write(f"{gone:>8} {name}")
