"""Writes the corpus from its recipes: `python -m tests.saml.corpus.build`; with `--check` it only compares.

Builds are the same byte for byte, so a new case is a new folder and nothing else.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.saml.corpus import keys
from tests.saml.corpus.case import ROOT
from tests.saml.corpus.recipes import ALL

CERTIFICATES = (
    "idp",
    "idp_next",
    "idp_expired",
    "p256",
    "p384",
    "p521",
    "rsa3072",
    "rsa4096",
    "globex",
    "mallory",
    "sp",
)


def described() -> dict[str, bytes]:
    """Every file of the corpus that the recipes describe, by its path under this folder."""
    files = {f"certificates/{name}.pem": keys.certificate_pem(name).encode() for name in CERTIFICATES}
    for recipe in ALL:
        case = recipe.build()
        if f"{case.path}/case.json" in files:
            raise ValueError(f"Two recipes describe {case.path}")
        files[f"{case.path}/case.json"] = case.case_file().encode()
        files[f"{case.path}/{case.message_name}"] = case.message
    return files


def on_disk() -> dict[str, bytes]:
    """Every file of the corpus that is there."""
    found = (
        path
        for part in ("good", "bad", "certificates")
        for path in (ROOT / part).rglob("*")
        if path.is_file()
    )
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in found}


def differences() -> list[str]:
    """What is not on disk as it is described, one sentence a file."""
    wanted, found = described(), on_disk()
    return sorted(
        [f"{path} is missing" for path in wanted.keys() - found.keys()]
        + [f"{path} has no recipe" for path in found.keys() - wanted.keys()]
        + [
            f"{path} is not what its recipe makes"
            for path in wanted.keys() & found.keys()
            if wanted[path] != found[path]
        ]
    )


def write(root: Path = ROOT) -> int:
    """Write what is described and remove what is not; the number of files that changed."""
    wanted, found = described(), on_disk()
    for path in found.keys() - wanted.keys():
        (root / path).unlink()
        if not any((root / path).parent.iterdir()):
            shutil.rmtree((root / path).parent)
    changed = [path for path, content in wanted.items() if found.get(path) != content]
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(wanted[path])
    return len(changed)


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = differences()
        print("\n".join(found) or "The corpus is what its recipes describe.")
        return 1 if found else 0
    print(f"{write()} files written; {len(ALL)} cases.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
