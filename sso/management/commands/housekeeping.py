"""`manage.py housekeeping`, for cron: recheck domains, delete old rows, send waiting e-mails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.dns_proof import Proof
from accounts.domains import recheck_due
from accounts.models import OutgoingEmail, Throttle
from accounts.outbox import GIVEN_UP_KEPT, given_up, send_due, waiting
from sso.forgetting import BATCH, Stale, before, forget
from sso.log import retention as log
from sso.models import ConnectionTest
from sso.signing_in import retention as signing_in


def stale(now: datetime) -> list[Stale]:
    """Everything that may be forgotten at this moment, room by room."""
    return [
        *signing_in.stale(now),
        Stale("connection tests", before(ConnectionTest, "started_at", now - log.EVENTS_KEPT)),
        *log.stale(now),
        Stale("counters", before(Throttle, "window_ends_at", now)),
        Stale("old e-mails", before(OutgoingEmail, "given_up_at", now - GIVEN_UP_KEPT)),
    ]


class Command(BaseCommand):
    help = (
        "Look for the DNS records of verified domains once a day, delete expired requests, used assertions, old "
        "sign-in events, messages, audit entries and counters, and send e-mails that could not be sent at once. Safe "
        "to run at any time."
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
        for name, gone in forget(stale(now)):
            total += gone
            if gone == 0:
                self.stdout.write(f"{total:>8} {name}")
                total = 0
            elif total % (10 * BATCH) == 0:
                self.stdout.write(f"{total:>8} {name} so far …")
                self.stdout.flush()
        self.stdout.write(f"{send_due().sent:>8} e-mails sent")
        for name, rows in (("waiting", waiting()), ("given up", given_up())):
            self.stdout.write(f"{rows.count():>8} e-mails {name}")
        self._recheck(now)

    def _recheck(self, now: datetime) -> None:
        # Last, because a name server that does not answer takes three seconds each time.
        checked = 0
        for domain, proof in recheck_due(now):
            checked += 1
            if proof is not Proof.FOUND:
                self.stdout.write(
                    f"         {domain.name}: {proof.value if proof else 'could not be checked'}"
                )
        self.stdout.write(f"{checked:>8} domains rechecked")
