"""The outcome of a check and the state of a test as badges, each written once."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from justcall_sso.templatetags.page_parts import badge

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


@register.simple_tag
def outcome_badge(outcome: str) -> SafeString:
    """The outcome of one check of a report."""
    tone, words = _OUTCOMES[outcome]
    return badge(tone, gettext(words))


@register.simple_tag
def test_badge(state: str) -> SafeString:
    """The state of a connection test."""
    tone, words = _TEST_STATES[state]
    return badge(tone, gettext(words))
