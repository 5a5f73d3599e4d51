"""`manage.py sso_explain`: the check list of one sign-in, in a terminal. Changes nothing."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from sso.log.retention import EVENTS_KEPT
from sso.management.command_help import with_examples
from sso.models import Connection, SignInEvent
from sso.refusals import CATALOGUE, Refusal, Refused
from sso.report_words.rows import rows_of, summary_of
from sso.saml.envelope import decode
from sso.saml.explanation import claimed_addresses
from sso.saml.pasted.messages import (
    MAX_BYTES,
    Pasted,
    PastedReference,
    PastedResponse,
    SomethingElse,
    read_pasted,
)
from sso.troubleshooting.diagnosis import Diagnosis, cure_of, diagnose_event, diagnose_response
from sso.troubleshooting.terminal import as_json, check_lines, fact_lines, fix_as_json, fix_lines, redacted

_NARROWEST, _WIDEST = 80, 100
_USAGE = 2
_MADE = "made"


class Command(BaseCommand):
    help = (
        "Explain one sign-in: every check, what was expected, what arrived, and how to fix it.\n"
        "Nobody is signed in and nothing is written.\n"
        "Exit codes: 0 all passed, 1 a check failed, 2 wrong usage or nothing that can be read."
    )

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return with_examples(
            super().create_parser(*args, **options),
            "sso_explain SSO-7K2M9QXD",
            "sso_explain sign-in.har --connection acme --at made",
            "sso_explain --json < response.txt",
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            default="-",
            metavar="FILE",
            help="a SAMLResponse (base64, form body, URL, HAR file, export of SAML-tracer or XML) or a reference; "
            "- reads standard input",
        )
        parser.add_argument(
            "--reference", metavar="SSO-…", help="explain the sign-in with this reference instead"
        )
        parser.add_argument(
            "--connection",
            metavar="ID",
            help="an organization's slug or a connection's public id; left out, the message's own addresses name it",
        )
        parser.add_argument(
            "--at",
            metavar="TIME",
            help="judge as of this time (2026-01-31T09:30:00Z; without a zone: UTC), or “made”: when it was made",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = _time(options["at"])
        connection = _connection(options["connection"]) if options["connection"] else None
        pasted = _input(options["reference"], options["file"], connection)
        if isinstance(pasted, PastedReference):
            event = _event(pasted.reference, connection)
            self._tell(diagnose_event(event), event.connection, options["json"], event)
            return
        connection = connection or _guess(pasted)
        diagnosis = diagnose_response(
            connection,
            pasted,
            timezone.now(),
            at=at if isinstance(at, datetime) else None,
            when_made=at == _MADE,
        )
        self._tell(diagnosis, connection, options["json"], None)

    def _tell(
        self, diagnosis: Diagnosis, connection: Connection | None, is_json: bool, event: SignInEvent | None
    ) -> None:
        guide = connection.guide if connection else ""
        report = redacted(diagnosis.report)
        rows = rows_of(report, guide, diagnosis.attributes)
        summary = summary_of(report, guide) if rows else ""
        refusal = Refusal(event.refusal) if event and event.refusal in set(Refusal) else None
        is_good = event.succeeded if event else diagnosis.is_good
        whose = (
            f"{connection.organization.slug} ({connection.public_id})"
            if connection
            else "no connection any more"
        )
        facts = (("Connection", whose), *diagnosis.facts)
        fix = cure_of(event, guide) if event else None
        if is_json:
            told = {
                "passed": is_good,
                "reference": event.reference if event else None,
                "refusal": event.refusal or None if event else None,
                "connection": connection.public_id if connection else None,
                "facts": [list(fact) for fact in facts],
                "notes": list(diagnosis.notes),
                "summary": summary,
                "checks": as_json(rows),
                "attributes": list(diagnosis.attributes),
                "fix": fix_as_json(fix) if fix else None,
            }
            self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))
        else:
            width = max(_NARROWEST, min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST))
            lines = [*fact_lines(facts, width), "", *diagnosis.notes, summary, "", *check_lines(rows, width)]
            if refusal and fix and not rows:
                lines += [gettext(CATALOGUE[refusal].title), *fix_lines(fix, width)]
            self._write(lines)
        if not is_good:
            raise CommandError("The sign-in fails." if event is None else "The sign-in failed.", returncode=1)

    def _write(self, lines: Iterable[str]) -> None:
        before = ""
        for line in lines:
            # What is not there leaves no gap.
            if line or before:
                self.stdout.write(line)
            before = line


def _usage(message: str) -> CommandError:
    return CommandError(message, returncode=_USAGE)


def _time(typed: str | None) -> datetime | str | None:
    if typed is None or typed == _MADE:
        return typed
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise _usage(f"--at {typed}: not a time. Write it like 2026-01-31T09:30:00Z, or “{_MADE}”.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _connection(named: str) -> Connection:
    found = Connection.objects.select_related("organization")
    by = {"public_id": named} if re.fullmatch(r"[0-9a-f]{32}", named) else {"organization__slug": named}
    connection = found.filter(**by).first()
    if connection is None:
        raise _usage(f"--connection {named}: no organization or connection of that name has single sign-on.")
    return connection


def _input(
    reference: str | None, file: str, connection: Connection | None
) -> PastedReference | PastedResponse:
    if reference is not None:
        pasted: Pasted = read_pasted(reference)
        if not isinstance(pasted, PastedReference):
            raise _usage(f"--reference {reference[:40]}: a reference is SSO- and eight letters and digits.")
        return pasted
    pasted = read_pasted(_content(file), connection.acs_url if connection else "")
    if isinstance(pasted, SomethingElse):
        raise _usage(gettext(pasted.kind.sentence))
    return pasted


def _content(file: str) -> bytes | str:
    if file == "-":
        if sys.stdin.isatty():
            sys.stderr.write("Paste a reference or a SAMLResponse, then press Ctrl-D.\n")
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    path = Path(file)
    if not path.exists() and isinstance(read_pasted(file), PastedReference):
        return file
    try:
        with path.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise _usage(f"{file}: {error.strerror}") from None


def _event(reference: str, connection: Connection | None) -> SignInEvent:
    events = SignInEvent.objects.select_related("connection__organization", "organization", "user")
    if connection is not None:
        events = events.filter(organization=connection.organization)
    event = events.filter(reference=reference).first()
    if event is None:
        raise _usage(
            f"{reference}: no sign-in has this reference. They are kept for {EVENTS_KEPT.days} days."
        )
    return event


def _guess(pasted: PastedResponse) -> Connection:
    """Whose message it is by its own words: good enough to choose what to explain it by."""
    addresses = [pasted.entry.url] if pasted.entry else []
    with suppress(Refused):
        addresses += claimed_addresses(decode(pasted.encoded))
    ids = [found[1] for address in addresses for found in re.finditer(r"/sso/saml/([0-9a-f]{32})/", address)]
    named = {
        row.public_id: row
        for row in Connection.objects.select_related("organization").filter(public_id__in=ids)
    }
    for public_id in ids:
        if public_id in named:
            return named[public_id]
    raise _usage("The message names no connection of ours. Say which one to check it against: --connection.")
