"""Makes .venv and installs locked dependencies into it: `python3 -m justcall_sso.install FILE`.

Runs on the system's Python with nothing installed, so it uses the standard library alone, and syntax old
enough that a Python that is too old can still say so. What is installed already is not installed again: a
stamp in the environment holds the digest of the file. Python's venv module is installed where it is missing
and may be (justcall_sso/machine.py). Exit code 2: this machine lacks something, it is named.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from justcall_sso.machine import MACHINE_LACKS, MachineLacks, provide

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED = (3, 11)
# Each file's packages are in the files after it, too.
FILES = ["requirements.txt", "requirements-demo.txt", "requirements-dev.txt"]


def check_python() -> None:
    """Raise MachineLacks unless this is the Python of the lock files, with its venv module.

    Where the module is missing and Debian's package may be installed, it is.
    """
    found = sys.version_info[:2]
    if found != NEEDED:
        raise MachineLacks(
            "JustCall SSO needs Python {}.{}, and this is Python {}.{} ({}).\n"
            "Install it (Debian: apt-get install python3.11 python3.11-venv) or name it: "
            "make PYTHON=/path/to/python3.11 …".format(*NEEDED, *found, sys.executable)
        )
    provide("venv")


def install(name: str) -> None:
    """Make sure that the environment exists and has what the requirements file of this name locks."""
    check_python()
    if not _works():
        print("Making a virtual environment in .venv …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    if any(_is_installed(file) for file in FILES[FILES.index(name) :]):
        return
    print(f"Installing {name} (exact versions, checked by hash) …", flush=True)
    # Without dependencies, for the file names them all: where one of them asks for an extra, pip looks at its newest
    # release, not at the locked one, and finds that it has no hash for it.
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    pip = [str(PYTHON), "-m", "pip", "install", *options]
    subprocess.run([*pip, "-r", str(ROOT / name)], check=True)
    _stamp(name).write_text(_digest(name), encoding="ascii")


def _works() -> bool:
    # A folder that was moved, or a Python that was removed, leaves an environment that does not start.
    try:
        answer = subprocess.run(
            [str(PYTHON), "-c", "import sys, pip; print(sys.prefix, *sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return False
    return answer.stdout.split() == [str(VENV), *map(str, NEEDED)]


def _is_installed(name: str) -> bool:
    return _stamp(name).is_file() and _stamp(name).read_text(encoding="ascii") == _digest(name)


def _stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def _digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def main() -> int:
    try:
        install(sys.argv[1])
    except MachineLacks as lack:
        print(lack, file=sys.stderr)
        return MACHINE_LACKS
    except subprocess.CalledProcessError as error:
        print(f"That did not work (exit code {error.returncode}); the lines above say why.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
