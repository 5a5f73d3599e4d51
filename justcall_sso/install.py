"""Makes .venv and installs locked packages into it: `python3 -m justcall_sso.install FILE`.

It runs on the system's Python, so it uses the standard library alone, and old syntax, so that an old Python can still say
that it is too old. Python's venv module is installed if it is missing and may be (justcall_sso/machine.py). A file is
installed only once: a stamp in the environment holds its digest. Exit code 2: this machine lacks something; the message
says what.
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
# Each file holds the packages of the one before it, and more.
FILES = ["requirements.txt", "requirements-demo.txt", "requirements-dev.txt"]


def check_python() -> None:
    """Raise MachineLacks if this is not the Python of the locked packages, or it has no venv module.

    If only Debian's package of the module is missing and may be installed, install it.
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
    """Make the environment, if needed, and install the packages of this requirements file."""
    check_python()
    if not _works():
        print("Making a virtual environment in .venv …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    if any(_is_installed(file) for file in FILES[FILES.index(name) :]):
        return
    print(f"Installing {name} (exact versions, checked by hash) …", flush=True)
    # --no-deps: the file names all dependencies. Without it, where a package asks for an extra of another one, pip looks
    # at the newest release instead of the locked one, and refuses it because the file has no hash of it.
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    pip = [str(PYTHON), "-m", "pip", "install", *options]
    subprocess.run([*pip, "-r", str(ROOT / name)], check=True)
    _stamp(name).write_text(_digest(name), encoding="ascii")


def _works() -> bool:
    # If the folder was moved, or its Python removed, the environment does not start any more.
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
