"""What the machine lacks is installed where that is allowed, and is named with how to get it elsewhere."""

import _ctypes
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from justcall_sso.machine import as_root

ROOT = Path(__file__).resolve().parents[2]


class Machine:
    """A machine whose programs are those of one folder, with a Chromium and a libatomic of its own."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.chromium, self.asked = folder / "bin", folder / "chromium", folder / "asked"
        self.libatomic = folder / "lib" / "libatomic.so.1"
        self.programs.mkdir()
        self.libatomic.parent.mkdir()
        # Any library will do for one that can be loaded.
        self.libatomic.symlink_to(_ctypes.__file__)
        for name in ("env", "sh", "make", "true"):
            found = shutil.which(name)
            assert found is not None
            (self.programs / name).symlink_to(found)

    def has(self, name: str, script: str) -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)

    def has_apt_get(self, installs: str) -> None:
        self.has(
            "apt-get",
            f'echo "$DEBIAN_FRONTEND: $*" >> {self.asked}; case "$*" in *install*) {installs};; esac',
        )
        # For whoever is not root.
        self.has("sudo", 'shift; exec "$@"')

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=ROOT,
            env={
                "PATH": str(self.programs),
                "LD_LIBRARY_PATH": str(self.libatomic.parent),
                "CHROMIUM": str(self.chromium),
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def provide(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "justcall_sso.machine", *arguments)

    def make_test(self, pytest: str) -> subprocess.CompletedProcess[str]:
        # What `make install` does has tests of its own.
        return self.run("make", "-o", "install", "test", f"PYTHON={sys.executable}", f"PYTEST={pytest}")

    @property
    def makes_chromium(self) -> str:
        return f"echo '#!/bin/sh' > {self.chromium}; /bin/chmod +x {self.chromium}"

    @property
    def installed(self) -> str:
        return self.asked.read_text(encoding="utf-8") if self.asked.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_is_missing_is_installed_and_said_in_a_line(machine: Machine) -> None:
    machine.has_apt_get(installs=machine.makes_chromium)
    outcome = machine.provide("make", "browser")
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert outcome.stdout == "Installing chromium (apt-get) …\n"
    update, install = machine.installed.splitlines()
    assert update.startswith("noninteractive: ")
    assert update.endswith(" update")
    assert install.endswith(" install -y --no-install-recommends chromium")


def test_what_belongs_together_is_installed_together(machine: Machine) -> None:
    # An empty file cannot be loaded.
    machine.libatomic.unlink()
    machine.libatomic.touch()
    there = f"/bin/ln -sf {_ctypes.__file__} {machine.libatomic}"
    machine.has_apt_get(installs=f"{machine.makes_chromium}; {there}")
    outcome = machine.provide("browser")
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert outcome.stdout == "Installing chromium libatomic1 (apt-get) …\n"


def test_what_is_there_is_left_alone(machine: Machine) -> None:
    machine.has("../chromium", "")
    machine.has_apt_get(installs="exit 1")
    outcome = machine.provide("make", "venv", "browser")
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
    assert machine.installed == ""


def test_looking_installs_nothing(machine: Machine) -> None:
    machine.has_apt_get(installs=machine.makes_chromium)
    outcome = machine.provide("--look", "browser")
    assert outcome.returncode == 2
    assert "Missing: Chromium" in outcome.stderr
    assert machine.installed == ""


def test_where_nothing_can_be_installed_it_names_what_is_missing_and_how_to_get_it(machine: Machine) -> None:
    outcome = machine.provide("browser")
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr.splitlines() == [
        "Missing: Chromium, for the browser tests and the screenshots",
        "To get it on Debian, as root: apt-get install chromium",
        "Elsewhere: make … CHROMIUM=/path/to/chromium",
    ]


@pytest.mark.parametrize("installs", ["echo E: no such package; exit 100", "echo E: no such package"])
def test_an_apt_get_that_brings_nothing_is_no_success(machine: Machine, installs: str) -> None:
    machine.has_apt_get(installs)
    outcome = machine.provide("browser")
    assert outcome.returncode == 2
    assert "Missing: Chromium" in outcome.stderr
    assert ("E: no such package" in outcome.stderr) is installs.endswith("100")


def _finds(*programs: str) -> Callable[[str], str | None]:
    return lambda name: f"/usr/bin/{name}" if name in programs else None


@pytest.mark.parametrize(
    ("user_id", "programs", "needs_no_password", "before_apt_get"),
    [
        (0, ["apt-get"], False, []),
        (1000, ["apt-get", "sudo"], True, ["/usr/bin/sudo", "-n"]),
        (1000, ["apt-get", "sudo"], False, None),
        (1000, ["apt-get"], True, None),
        (0, [], True, None),
        (1000, ["sudo"], True, None),
    ],
)
def test_who_may_install(
    user_id: int, programs: list[str], needs_no_password: bool, before_apt_get: list[str] | None
) -> None:
    assert as_root(user_id, _finds(*programs), lambda sudo: needs_no_password) == before_apt_get


def test_make_test_runs_everything_where_chromium_can_be_installed(machine: Machine) -> None:
    machine.has_apt_get(installs=machine.makes_chromium)
    outcome = machine.make_test("echo pytest")
    assert outcome.returncode == 0, outcome.stderr
    assert _runs(outcome) == ["not browser and not slow", "browser or slow"]
    assert "left out" not in outcome.stdout


def test_make_test_says_in_its_last_lines_what_it_left_out_and_how_to_get_it(machine: Machine) -> None:
    outcome = machine.make_test("echo pytest")
    assert outcome.returncode == 0, outcome.stderr
    assert _runs(outcome) == ["not browser and not slow", "slow and not browser"]
    *_, missing, debian, elsewhere, left_out = outcome.stdout.splitlines()
    assert missing.startswith("Missing: Chromium")
    assert "apt-get install chromium" in debian
    assert "CHROMIUM=" in elsewhere
    assert left_out == "So the browser tests were left out. All others passed."


@pytest.mark.parametrize("fails", ["not browser and not slow", "slow and not browser"])
def test_make_test_fails_when_a_test_does_and_says_nothing_about_passing(
    machine: Machine, fails: str
) -> None:
    machine.has("some-tests", f'[ "$3" != "{fails}" ]')
    outcome = machine.make_test("some-tests")
    assert outcome.returncode == 2
    assert "passed" not in outcome.stdout


def _runs(outcome: subprocess.CompletedProcess[str]) -> list[str]:
    return [
        line.removeprefix("pytest -q -m ")
        for line in outcome.stdout.splitlines()
        if line.startswith("pytest -q -m ")
    ]
