"""One spelling for each e-mail address and each domain: they are stored and looked up in it."""

from __future__ import annotations

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def ascii_domain(name: str) -> str:
    """A domain in lower case and in ASCII (IDNA 2008, RFC 5891). Raises UnicodeError if it has none."""
    return name.lower() if name.isascii() else idna.encode(name.lower(), uts46=True).decode("ascii")


def canonical_email(value: str) -> str:
    """The one spelling of an address that somebody typed: trimmed, lower case, the domain in ASCII.

    Raises ValidationError if it has none. Whether the text is an address at all is for validators to say: a text without
    an @ is returned in lower case.
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
