"""Writes the figures into docs/benchmarks.md, between its two marks, and the picture beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.chart import chart
from tests.bench.figures import Case, Figures
from tests.bench.goals import ALLAUTH, DJANGOSAML2, FLOOR, GOALS, OURS, Goal

_ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = _ROOT / "docs" / "benchmarks.md"
PICTURE = _ROOT / "docs" / "benchmarks.svg"
_BEGIN, _END = "<!-- figures: written by the benchmark -->", "<!-- end of the figures -->"


def write(now: Figures, before: Figures) -> None:
    """Replace what stands between the marks, and draw the picture."""
    head, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(_BEGIN)
    _old, _, tail = rest.partition(_END)
    figures = "\n\n".join("\n".join(block) for block in _blocks(now, before))
    DOCUMENT.write_text(f"{head}{_BEGIN}\n\n{figures}\n\n{_END}{tail}", encoding="utf-8")
    PICTURE.write_text(_picture(now, before), encoding="utf-8")


def _blocks(now: Figures, before: Figures) -> Iterator[list[str]]:
    yield [f"Now: {_about(now)}.", f"Before: {_about(before)}."]
    yield ["### Goals"]
    yield [*_row("goal", "at most", "before", "now", "met"), *(_goal(goal, now, before) for goal in GOALS)]
    for part, baseline, title in (
        ("validation", "limit", "### Validating one response"),
        ("sign-ins", FLOOR, "### Whole sign-ins"),
        ("pages", "bare page with one insert", "### Pages"),
        ("growth", "one company", "### Growth"),
    ):
        if part in now.parts:
            yield [title]
            yield [
                *_row("case", "who", "a second", "ms CPU", "median", "p95", "p99"),
                *(line for case, found in now.parts[part].items() for line in _times(case, found, baseline)),
            ]
    if "log" in now.parts:
        yield ["### The sign-in log"]
        yield [
            *_row("page", "with", "median", "with", "median", "ratio"),
            *map(_log_page, now.parts["log"].items()),
        ]
    if "memory" in now.parts:
        yield ["### Memory of a worker"]
        yield [
            *_row("case", "who", "MB resident", "MB of its own"),
            *(
                f"| {case} | {who} | {found['rss']:.0f} | {found['own']:.0f} |"
                for case, all_found in now.parts["memory"].items()
                for who, found in all_found.items()
            ),
        ]


def _log_page(page: tuple[str, Case]) -> str:
    name, found = page
    (small, floor), (large, grown) = ((size, values["ms"]) for size, values in found.items())
    return f"| {name} | {small} | {floor:.1f} ms | {large} | {grown:.1f} ms | {grown / floor:.2f} × |"


def _about(figures: Figures) -> str:
    return ", ".join(f"{name} {value}" for name, value in figures.about.items())


def _row(*titles: str) -> list[str]:
    return [f"| {' | '.join(titles)} |", f"| {' | '.join('---' for _ in titles)} |"]


def _goal(goal: Goal, now: Figures, before: Figures) -> str:
    found, earlier = goal.found(now.parts), goal.found(before.parts)
    met = "" if found is None else "yes" if found <= goal.most else "**no**"
    shown = [_number(value, goal.unit) for value in (goal.most, earlier, found)]
    return f"| {goal.text} | {' | '.join(shown)} | {met} |"


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:.3g} {unit}" if unit != "×" else f"{value:.2f} ×"


def _times(case: str, found: Case, baseline: str) -> Iterator[str]:
    """Medians in milliseconds for the baseline, and as ratios to it for the others."""
    base = found[baseline]
    for who, values in found.items():
        ratios = (
            [f"{values[name]:.3g} ms" for name in ("ms", "p95", "p99")]
            if who == baseline
            else [f"{values[name] / base[name]:.2f} ×" for name in ("ms", "p95", "p99")]
        )
        yield f"| {case} | {who} | {values['per_second']:.3g} | {values['cpu']:.3g} | {' | '.join(ratios)} |"


def _picture(now: Figures, before: Figures) -> str:
    case = "PostgreSQL, 8 at once"
    bars = [
        (who, _beside_the_floor(figures.parts["sign-ins"][case], name))
        for who, figures, name in (
            ("floor: a bare Django view", now, FLOOR),
            (OURS, now, OURS),
            (f"{OURS}, before", before, OURS),
            (ALLAUTH, now, ALLAUTH),
            (DJANGOSAML2, now, DJANGOSAML2),
        )
        if case in figures.parts.get("sign-ins", {})
    ]
    return chart(f"Sign-ins a second, the floor of the same run being 100 ({case})", bars)


def _beside_the_floor(found: Case, name: str) -> float:
    return 100 * found[name]["per_second"] / found[FLOOR]["per_second"]
