"""`manage.py recheck_domains`: look again for the TXT records of verified domains. For cron, once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.dns_proof import look_up
from accounts.domains import DomainRefused, check
from accounts.models import EmailDomain


class Command(BaseCommand):
    help = "Recheck every verified domain. A record that is gone gives 7 days' grace and an e-mail to the admins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="look, and change nothing")

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        domains = EmailDomain.objects.select_related("organization").filter(verified_at__isnull=False)
        total = domains.count()
        for number, domain in enumerate(domains.order_by("name").iterator(), start=1):
            try:
                proof = look_up(domain) if dry_run else check(domain, timezone.now())
            except DomainRefused as refused:
                self.stderr.write(f"{domain.name}: {refused}")
                continue
            self.stdout.write(f"{number}/{total} {domain.name}: {proof.value}")
