"""The outcome of a check and the state of a test as badges, each written once."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext, gettext_noop

register = template.Library()

_OUTCOMES = {
    "passed": ("success", gettext_noop("Passed")),
    "failed": ("danger", gettext_noop("Failed")),
    "warning": ("warning", gettext_noop("Warning")),
    "not_reached": ("secondary", gettext_noop("Not reached")),
}
_TEST_STATES = {
    "waiting": ("info", gettext_noop("Waiting")),
    "late": ("warning", gettext_noop("Started, no response")),
    "passed": ("success", gettext_noop("Passed")),
    "failed": ("danger", gettext_noop("Failed")),
}


@register.inclusion_tag("parts/badge.html")
def outcome_badge(outcome: str) -> dict[str, Any]:
    """The outcome of one check of a report."""
    tone, words = _OUTCOMES[outcome]
    return {"tone": tone, "words": gettext(words)}


@register.inclusion_tag("parts/badge.html")
def test_badge(state: str) -> dict[str, Any]:
    """The state of a connection test."""
    tone, words = _TEST_STATES[state]
    return {"tone": tone, "words": gettext(words)}
