"""Templates can be reviewed: no line is longer than a screen is wide. `make lint` formats and lints them with djlint."""

from __future__ import annotations

from django.conf import settings

LONGEST = 120


def test_no_line_of_a_template_is_longer_than_120_characters() -> None:
    folders = ["templates", "sso/simulator/templates"]
    templates = [path for folder in folders for path in settings.BASE_DIR.glob(f"{folder}/**/*.*")]
    too_long = [
        f"{template.relative_to(settings.BASE_DIR)}:{number} has {len(line)} characters"
        for template in templates
        for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST
    ]
    assert templates
    assert not too_long, "\n".join(too_long)
