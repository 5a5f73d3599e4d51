"""What the Single Sign-On page shows besides its forms: certificates, the latest sign-ins, who would be affected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext, ngettext

from accounts.models import Organization
from sso.connection_test import PATIENCE
from sso.guides import Fix, fix_for, guide_named
from sso.models import Connection, Flow, PendingLogin, SignInEvent
from sso.refusals import CATALOGUE, Refusal
from sso.saml.certificates import IdpCertificateInfo, expires_in_days, read_certificate
from sso.saml.report import Outcome

SOON = 60


@dataclass(frozen=True, slots=True)
class CertificateCard:
    """A saved certificate as an admin compares it with what the identity provider's console shows."""

    info: IdpCertificateInfo
    expiry: str
    tone: str
    last_used_at: datetime | None

    @property
    def sha256(self) -> list[str]:
        """Byte by byte, so that a narrow page breaks the line between two of them."""
        return self.info.sha256_colons.split(":")

    @property
    def sha1(self) -> list[str]:
        return self.info.sha1_colons.split(":")


def certificate_cards(connection: Connection, now: datetime) -> list[CertificateCard]:
    """The saved certificates, oldest first."""
    return [_card(row.pem, row.last_used_at, now) for row in connection.certificates.all()]


def _card(pem: str, last_used_at: datetime | None, now: datetime) -> CertificateCard:
    info = read_certificate(pem)
    days = expires_in_days(info, now)
    if days < 0:
        words = ngettext("expired %d day ago", "expired %d days ago", -days) % -days
        return CertificateCard(info, words, "danger", last_used_at)
    if now < info.not_before:
        return CertificateCard(info, gettext("not valid yet"), "warning", last_used_at)
    words = ngettext("expires in %d day", "expires in %d days", days) % days
    return CertificateCard(info, words, "success" if days > SOON else "warning", last_used_at)


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One sign-in as a line of the page. Title, sentence and fix are there if something was wrong with it."""

    at: datetime
    badge: str
    tone: str
    person: str
    flow: str
    reference: str = ""
    title: str = ""
    sentence: str = ""
    expected: str = ""
    received: str = ""
    fix: Fix | None = None


def recent_sign_ins(connection: Connection, now: datetime, limit: int = 10) -> list[SignInLine]:
    """The latest sign-ins of a company, newest first, with the requests nobody answered. Two queries."""
    events = connection.organization.sign_in_events.select_related("user").order_by("-occurred_at", "-pk")
    lines = [_line(event, connection.guide) for event in events[:limit]]
    lines += [
        _unanswered(request, connection.guide) for request in _unanswered_requests(connection, now)[:limit]
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def _line(event: SignInEvent, guide: str) -> SignInLine:
    person = event.email or (event.user.email if event.user else "")
    # The tile of whoever is the identity provider.
    flow = gettext(guide_named(guide).tile if event.flow == Flow.TILE else event.get_flow_display())
    is_test = event.flow == Flow.TEST
    if event.succeeded:
        badge = gettext("Test passed") if is_test else gettext("Signed in")
        line = SignInLine(event.occurred_at, badge, "success", person, flow, event.reference)
        return _warned(line, event, guide)
    badge = gettext("Test failed") if is_test else gettext("Refused")
    line = SignInLine(event.occurred_at, badge, "danger", person, flow, event.reference, title=event.refusal)
    if event.refusal not in set(Refusal):
        # A code of another release: better a bare line than no page.
        return line
    refusal = Refusal(event.refusal)
    failure: dict[str, str] = next((row for row in event.checks if row.get("refusal") == event.refusal), {})
    line = replace(line, expected=failure.get("expected", ""), received=failure.get("received", ""))
    return _explained(line, refusal, guide)


def _warned(line: SignInLine, event: SignInEvent, guide: str) -> SignInLine:
    """The line of somebody who is in, with the first thing that will have to be looked after."""
    warning = next((row for row in event.checks if row.get("outcome") == Outcome.WARNING), None)
    if warning is None or warning["refusal"] not in set(Refusal):
        return line
    line = replace(line, expected=warning["expected"], received=warning["received"])
    return _explained(line, Refusal(warning["refusal"]), guide)


def _unanswered_requests(connection: Connection, now: datetime) -> QuerySet[PendingLogin]:
    answered = SignInEvent.objects.filter(connection=connection, requested_at=OuterRef("created_at"))
    return connection.pending_logins.filter(
        ~Exists(answered), consumed_at__isnull=True, created_at__lt=now - PATIENCE
    ).order_by("-created_at", "-pk")


def _unanswered(request: PendingLogin, guide: str) -> SignInLine:
    """Somebody was sent to the identity provider and never came back: only here it shows."""
    flow = Flow.TEST if request.test_id else Flow.SSO_PAGE
    line = SignInLine(
        request.created_at,
        gettext("No response"),
        "warning",
        "",
        gettext(str(flow.label)),
        expected=gettext("a response within 5 minutes"),
        received=gettext("none"),
    )
    return _explained(line, Refusal.NO_RESPONSE, guide)


def _explained(line: SignInLine, refusal: Refusal, guide: str) -> SignInLine:
    entry = CATALOGUE[refusal]
    return replace(
        line,
        title=gettext(entry.title),
        sentence=gettext(entry.sentence),
        fix=fix_for(guide, refusal, line.received),
    )


def members_without_password(organization: Organization) -> int:
    """How many active members can sign in by single sign-on only."""
    return organization.members.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX).count()
