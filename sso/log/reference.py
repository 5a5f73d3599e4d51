"""The reference of a sign-in: how it is made, and how it is read from what people type."""

from __future__ import annotations

import re
import secrets

# Without 0/O, 1/I/L and U: people read references out on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8
_TYPED = re.compile(rf"(?:SSO)?([{_ALPHABET}]{{{_LENGTH}}})")


def new_reference() -> str:
    """A new random reference such as SSO-7K2M9QXD, one of 30^8. The database keeps it unique."""
    return "SSO-" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def read_reference(typed: str) -> str:
    """The reference in what somebody typed; empty if there is none.

    It may be in any case, with blanks and dashes anywhere, with or without "SSO".
    """
    # No more than 100 characters: nobody types as much for a reference.
    found = _TYPED.fullmatch(re.sub(r"[\s‐-―-]+", "", typed[:100]).upper())
    return f"SSO-{found[1]}" if found else ""
