"""Fingerprints as consoles show them, whole and shortened."""

from __future__ import annotations

from sso.saml.fingerprints import shortened, with_colons


def test_a_fingerprint_has_a_colon_after_each_byte() -> None:
    assert with_colons("0a1b2c") == "0A:1B:2C"
    assert with_colons("") == ""


def test_a_shortened_one_has_eight_bytes() -> None:
    assert shortened("0f" * 32) == "0F:0F:0F:0F:0F:0F:0F:0F…"
