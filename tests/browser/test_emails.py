"""Every e-mail as a mail program shows it, wide and narrow, light and dark: axe finds nothing and nothing sticks out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page

from accounts.emails import send_email
from tests.letters import LETTERS, html_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("color_scheme", "width"), [("light", 800), ("dark", 800), ("light", 320), ("dark", 320)]
)
def test_every_email(
    color_scheme: str, width: int, new_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    page = new_page(color_scheme, width)
    for name, facts in LETTERS:
        _look_at(page, name, facts)
        axe(page)


def _look_at(page: Page, name: str, facts: dict[str, Any]) -> None:
    send_email(name, facts, ["olivia@acme.example"])
    html = html_of(mail.outbox[-1])
    assert html is not None
    page.set_content(html)
    assert page.title() == mail.outbox[-1].subject == page.locator("h1").text_content()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} sticks out"
