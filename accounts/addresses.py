"""The one spelling of an e-mail address, in which it is stored, looked up and written to; and that of its domain."""

from __future__ import annotations

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def ascii_domain(name: str) -> str:
    """A domain in lower case and in its ASCII form (IDNA 2008, RFC 5891). Raises UnicodeError if it has none."""
    return name.lower() if name.isascii() else idna.encode(name.lower(), uts46=True).decode("ascii")


def canonical_email(value: str) -> str:
    """Trimmed, in lower case, the domain in its ASCII form. Raises ValidationError if it can't be written so.

    A text without an @ is no address; it is not judged here.
    """
    name, at, domain = value.strip().rpartition("@")
    if not at:
        return domain.lower()
    if not name.isascii():
        raise ValidationError(
            _("The part before the @ may have no letters but a to z. Check its spelling."), code="local_part"
        )
    try:
        return f"{name.lower()}@{ascii_domain(domain)}"
    except UnicodeError:
        raise ValidationError(
            _("The part after the @ is not a domain name. Check its spelling."), code="domain"
        ) from None
