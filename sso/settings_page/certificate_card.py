"""A saved certificate as an admin compares it with what the identity provider's console shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from sso.models import Connection
from sso.saml.pasted.certificates import IdpCertificateInfo, read_certificate
from sso.saml.validity import Validity, days_left, validity_of


@dataclass(frozen=True, slots=True)
class CertificateCard:
    """A saved certificate: what it says of itself, its time in words, and when a sign-in last used it."""

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
    days = days_left(info, now)
    match validity_of(info, now):
        case Validity.EXPIRED:
            words, tone = ngettext("expired %d day ago", "expired %d days ago", -days) % -days, "danger"
        case Validity.NOT_YET:
            words, tone = gettext("not valid yet"), "warning"
        case Validity.SOON:
            words, tone = ngettext("expires in %d day", "expires in %d days", days) % days, "warning"
        case Validity.GOOD:
            words, tone = ngettext("expires in %d day", "expires in %d days", days) % days, "success"
    return CertificateCard(info, words, tone, last_used_at)
