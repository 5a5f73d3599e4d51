"""A second language for a test: a catalogue of its own, with as many texts as the test needs."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.test import override_settings
from django.utils import translation

Catalogue = Mapping[str | tuple[str, str], str | tuple[str, str]]
_HEAD = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=n != 1;\n"


@contextmanager
def german(folder: Path, texts: Catalogue) -> Iterator[None]:
    """German with these texts, a pair being singular and plural; whatever is not among them stays English."""
    path = folder / "de" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_compiled(texts))
    languages = [("en", "English"), ("de", "Deutsch")]
    with override_settings(LANGUAGES=languages, LOCALE_PATHS=[folder]), translation.override("de"):
        yield


def _compiled(texts: Catalogue) -> bytes:
    """A .mo file (GNU gettext manual, 10.3): magic number, tables of offsets, texts sorted by their English."""
    pairs = sorted(
        (_joined(english), _joined(other)) for english, other in ({"": _HEAD} | dict(texts)).items()
    )
    words = [side for pair in zip(*pairs, strict=True) for side in pair]
    at = 28 + 8 * len(words)
    table = b""
    for word in words:
        table += struct.pack("<II", len(word), at)
        at += len(word) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, at)
    return head + table + b"".join(word + b"\0" for word in words)


def _joined(text: str | tuple[str, str]) -> bytes:
    return (text if isinstance(text, str) else "\0".join(text)).encode()
