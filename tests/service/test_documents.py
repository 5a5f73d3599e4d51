"""The documents name files that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The changelog tells of yesterday.
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "SECURITY.md",
    ROOT / "Makefile",
    *sorted((ROOT / "docs").glob("*.md")),
]
_PATH = re.compile(r"(?<![\w/.-])(?:accounts|docs|justcall_sso|sso|static|templates|tests)/[\w/.-]*[\w/]")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_files_that_there_are(document: Path) -> None:
    named = _PATH.findall(document.read_text(encoding="utf-8"))
    missing = {path for path in named if not (ROOT / path).exists() and not (ROOT / f"{path}.py").exists()}
    assert sorted(missing) == []
