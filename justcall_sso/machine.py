"""What this machine must have beside Python, make and git, and how Debian's packages get there.

    python3 -m justcall_sso.machine browser           installs what is missing, where that is allowed
    python3 -m justcall_sso.machine --look browser    only looks

Exit code 2: something is still missing; the text says what for, and how to get it. Like install.py it uses the
standard library alone, and syntax old enough that a Python that is too old can still say so.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

MACHINE_LACKS = 2
# Another one is named by the environment: CHROMIUM=/path/to/chromium make test
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
POSTGRESQL = Path("/usr/lib/postgresql")


class MachineLacks(Exception):
    """The user must install or name something first. The message says what and how."""


class Need(NamedTuple):
    """Something this machine must have: what and what for, whether it is there, and how to get it."""

    what: str
    is_there: Callable[[], bool]
    package: str
    elsewhere: str


def _has_venv() -> bool:
    # Debian keeps ensurepip, which the venv module calls, in a package of its own.
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(name) is not None for name in ("ensurepip", "venv"))


def _has_libatomic() -> bool:
    # Node.js, which comes with Playwright, is linked to it on Linux.
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


NEEDS = {
    "make": [Need("make", lambda: shutil.which("make") is not None, "make", "install GNU make")],
    "venv": [Need("Python's venv module", _has_venv, "python3.11-venv", "make … PYTHON=/path/to/python3.11")],
    "browser": [
        Need(
            "Chromium, for the browser tests and the screenshots",
            lambda: os.access(CHROMIUM, os.X_OK),
            "chromium",
            "make … CHROMIUM=/path/to/chromium",
        ),
        Need(
            "libatomic, for Playwright, which drives Chromium",
            _has_libatomic,
            "libatomic1",
            "install libatomic",
        ),
    ],
    "postgresql": [
        Need(
            "a PostgreSQL server",
            lambda: any(POSTGRESQL.glob("*/bin/initdb")),
            "postgresql",
            "make … POSTGRES_URL=postgres://user:password@host/name",
        )
    ],
    "xmlsec1": [
        Need(
            "the program xmlsec1, for pysaml2, which the benchmark compares us with",
            lambda: shutil.which("xmlsec1") is not None,
            "xmlsec1",
            "install xmlsec1 (XML Security Library)",
        )
    ],
}


def provide(*names: str) -> None:
    """Install what is missing for these names of NEEDS. Raise MachineLacks for what is missing still."""
    packages = [need.package for need in _missing(names)]
    if packages:
        root = as_root(os.geteuid(), shutil.which, _needs_no_password)
        if root is not None:
            _install(packages, root)
    look(*names)


def look(*names: str) -> None:
    """Raise MachineLacks for what is missing for these names of NEEDS."""
    missing = _missing(names)
    if missing:
        raise MachineLacks(
            "Missing: {}\nTo get it on Debian, as root: apt-get install {}\nElsewhere: {}".format(
                "; ".join(need.what for need in missing),
                " ".join(need.package for need in missing),
                "; ".join(need.elsewhere for need in missing),
            )
        )


def _missing(names: tuple[str, ...]) -> list[Need]:
    return [need for name in names for need in NEEDS[name] if not need.is_there()]


def as_root(
    user_id: int, which: Callable[[str], str | None], needs_no_password: Callable[[str], bool]
) -> list[str] | None:
    """What to write before apt-get so that it may install. None: it may not, or this is no Debian."""
    if which("apt-get") is None:
        return None
    if user_id == 0:
        return []
    sudo = which("sudo")
    return [sudo, "-n"] if sudo is not None and needs_no_password(sudo) else None


def _needs_no_password(sudo: str) -> bool:
    return subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0


def _install(packages: list[str], root: list[str]) -> None:
    print("Installing {} (apt-get) …".format(" ".join(packages)), flush=True)
    apt_get = [
        *root,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]
    # A list that cannot be fetched is no reason to stop: the older ones may do.
    subprocess.run([*apt_get, "update"], capture_output=True, check=False)
    outcome = subprocess.run(
        [*apt_get, "install", "-y", "--no-install-recommends", *packages],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if outcome.returncode != 0:
        print(*outcome.stdout.splitlines()[-20:], sep="\n", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(prog="justcall_sso.machine", description="What this machine must have.")
    parser.add_argument("--look", action="store_true", help="install nothing")
    parser.add_argument("names", nargs="+", choices=sorted(NEEDS), metavar="NAME", help=", ".join(NEEDS))
    options = parser.parse_args()
    try:
        (look if options.look else provide)(*options.names)
    except MachineLacks as lack:
        print(lack, file=sys.stderr)
        return MACHINE_LACKS
    return 0


if __name__ == "__main__":
    sys.exit(main())
