"""What a person and an admin are told of the newest attempt."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from django.http import HttpResponse

from sso.models import SignInEvent
from sso.refusals import CATALOGUE, Refusal
from sso.report_words.rows import Row, rows_of
from sso.saml.report import CheckReport

START_AGAIN = "Your sign-in expired or was interrupted. Start again."
ADMIN_CAN_FIX_IT = "There's a problem with your company's single sign-on setup. Your IT admin can fix it."


@dataclass(frozen=True)
class Told:
    """The row of the check that an admin reads first, and how the attempt is said to have been started."""

    row: Row
    flow: str

    @property
    def cure(self) -> str:
        assert self.row.fix is not None
        return " → ".join(part for part in (self.row.fix.menu_path, self.row.fix.instruction) if part)


def admin_reads(event: SignInEvent) -> Told:
    """The admin's row of the cause of an event."""
    guide = event.connection.guide if event.connection else ""
    rows = rows_of(CheckReport.from_list(event.checks), guide, event.attributes)
    title = CATALOGUE[Refusal(event.refusal)].title
    return Told(next(row for row in rows if row.title == title), str(event.flow))


def person_reads(response: HttpResponse) -> str:
    """The words of a page, each blank once."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())
