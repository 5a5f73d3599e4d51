"""Fingerprints of certificates, as the consoles of identity providers show them."""

from __future__ import annotations


def with_colons(digest: str) -> str:
    """A fingerprint in hex, in upper case and with colons between the bytes."""
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2)).upper()


def shortened(digest: str) -> str:
    """The first eight bytes of a fingerprint: enough to recognise a certificate, too few to compare it."""
    return f"{with_colons(digest[:16])}…"
