"""A process with the settings of a production (tests/production.env)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PRODUCTION = dict(
    line.split("=", 1)
    for line in (ROOT / "tests/production.env").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)


def in_production(*command: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
    """A process with the environment of a production, but for `changed` (None: not set)."""
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", **PRODUCTION, **changed}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
