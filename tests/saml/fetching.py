"""DTDs that ask a parser to fetch a file. The file is broken, so that a parser that fetches it stumbles over it."""

from __future__ import annotations

from pathlib import Path

# The internal part of a DTD, and what it is for.
FETCHING = [
    ('SYSTEM "{file}"', "<x/>"),
    ('[<!ENTITY e SYSTEM "{file}">]', "<x>&e;</x>"),
]


def fetching(dtd: str, content: str, folder: Path) -> str:
    """A document with such a DTD, without its XML declaration."""
    broken = folder / "broken.dtd"
    broken.write_text("<!ELEMENT <", encoding="ascii")
    return f"<!DOCTYPE x {dtd.format(file=broken.as_uri())}>{content}"
