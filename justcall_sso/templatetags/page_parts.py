"""Small parts that many pages have, each written once: badges, times, Copy buttons, links of the menu."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from accounts.roles import Permission
from justcall_sso.moments import in_utc

register = template.Library()

register.filter("in_utc", in_utc)


@register.simple_tag
def moment(when: datetime | None, precision: str = "minute") -> SafeString | str:
    """A moment in words, which a program can read too."""
    if not when:
        return ""
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), in_utc(when, precision))


@register.simple_tag
def badge(tone: str, words: str) -> SafeString:
    """A state in words and colour. The tone is one of success, warning, danger, info, secondary."""
    # A page of the log has fifty: a template each would cost more than all else on it.
    return format_html(
        '<span class="badge rounded-pill border border-{0}-subtle bg-{0}-subtle text-{0}-emphasis">{1}</span>',
        tone,
        words,
    )


@register.inclusion_tag("parts/copy_button.html")
def copy_button(target: str, name: str, size: str = "") -> dict[str, Any]:
    """A button that copies what the element with this id holds; `name` tells it from other Copy buttons."""
    return {"target": target, "name": name, "size": size}


@register.inclusion_tag("parts/copy_button.html")
def copy_text(text: str, name: str) -> dict[str, Any]:
    """A button that copies this text."""
    return {"text": text, "name": name, "size": "sm"}


@register.inclusion_tag("parts/settings_link.html", takes_context=True)
def settings_link(context: Context, name: str, label: str, but_not: str = "") -> dict[str, Any]:
    """A link of the settings' menu, marked on its own page and on those below it, except below `but_not`."""
    url, path = reverse(name), context["request"].path
    is_other = bool(but_not) and path.startswith(reverse(but_not))
    is_within = path.startswith(url) and path != url and not is_other
    return {"url": url, "label": label, "is_current": path == url, "is_within": is_within}


@register.filter
def may(user: User, permission: str) -> bool:
    """Whether somebody's role allows it: {% if user|may:"manage_team" %}."""
    return user.may(Permission(permission))


@register.filter
def breakable_email(address: str) -> SafeString:
    """An e-mail address that a narrow column breaks after its @ or a dot, and not in the middle of a word."""
    return mark_safe(re.sub(r"([@.])", r"\1<wbr>", escape(address)))


@register.filter
def numbers(page: Page[Any]) -> Iterable[str | int]:
    """The numbers of the pages to go to: the first, the last, and those around this one."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.inclusion_tag("parts/sort_heading.html", takes_context=True)
def sort_heading(context: Context, column: str, label: str) -> dict[str, Any]:
    """The heading of a column by which a list is sorted, and once more the other way round, by `?sort=`."""
    request = context["request"]
    query = request.GET.copy()
    query.pop("page", None)
    now = query.get("sort", "")
    query["sort"] = f"-{column}" if now == column else column
    return {
        "label": label,
        "url": f"{request.path}?{query.urlencode()}",
        "direction": {column: "ascending", f"-{column}": "descending"}.get(now, ""),
        "arrow": "↓" if now.startswith("-") else "↑",
    }
