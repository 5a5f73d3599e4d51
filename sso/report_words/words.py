"""Texts of a report in the language of whoever reads them (sso/phrases.py)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.translation import gettext, ngettext

from accounts.plans import Plan
from accounts.roles import Role
from justcall_sso.moments import in_utc
from sso.phrases import Phrase, Said, Several, Text

_MOMENTS = frozenset({"at", "until", "start", "end"})


def instant_in_words(text: str) -> str:
    """An instant as SAML writes it (core 1.3.3), in the spelling of all pages. Any other text stays as it is."""
    try:
        return in_utc(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC), "second")
    except ValueError:
        return text


def in_words(text: Text) -> str:
    """A text in the reader's language.

    A plain text is shown as it is: it is a value, or an earlier release stored it in words.
    """
    match text:
        case Said(phrase, values):
            shown = {name: _value(name, value) for name, value in values.items()}
            return _template(phrase, values.get("count")) % shown
        case Several(parts, between):
            return between.join(in_words(part) for part in parts)
    return text


def _template(phrase: Phrase, count: Text | int | None) -> str:
    n = count if isinstance(count, int) else 0
    match phrase:
        case Phrase.SECONDS:
            return ngettext("%(count)s second", "%(count)s seconds", n)
        case Phrase.MINUTES:
            return ngettext("%(count)s minute", "%(count)s minutes", n)
        case Phrase.HOURS:
            return ngettext("%(count)s hour", "%(count)s hours", n)
        case Phrase.DAYS:
            return ngettext("%(count)s day", "%(count)s days", n)
    return gettext(phrase.value)


def _value(name: str, value: Text | int) -> str:
    if isinstance(value, int):
        return str(value)
    if name in _MOMENTS and isinstance(value, str):
        return instant_in_words(value)
    if name == "role" and value in set(Role):
        return Role(value).label
    if name == "plan" and value in set(Plan):
        return Plan(value).label
    return in_words(value)
