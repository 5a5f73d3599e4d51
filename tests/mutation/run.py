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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest
import time_machine
from _pytest.runner import runtestprotocol

from tests.mutation.equivalent import EQUIVALENT

# All of the protocol's modules but those that only name things.
_NAMES_ONLY = {"__init__.py", "names.py", "types.py"}
MODULES = (
    "sso.policy",
    "sso.refusals.codes",
    "sso.refusals.columns",
    *(
        ".".join(path.with_suffix("").parts)
        for path in sorted(Path("sso/saml").rglob("*.py"))
        if path.name not in _NAMES_ONLY
    ),
)
TESTS = ["tests/saml", "tests/test_policy.py", "--ignore=tests/saml/mutations"]
CPU_SECONDS = 60
# Words for the admin: their text decides nothing.
_SAID = {"expected", "received", "_refuse", "__all__", "loose"}

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip

_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@dataclass
class Mutant:
    """One change: a field of a node of a module's tree, and the value it gets."""

    module: str
    function: str  # The outermost function it is in, or "" for the module's own data.
    line: int
    what: str
    owner: ast.AST
    field: str
    value: Any
    survived: bool = False

    @property
    def name(self) -> str:
        return f"{self.module}:{self.function or 'data'}: {self.what}"

    def code(self, tree: ast.Module) -> CodeType:
        original = getattr(self.owner, self.field)
        setattr(self.owner, self.field, self.value)
        try:
            return compile(ast.fix_missing_locations(tree), str(_path(self.module)), "exec")
        finally:
            setattr(self.owner, self.field, original)


def _path(module: str) -> Path:
    return Path(*module.split(".")).with_suffix(".py").resolve()


def mutants_of(module: str, tree: ast.Module) -> Iterator[Mutant]:
    """Every change of a module, each with a name of its own."""
    seen: Counter[str] = Counter()

    def walk(node: ast.AST, function: str) -> Iterator[Mutant]:
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list", "args", "name") and not isinstance(
                node, ast.Call
            ):
                continue
            many = isinstance(value, list)
            for index, child in enumerate(value if many else [value]):
                if not isinstance(child, ast.AST) or _is_said(node, child):
                    continue
                # Nobody's class is replaced by a mutant, so a changed default of one of its fields is nowhere to be seen.
                if isinstance(node, ast.ClassDef) and not isinstance(child, ast.FunctionDef | ast.ClassDef):
                    continue
                line = getattr(child, "lineno", getattr(node, "lineno", 0))
                for what, new in _replacements(child, node):
                    changed = value[:index] + new + value[index + 1 :] if many else new[0]
                    seen[function + what] += 1
                    nth = f" (#{seen[function + what]})" if seen[function + what] > 1 else ""
                    yield Mutant(module, function, line, what + nth, node, field, changed)
                name = getattr(child, "name", "") if isinstance(child, ast.FunctionDef | ast.ClassDef) else ""
                is_outermost = name and "<locals>" not in function and not function.count(".")
                inner = f"{function}.{name}".strip(".") if is_outermost else function
                yield from walk(child, inner)

    yield from walk(tree, "")


def _is_said(node: ast.AST, child: ast.AST) -> bool:
    if isinstance(child, ast.JoinedStr | ast.Import | ast.ImportFrom | ast.AnnAssign) and not getattr(
        child, "value", 0
    ):
        return True
    if isinstance(child, ast.JoinedStr):
        return not isinstance(node, ast.Assign)
    if isinstance(child, ast.keyword):
        return child.arg in _SAID
    if isinstance(child, ast.Assign):
        return isinstance(child.targets[0], ast.Name) and child.targets[0].id in _SAID
    # A docstring.
    return isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)


def _replacements(node: ast.AST, parent: ast.AST) -> Iterator[tuple[str, list[Any]]]:
    for kind in (_turned, _dropped, _altered):
        yield from kind(node, parent)


def _is_alone(node: ast.AST, parent: ast.AST) -> bool:
    """Whether leaving it out is the same as a condition that is never true."""
    return isinstance(parent, ast.If) and parent.body == [node]


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:70]


