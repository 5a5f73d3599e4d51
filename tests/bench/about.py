"""What was measured on what: the commit, the machine and the versions."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.databases import POSTGRES_URL, Database


def about() -> dict[str, str]:
    """Each thing by its name, for the head of the report."""
    git = ["git", "log", "-1", "--format=%h"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    (postgresql,) = Database("PostgreSQL", POSTGRES_URL).ask("SHOW server_version")
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "commit": commit,
        "on": f"{datetime.now(UTC):%Y-%m-%d}",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "processor": f"{_processor()} ({os.cpu_count()} cores, {gigabytes:.0f} GB)",
        "Python": platform.python_version(),
        "PostgreSQL": str(postgresql).split()[0],
        **{name: version(name) for name in ("Django", "gunicorn", "lxml", "xmlsec", "python3-saml")},
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine() or sys.platform
