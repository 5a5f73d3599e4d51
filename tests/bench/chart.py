"""A chart of bars as SVG, readable on light and dark pages."""

from __future__ import annotations

from xml.sax.saxutils import escape

_FONT = 'font-family="sans-serif" font-size="14"'
_WIDTH, _BAR, _LEFT = 720, 34, 200


def chart(title: str, bars: list[tuple[str, float]]) -> str:
    """One bar for each name, as long as its value."""
    most = max((value for _name, value in bars), default=1)
    height = 60 + _BAR * len(bars)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" {_FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="16" y="30" font-size="16" font-weight="bold">{escape(title)}</text>',
    ]
    for number, (name, value) in enumerate(bars):
        top, long = 48 + number * _BAR, (_WIDTH - _LEFT - 70) * value / most
        lines += [
            f'<text x="{_LEFT - 10}" y="{top + 18}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{_LEFT}" y="{top}" width="{long:.0f}" height="24" rx="3" fill="#2b6cb0"/>',
            f'<text x="{_LEFT + long + 8:.0f}" y="{top + 18}">{value:.0f}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])
