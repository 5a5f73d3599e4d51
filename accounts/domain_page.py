"""The page of a company's domains: those in trouble first, what to put into DNS, and what a check has found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.dns_proof import (
    Busy,
    Mistake,
    Proof,
    Slip,
    mistake_in,
    record_host,
    record_value,
    short_host,
    zone_of,
)
from accounts.domains import GRACE
from accounts.models import EmailDomain, Organization


class Status(StrEnum):
    """The state of a domain, the most urgent first."""

    MISSING = "missing"
    PENDING = "pending"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Row:
    """One domain, with its record, and after a check with what was `said` about it."""

    domain: EmailDomain
    said: str = ""

    @property
    def status(self) -> Status:
        if self.domain.missing_since is not None:
            return Status.MISSING
        return Status.VERIFIED if self.domain.is_verified else Status.PENDING

    @property
    def host(self) -> str:
        return record_host(self.domain)

    @property
    def short_host(self) -> str:
        return short_host(self.domain)

    @property
    def zone(self) -> str:
        return zone_of(self.domain)

    @property
    def value(self) -> str:
        return record_value(self.domain)

    @property
    def grace_ends(self) -> datetime | None:
        return self.domain.missing_since + GRACE if self.domain.missing_since else None


def rows_of(organization: Organization) -> list[Row]:
    """The domains of a company: those in trouble first, then by name."""
    rows = [Row(domain) for domain in organization.domains.order_by("name")]
    return sorted(rows, key=lambda row: list(Status).index(row.status))


def what_was_found(domain: EmailDomain, proof: Proof) -> str:
    """What a check has found, and if the record is missing what is there instead. That asks DNS again."""
    if proof is Proof.FOUND:
        return _("%(name)s is verified.") % {"name": domain.name}
    if proof is Proof.UNKNOWN:
        return _("No name server answered for %(name)s. Try again later.") % {"name": domain.name}
    try:
        mistake = mistake_in(domain)
    except Busy:
        mistake = None
    if mistake is not None:
        return _of_mistake(domain, mistake)
    return _("The TXT record of %(name)s is not there yet. A new record can take an hour to be seen.") % {
        "name": domain.name
    }


def _of_mistake(domain: EmailDomain, mistake: Mistake) -> str:
    facts = {
        "name": domain.name,
        "found": mistake.found,
        "host": record_host(domain),
        "short": short_host(domain),
    }
    match mistake.slip:
        case Slip.OTHER_VALUE:
            text = _(
                "There is a TXT record at %(host)s, but its value is “%(found)s”. Copy the value from here once more."
            )
        case Slip.DOMAIN_TWICE:
            text = _(
                "The TXT record is at %(found)s: your DNS host has added the domain once more. "
                "As host enter only %(short)s."
            )
        case Slip.AT_THE_DOMAIN:
            text = _("The TXT record is at %(found)s itself. Its host must be %(host)s.")
    return text % facts
