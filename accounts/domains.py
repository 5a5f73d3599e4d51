"""E-mail domains: an admin adds one, DNS proves it, we check it again every day, an admin removes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit, outbox
from accounts.addresses import ascii_domain
from accounts.audit import Action
from accounts.dns_proof import Busy, Proof, look_up
from accounts.members import admin_addresses
from accounts.models import EmailDomain, Organization, User
from accounts.outbox import Facts, Letter, Occasion
from accounts.public_mail_domains import PUBLIC_MAIL_DOMAINS
from accounts.public_suffixes import registered_domain

GRACE = timedelta(days=7)
DUE_AFTER = timedelta(hours=20)
# Of those who are affected by a removal, as many are named.
_NAMED = 20
_LABELS = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.ASCII)


class DomainRefused(Exception):
    """The domain can't be added or verified. The message says why and what to do."""


def normalize(text: str) -> str:
    """The domain in what somebody typed (a domain, an address or a URL), in lower case and ASCII.

    Raises DomainRefused.
    """
    name = text.strip().lower().rpartition("@")[2]
    name = re.sub(r"^https?://", "", name).split("/")[0].strip().rstrip(".")
    try:
        name = ascii_domain(name)
    except UnicodeError:
        raise DomainRefused(_("This is not a domain name. Enter one such as acme.example.")) from None
    if len(name) > 253 or not _LABELS.fullmatch(name):
        raise DomainRefused(_("This is not a domain name. Enter one such as acme.example."))
    if any(name == public or name.endswith(f".{public}") for public in PUBLIC_MAIL_DOMAINS):
        raise DomainRefused(
            _("%(name)s is a public mail domain. Enter your company's own domain.") % {"name": name}
        )
    if not registered_domain(name):
        raise DomainRefused(
            _("%(name)s belongs to everybody. Enter your company's own domain.") % {"name": name}
        )
    return name


def claim(organization: Organization, text: str, *, actor: User | None = None) -> EmailDomain:
    """Add a domain, which is not verified yet. Raises DomainRefused."""
    name = normalize(text)
    if _verified_elsewhere(organization, name):
        raise DomainRefused(_("%(name)s can't be added. If it is yours, contact support.") % {"name": name})
    with transaction.atomic():
        domain, is_new = organization.domains.get_or_create(name=name)
        if not is_new:
            raise DomainRefused(_("%(name)s is in the list already.") % {"name": name})
        audit.record(organization, actor, Action.DOMAIN_ADDED, subject=name)
    return domain


def remove(domain: EmailDomain, *, actor: User) -> None:
    """Remove a domain. Single sign-on for it stops at once."""
    state = "verified" if domain.is_verified else "pending"
    with transaction.atomic():
        audit.record(
            domain.organization, actor, Action.DOMAIN_REMOVED, {"status": [state, ""]}, subject=domain.name
        )
        domain.delete()


def _verified_elsewhere(organization: Organization, name: str) -> bool:
    return (
        EmailDomain.objects.filter(name=name, verified_at__isnull=False)
        .exclude(organization=organization)
        .exists()
    )


def check(domain: EmailDomain, now: datetime, *, actor: User | None = None) -> Proof:
    """Look for the TXT record and save what was found.

    A verified domain whose record is gone stays verified for `GRACE`. Its admins are told once, however many checks run
    at once. Raises DomainRefused if another organization has verified the domain first, or if nobody can be asked now.
    """
    try:
        proof = look_up(domain)
    except Busy:
        raise DomainRefused(
            _(
                "%(name)s was not checked: other domains are being checked, and their name servers take long. "
                "Check it again in a few seconds."
            )
            % {"name": domain.name}
        ) from None
    try:
        with transaction.atomic():
            _save(domain, proof, now, actor)
    except IntegrityError:
        raise DomainRefused(
            _("%(name)s can't be verified. If it is yours, contact support.") % {"name": domain.name}
        ) from None
    domain.refresh_from_db()
    return proof


def _save(domain: EmailDomain, proof: Proof, now: datetime, actor: User | None) -> None:
    """Save what was found. The admins are told when the record of a verified domain is missing for the first time."""
    row = EmailDomain.objects.select_for_update().filter(pk=domain.pk).first()
    if row is None:
        raise DomainRefused(_("%(name)s was removed meanwhile.") % {"name": domain.name})
    was_verified = row.is_verified
    row.last_checked_at = now
    if proof is Proof.FOUND:
        row.verified_at = row.verified_at or now
        row.missing_since = None
    elif proof is Proof.MISSING and row.verified_at is not None:
        if row.missing_since is None:
            row.missing_since = now
            _warn_admins(row, now)
        elif now >= row.missing_since + GRACE:
            row.verified_at = row.missing_since = None
    row.save(update_fields=["last_checked_at", "verified_at", "missing_since"])
    if row.is_verified != was_verified:
        action = Action.DOMAIN_VERIFIED if row.is_verified else Action.DOMAIN_LAPSED
        audit.record(row.organization, actor, action, subject=row.name)


def recheck_due(now: datetime) -> Iterator[tuple[EmailDomain, Proof | None]]:
    """Check every verified domain that was not checked for `DUE_AFTER`. No proof: it could not be checked.

    Cron calls this every hour, so each domain is checked once a day.
    """
    due = EmailDomain.objects.select_related("organization").filter(
        Q(last_checked_at__isnull=True) | Q(last_checked_at__lt=now - DUE_AFTER), verified_at__isnull=False
    )
    for domain in due.order_by("pk"):
        try:
            yield domain, check(domain, now)
        except DomainRefused:
            yield domain, None


def _warn_admins(domain: EmailDomain, now: datetime) -> None:
    for address in admin_addresses(domain.organization):
        # An e-mail each: one whose mail server refuses it must not keep it from the others.
        outbox.put("domain_record_missing", {"domain": domain.pk, "to": address}, now)


def _warning(facts: Facts) -> Letter | None:
    domain = EmailDomain.objects.filter(pk=facts["domain"]).first()
    if domain is None or domain.missing_since is None:
        return None
    about = {
        "domain": domain.name,
        "until": domain.missing_since + GRACE,
        "link": settings.PUBLIC_BASE_URL + reverse("domains"),
    }
    return Letter("accounts/emails/domain_record_missing", about, [facts["to"]])


outbox.announce("domain_record_missing", Occasion(_warning, worth_sending=timedelta(days=3)))


@dataclass(frozen=True, slots=True)
class Affected:
    """The active members with an address in a domain, who have no single sign-on without it."""

    number: int
    without_password: int
    # The first of them.
    people: list[User]

    @property
    def more(self) -> int:
        return self.number - len(self.people)


def affected_by(domain: EmailDomain) -> Affected:
    """Who loses single sign-on when a domain goes. The number of statements is constant."""
    if not domain.is_verified:
        return Affected(0, 0, [])
    people = domain.organization.members.filter(is_active=True, email__endswith=f"@{domain.name}")
    has_none = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    counts = people.aggregate(all=Count("pk"), without_password=Count("pk", filter=has_none))
    first = list(people.order_by("email")[:_NAMED])
    return Affected(counts["all"], counts["without_password"], first)
