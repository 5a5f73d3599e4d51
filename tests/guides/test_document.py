"""docs/troubleshooting.md is what the catalogue and the guides say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from sso.guides.document import document

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_as_the_catalogue_and_the_guides_say() -> None:
    written = (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
    assert written == document(), "run: make docs"


def test_the_command_prints_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "sso/guides/document.py"), run_name="__main__")
    assert capsys.readouterr().out == document()
