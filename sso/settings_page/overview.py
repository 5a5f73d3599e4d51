"""A live connection at a glance: does it work, what needs a look, and how many came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext, gettext_noop

from accounts.models import Organization
from sso.health.chart import Chart, chart_of
from sso.health.daily import last_days, seconds_at_identity_provider
from sso.health.findings import Finding, Level, findings_of_connection, worst
from sso.models import Connection

_VERDICTS = {
    Level.OK: ("success", gettext_noop("Working")),
    Level.WARN: ("warning", gettext_noop("Working, look at this")),
    Level.FAIL: ("danger", gettext_noop("People are kept out")),
}


@dataclass(frozen=True, slots=True)
class Overview:
    """What the top of the page says of a connection that is on.

    `to_look_at` are the findings that are not OK, the worst first, and `cured` those that were not. `seconds` is the
    median time a person spends at the identity provider. `members` are the active ones, and `with_sso` those of them who
    have signed in with SSO.
    """

    level: Level
    to_look_at: list[Finding]
    cured: list[Finding]
    chart: Chart
    seconds: int | None
    members: int
    with_sso: int

    @property
    def tone(self) -> str:
        return _VERDICTS[self.level][0]

    @property
    def verdict(self) -> str:
        return gettext(_VERDICTS[self.level][1])

    @property
    def not_yet(self) -> int:
        return self.members - self.with_sso


def overview_of(connection: Connection, now: datetime) -> Overview:
    """Look at a connection that is on. The number of statements is constant."""
    organization = connection.organization
    findings = findings_of_connection(connection, now)
    looked_at = [each for each in findings if each.level is not Level.OK]
    members, with_sso = _members(organization)
    return Overview(
        level=worst(findings),
        to_look_at=sorted(looked_at, key=lambda finding: finding.level is not Level.FAIL),
        cured=[each for each in findings if each.is_cured],
        chart=chart_of(last_days(connection, now)),
        seconds=seconds_at_identity_provider(organization),
        members=members,
        with_sso=with_sso,
    )


def _members(organization: Organization) -> tuple[int, int]:
    # COUNT of a column leaves out its NULLs.
    counts = organization.members.filter(is_active=True).aggregate(all=Count("pk"), sso=Count("last_sso_at"))
    return counts["all"], counts["sso"]
