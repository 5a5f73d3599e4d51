"""`manage.py sso_check`: the health of one organization's single sign-on, or of all."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Organization
from sso.health.findings import Finding, Level, findings_of, worst
from sso.management.command_help import with_examples

_USAGE = 2
_SUBJECT = 15
_MARK = 6
_EVERY = 100
_BATCH = 200


class Command(BaseCommand):
    help = (
        "Check an organization's single sign-on: plan, state, domains, certificate, keys, last test,\n"
        "sign-ins and failures of the last 7 days, each with its cure. Nothing is changed.\n"
        "Exit codes: 0 nothing fails (there may be warnings), 1 something fails, 2 wrong usage."
    )

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return with_examples(
            super().create_parser(*args, **options),
            "sso_check acme",
            "sso_check --all | grep -v '^OK'",
            "sso_check --all --json > health.jsonl",
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", nargs="?", metavar="ORGANIZATION", help="the organization's slug")
        parser.add_argument(
            "--all",
            action="store_true",
            help="every organization with a configuration: one line each, as they are checked; progress on stderr",
        )
        parser.add_argument("--json", action="store_true", help="print JSON; with --all one object a line")

    def handle(self, *_args: Any, organization: str | None, **options: Any) -> None:
        if bool(organization) == options["all"]:
            raise CommandError("Name one organization by its slug, or say --all.", returncode=_USAGE)
        if organization is None:
            self._check_all(is_json=options["json"])
            return
        found = Organization.objects.filter(slug=organization).first()
        if found is None:
            raise CommandError(f"There is no organization {organization}.", returncode=_USAGE)
        findings = findings_of(found, timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found, findings), indent=2, ensure_ascii=False))
        else:
            self._tell(found, findings)
        if worst(findings) is Level.FAIL:
            raise CommandError(f"The single sign-on of {found.slug} is failing.", returncode=1)

    def _tell(self, organization: Organization, findings: list[Finding]) -> None:
        width = max(80, min(shutil.get_terminal_size((100, 24)).columns, 100))
        indent = " " * (_MARK + _SUBJECT)
        self.stdout.write(f"{organization.name} ({organization.slug})\n\n")
        for finding in findings:
            head = f"{finding.level.upper():<{_MARK}}{finding.subject:<{_SUBJECT}}"
            self._write(head, indent, finding.words, width)
            if finding.cure and finding.level is not Level.OK:
                self._write(f"{indent}→ ", f"{indent}  ", finding.cure, width)
        self.stdout.write(f"\n{_sum(findings)}.")

    def _write(self, head: str, indent: str, text: str, width: int) -> None:
        visible = "".join(char if char.isprintable() else "�" for char in text)
        self.stdout.write(
            textwrap.fill(
                visible,
                width,
                initial_indent=head,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )

    def _check_all(self, *, is_json: bool) -> None:
        now = timezone.now()
        organizations = Organization.objects.filter(connections__isnull=False).order_by("slug")
        total, counts = organizations.count(), Counter[Level]()
        for number, organization in enumerate(organizations.iterator(chunk_size=_BATCH), start=1):
            findings = findings_of(organization, now)
            counts[worst(findings)] += 1
            if is_json:
                self.stdout.write(json.dumps(_as_json(organization, findings), ensure_ascii=False))
            else:
                self.stdout.write(_line(organization, findings))
            if number % _EVERY == 0:
                self.stderr.write(f"{number} of {total} checked")
        self.stderr.write(
            f"{counts.total()} checked: {counts[Level.FAIL]} fail, {counts[Level.WARN]} with warnings, "
            f"{counts[Level.OK]} OK"
        )
        if counts[Level.FAIL]:
            raise CommandError(f"{counts[Level.FAIL]} of {counts.total()} fail.", returncode=1)


def _line(organization: Organization, findings: list[Finding]) -> str:
    """The worst of it: failures, or the warnings if nothing fails."""
    level = worst(findings)
    told = [f"{found.subject}: {found.words}" for found in findings if found.level is level]
    words = "; ".join(told) if level is not Level.OK else ""
    return f"{level.upper():<{_MARK}}{organization.slug:<24} {words}".rstrip()


def _sum(findings: list[Finding]) -> str:
    counts = Counter(finding.level for finding in findings)
    return f"{counts[Level.FAIL]} failing, {counts[Level.WARN]} to look at, {counts[Level.OK]} fine"


def _as_json(organization: Organization, findings: list[Finding]) -> dict[str, Any]:
    return {
        "organization": organization.slug,
        "level": worst(findings).value,
        "findings": [
            {"level": found.level.value, "subject": found.subject, "words": found.words, "cure": found.cure}
            for found in findings
        ],
    }
