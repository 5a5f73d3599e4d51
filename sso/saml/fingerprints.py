"""Fingerprints of certificates, as the consoles of identity providers show them."""

from __future__ import annotations


def with_colons(digest: str) -> str:
    """Lower-case hex in upper case, with a colon after each byte."""
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2)).upper()


def shortened(digest: str) -> str:
    """The first eight bytes: enough to recognise a certificate by, too few to compare it."""
    return f"{with_colons(digest[:16])}…"
