"""Mutation run over the pure core: one change at a time, and some test must fail.

    .venv/bin/python -m tests.mutation.run [MODULE …] [--least PERCENT]

A change is a comparison turned, a condition made always or never true, a statement, list element or filter left out, a
constant or a sum altered. Each is tried in a forked copy of a pytest session that has collected everything, with only
the tests that run the changed function, the quickest first. Modules that are mostly data (the shapes, the allow-lists)
are the reason for a runner of our own: the libraries change nothing outside of functions.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import itertools
import mmap
import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest
import time_machine
from _pytest.runner import runtestprotocol

from tests.mutation.changes import Mutant, mutants_of, path_of
from tests.mutation.equivalent import EQUIVALENT

# All of the protocol's modules but those that only name things.
_NAMES_ONLY = {"__init__.py", "names.py", "types.py"}
MODULES = (
    "sso.policy",
    "sso.phrases",
    "sso.refusals.codes",
    "sso.refusals.columns",
    *(
        ".".join(path.with_suffix("").parts)
        for path in sorted(Path("sso/saml").rglob("*.py"))
        if path.name not in _NAMES_ONLY
    ),
)
TESTS = [
    "tests/saml",
    # What people paste, as it was met in public.
    "tests/field/test_pasted_certificates.py",
    "tests/field/test_recordings.py",
    "tests/test_policy.py",
    "tests/test_phrases.py",
    "tests/refusals",
    "--ignore=tests/saml/mutations",
]
CPU_SECONDS = 60


class Session:
    """The pytest plugin: learns which test runs which function, then lets forked copies try the mutants."""

    def __init__(self, modules: list[str]) -> None:
        self.modules = modules
        self.sources = {str(path_of(module)): module for module in modules}
        self.runs: dict[tuple[str, str], list[pytest.Item]] = {}
        self.seconds: dict[pytest.Item, float] = {}
        self.numbers: dict[pytest.Item, int] = {}
        self.mutants: list[Mutant] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        # Counted by all the copies together.
        self.kills = memoryview(mmap.mmap(-1, 4 * len(session.items))).cast("I")
        for number, item in enumerate(session.items):
            self.numbers[item] = number
            self._learn(item)
        running: dict[int, Mutant] = {}
        self.terminal = session.config.get_terminal_writer()
        for module in self.modules:
            tree = ast.parse(path_of(module).read_text(encoding="utf-8"))
            for mutant in mutants_of(module, tree):
                if len(running) >= (os.cpu_count() or 1):
                    self._await(running)
                running[self._try(mutant, tree)] = mutant
                self.mutants.append(mutant)
        while running:
            self._await(running)
        return True

    def _learn(self, item: pytest.Item) -> None:
        called: set[tuple[str, str]] = set()

        def note(frame: FrameType, event: str, _arg: object) -> None:
            if event == "call" and (module := self.sources.get(frame.f_code.co_filename)):
                called.add((module, frame.f_code.co_qualname.split(".<")[0]))

        started = time.perf_counter()
        sys.setprofile(note)
        try:
            failed = _fails(item)
        finally:
            sys.setprofile(None)
        if failed:
            raise pytest.UsageError(f"{item.nodeid} fails without any mutant")
        for key in called | {(module, "") for module, _function in called}:
            self.runs.setdefault(key, []).append(item)
        self.seconds[item] = time.perf_counter() - started

    def _try(self, mutant: Mutant, tree: ast.Module) -> int:
        code = mutant.code(tree)
        process = os.fork()
        if process:
            return process
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        killed = True
        try:
            _put(mutant, code)
            _forget_what_is_kept()
            runs = self.runs.get((mutant.module, mutant.function), [])
            if not runs and not mutant.function:
                # A module of data alone, such as the grammar: other modules use it.
                runs = list(self.seconds)
            killed = any(self._kills(item) for item in sorted(runs, key=self._promise))
        finally:
            os._exit(int(killed))

    def _promise(self, item: pytest.Item) -> tuple[int, float]:
        """Those that have found most so far come first, then the quickest."""
        return -self.kills[self.numbers[item]], self.seconds[item]

    def _kills(self, item: pytest.Item) -> bool:
        failed = _fails(item)
        self.kills[self.numbers[item]] += failed
        return failed

    def _await(self, running: dict[int, Mutant]) -> None:
        process, status = os.wait()
        mutant = running.pop(process)
        mutant.survived = status == 0
        if mutant.survived and mutant.name not in EQUIVALENT:
            self.terminal.line(
                f"{path_of(mutant.module).relative_to(Path.cwd())}:{mutant.line}: {mutant.name}"
            )


def _fails(item: pytest.Item) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _put(mutant: Mutant, code: CodeType) -> None:
    """Put a mutant in the place of the original, for everybody who has imported it."""
    module = importlib.import_module(mutant.module)
    if mutant.function and isinstance(found := _function(module, mutant.function), FunctionType):
        found.__code__ = next(inner for inner in _codes(code) if inner.co_qualname == mutant.function)
        return
    fresh = ModuleType(mutant.module)
    fresh.__file__ = module.__file__
    sys.modules[mutant.module] = fresh
    exec(code, fresh.__dict__)
    sys.modules[mutant.module] = module
    for name, value in vars(fresh).items():
        original = vars(module).get(name)
        if name.startswith("__") or isinstance(original, FunctionType | type | ModuleType):
            continue
        for user in [user for key, user in sys.modules.items() if key.startswith(("sso.", "tests."))]:
            if vars(user).get(name) is original:
                setattr(user, name, value)


def _forget_what_is_kept() -> None:
    """What the unchanged code has computed and kept would hide a change."""
    for name, module in list(sys.modules.items()):
        if name.startswith("sso."):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _function(module: ModuleType, path: str) -> object:
    found: Any = module
    for name in path.split("."):
        found = vars(found)[name]
    return found.fget if isinstance(found, property) else getattr(found, "__func__", found)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--least", type=float, default=100.0, help="the score that is needed, in percent")
    options = parser.parse_args()
    session = Session(list(options.modules))
    quiet = ["-q", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:randomly"]
    # Messages are made when the tests are collected, and must still be good at the last mutant.
    with time_machine.travel(datetime.now(UTC), tick=False):
        code = pytest.main([*quiet, *TESTS], plugins=[session])
    if code != pytest.ExitCode.OK or not session.mutants:
        return 2
    say = sys.stdout.write
    survivors = [mutant for mutant in session.mutants if mutant.survived]
    meaningful = [mutant for mutant in survivors if mutant.name not in EQUIVALENT]
    for stale in sorted(EQUIVALENT.keys() - {mutant.name for mutant in survivors}):
        if stale.partition(":")[0] in options.modules:
            say(f"no longer needed in tests/mutation/equivalent.py: {stale}\n")
    for module, group in itertools.groupby(session.mutants, key=lambda mutant: mutant.module):
        tried = list(group)
        left = sum(mutant in meaningful for mutant in tried)
        say(f"{module:30} {len(tried):5} mutants, {left} not noticed\n")
    counted = len(session.mutants) - len(survivors) + len(meaningful)
    score = 100 * (counted - len(meaningful)) / counted
    say(f"{score:.1f} % of {counted} killed; {len(survivors) - len(meaningful)} more are equivalent.\n")
    return 0 if score >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
