"""`manage.py housekeeping`: forget what is past its time, send the e-mails that are still to be sent. For cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from sso.first_causes import send_unsent
from sso.housekeeping import BATCH, forget, stale


class Command(BaseCommand):
    help = (
        "Delete expired requests, used assertions, old sign-in events, messages, audit entries and counters, "
        "and send e-mails about new causes that could not be sent at once. Safe to run at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would go, and change nothing")

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        now = timezone.now()
        if dry_run:
            for kind in stale(now):
                self.stdout.write(f"{kind.rows.count():>8} {kind.name} would be forgotten")
            return
        total = 0
        for name, gone in forget(now):
            total += gone
            if gone == 0:
                self.stdout.write(f"{total:>8} {name}")
                total = 0
            elif total % (10 * BATCH) == 0:
                self.stdout.write(f"{total:>8} {name} so far …")
                self.stdout.flush()
        self.stdout.write(f"{send_unsent(now):>8} e-mails sent")