def _turned(node: ast.AST, parent: ast.AST) -> Iterator[tuple[str, list[Any]]]:
    """Conditions that say something else."""
    match node:
        case ast.Compare(ops=[operator]) if not (isinstance(parent, ast.If) and type(operator) not in _ORDER):
            turned = ast.Compare(node.left, [_TURNED[type(operator)]()], node.comparators)
            yield f"{_text(node)} → {_text(turned)}", [turned]
        case ast.BoolOp(operator, values):
            other = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield f"{_text(node)} → and/or", [ast.BoolOp(other, values)]
            for value in values:
                rest = [kept for kept in values if kept is not value]
                fewer = ast.BoolOp(operator, rest) if len(rest) > 1 else rest[0]
                yield f"{_text(node)} without {_text(value)[:40]}", [fewer]
        case ast.UnaryOp(ast.Not(), operand):
            yield f"{_text(node)} without not", [operand]
        case ast.If(test, body, orelse):
            for always in (True, False):
                yield f"if {always}: {_text(test)}", [ast.If(ast.Constant(always), body, orelse)]
        case ast.IfExp(_, body, orelse):
            yield f"{_text(node)} → its first", [body]
            yield f"{_text(node)} → its last", [orelse]


def _dropped(node: ast.AST, parent: ast.AST) -> Iterator[tuple[str, list[Any]]]:
    """Statements, elements and filters left out."""
    match node:
        case ast.Expr(ast.Call()) | ast.Raise() | ast.Continue() if not _is_alone(node, parent):
            yield f"without {_text(node)}", [ast.Pass()]
        case ast.comprehension(target, source, [*_, _]):
            yield f"{_text(node)} without its if", [ast.comprehension(target, source, [], 0)]
        case ast.Set(elements) | ast.List(elements, ast.Load()) | ast.Tuple(elements, ast.Load()):
            for element in elements if len(elements) > 1 else ():
                rest = [kept for kept in elements if kept is not element]
                fewer = ast.Set(rest) if isinstance(node, ast.Set) else type(node)(rest, ast.Load())
                yield f"without {_text(element)}", [fewer]
        case ast.Dict(keys, values):
            for key in filter(None, keys):
                pairs = [pair for pair in zip(keys, values, strict=True) if pair[0] is not key]
                yield f"without {_text(key)}", [ast.Dict([k for k, _ in pairs], [v for _, v in pairs])]
        case ast.Call(ast.Name("_slot"), [_, _, *_] as arguments, keywords):
            for argument in arguments:
                kept = [one for one in arguments if one is not argument]
                yield f"_slot without {_text(argument)}", [ast.Call(node.func, kept, keywords)]


def _altered(node: ast.AST, parent: ast.AST) -> Iterator[tuple[str, list[Any]]]:
    """Constants of another value, sums of other parts, texts as they came."""
    match node:
        case ast.Constant(bool(value)):
            yield f"{value} → {not value}", [ast.Constant(not value)]
        case ast.Constant(int(value)):
            for other in (value + 1, value - 1) if value <= 2 else (value * 10, value // 10):
                yield f"{value} → {other}", [ast.Constant(other)]
        case ast.Constant(str(value)) if isinstance(parent, ast.Compare):
            yield f"{value!r} → other text", [ast.Constant(value + "X")]
        case ast.BinOp(left, ast.Add() | ast.Sub() as operator, right):
            other_way = ast.Sub() if isinstance(operator, ast.Add) else ast.Add()
            yield f"{_text(node)} the other way", [ast.BinOp(left, other_way, right)]
            yield f"{_text(node)} without the last", [left]
        case ast.Call(ast.Attribute(inner, "strip" | "lower" | "rstrip"), _, _):
            yield f"{_text(node)} unchanged", [inner]


class Session:
    """The pytest plugin: learns which test runs which function, then lets forked copies try the mutants."""

    def __init__(self, modules: list[str]) -> None:
        self.modules = modules
        self.sources = {str(_path(module)): module for module in modules}
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
            tree = ast.parse(_path(module).read_text(encoding="utf-8"))
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
            runs = self.runs.get((mutant.module, mutant.function), [])
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
            self.terminal.line(f"{_path(mutant.module).relative_to(Path.cwd())}:{mutant.line}: {mutant.name}")


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
