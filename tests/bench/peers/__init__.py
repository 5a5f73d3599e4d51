"""The peers, each in a virtual environment of its own: `install()` makes them from the locked files in this folder."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

NAMES = ("allauth", "djangosaml2")
_HERE = Path(__file__).parent
_VENVS = _HERE.parents[2] / "var" / "bench" / "venvs"


def python_of(name: str) -> str:
    """The Python of a peer's environment."""
    return str(_VENVS / name / "bin" / "python")


def install() -> None:
    """Make what is missing: the environments, exact versions checked by hash, and the program that pysaml2 runs."""
    subprocess.run([sys.executable, "-m", "justcall_sso.machine", "xmlsec1"], check=True)
    for name in NAMES:
        locked = _HERE / f"{name}.txt"
        stamp = _VENVS / name / ".installed"
        digest = hashlib.sha256(locked.read_bytes()).hexdigest()
        if stamp.is_file() and stamp.read_text() == digest:
            continue
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(_VENVS / name)], check=True)
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
        subprocess.run([python_of(name), "-m", "pip", "install", *options, "-r", str(locked)], check=True)
        stamp.write_text(digest)
