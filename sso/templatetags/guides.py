"""The words of a connection's identity provider, for templates that know only its name."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from sso.guides import guide_named

register = template.Library()
register.filter("guide", guide_named)


@register.filter
def emphasised(sentence: str) -> SafeString:
    """A guide's sentence, translated, with `**…**` as strong."""
    return mark_safe(re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(gettext(sentence))))


@register.filter
def breakable(address: str) -> SafeString:
    """An address that a narrow page breaks after a slash, and not in the middle of a word."""
    return mark_safe(escape(address).replace("/", "/<wbr>"))
