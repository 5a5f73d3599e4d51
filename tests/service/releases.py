"""Releases of the service, each in a folder of its own. A page says by which templates and by which code it was made."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.production import ROOT

_OF_A_RELEASE = ["accounts", "sso", "justcall_sso", "templates", "static", "manage.py", "gunicorn.conf.py"]
_ENVIRONMENT = {
    "ENV_FILE": "",
    "DEBUG": "0",
    "SECRET_KEY": "a-key-for-the-tests-only-that-is-as-long-as-it-must-be-0123456789",
    "KEY_ENCRYPTION_KEYS": "dGVzdHMtb25seS1rZXktdGhhdC1zZWFscy1zdHVmZiE=",
}


def make_release(folder: Path, name: str) -> Path:
    """A release whose every page that has a form says its name twice: from a template and from a module."""
    folder.mkdir(parents=True)
    for part in _OF_A_RELEASE:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    fields = folder / "justcall_sso/form_fields.py"
    fields.write_text(fields.read_text().replace('"form-control"', f'"form-control code-{name}"'))
    for template in (folder / "templates").rglob("*.html"):
        text = template.read_text()
        template.write_text(text.replace("</form>", f"<i hidden>templates-{name}</i></form>"))
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"],
        cwd=folder,
        env=_ENVIRONMENT,
        check=True,
    )
    return folder


def release_of(page: str) -> str:
    """The name of the release that made a page. Raises AssertionError if two did."""
    found = {name for name in ("one", "two") for part in ("code", "templates") if f"{part}-{name}" in page}
    both = all(f"{part}-{name}" in page for name in found for part in ("code", "templates"))
    assert len(found) == 1 and both, f"made by {found or 'nobody'}: {page[:2000]}"
    return found.pop()
