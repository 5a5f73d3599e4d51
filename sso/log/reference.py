"""The reference of a sign-in, as it is written and as people write it."""

from __future__ import annotations

import re
import secrets

# Without 0/O, 1/I/L and U: a reference is read aloud over a telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8
_TYPED = re.compile(rf"(?:SSO)?([{_ALPHABET}]{{{_LENGTH}}})")


def new_reference() -> str:
    """A fresh reference such as SSO-7K2M9QXD: 30^8 possibilities, unique in the database."""
    return "SSO-" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def read_reference(typed: str) -> str:
    """The reference somebody means: any case, with blanks and dashes anywhere, with or without "SSO". Empty for none."""
    # Longer than anything a person types around eight characters.
    found = _TYPED.fullmatch(re.sub(r"[\s‐-―-]+", "", typed[:100]).upper())
    return f"SSO-{found[1]}" if found else ""
