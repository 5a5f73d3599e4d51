"""The changes that a mutation run makes to a module, one at a time."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

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
            return compile(ast.fix_missing_locations(tree), str(path_of(self.module)), "exec")
        finally:
            setattr(self.owner, self.field, original)


def path_of(module: str) -> Path:
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
