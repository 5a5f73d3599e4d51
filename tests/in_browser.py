"""The running app with a real browser. `tests/conftest.py` gives these fixtures to every test.

`app_server` → the address of the app, really listening on http://localhost:<free port> (= PUBLIC_BASE_URL).
`browser` → headless Chromium, one a run. `new_page(color_scheme=, width=, javascript=, user=)` → a page in a
    context of its own, at `app_server`, signed in when a user is given. `page` → such a page.
    A page that throws or is stopped by the content security policy fails its test.
`axe(page)` → fails with what axe-core finds.
`look_at(user, path)` → opens a page in both palettes, wide and narrow: axe finds nothing, nothing sticks out at the side.
Tests that use a browser carry @pytest.mark.browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.models import User
from justcall_sso.machine import CHROMIUM, MachineLacks, look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page
    from pytest_django import Settings
    from pytest_django.live_server_helper import LiveServer

LOOKS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
# look_at(user, path, then): `then` is done with the page before it is looked at.
LookAt = Callable[..., None]


@pytest.fixture
def app_server(live_server: LiveServer, settings: Settings) -> str:
    """The app's own address. "localhost", while the stand-in is on 127.0.0.1: two sites to a browser."""
    settings.PUBLIC_BASE_URL = live_server.url
    return live_server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    try:
        look("browser")
    except MachineLacks as lack:
        pytest.fail(str(lack), pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, app_server: str) -> Iterator[Callable[..., Page]]:
    contexts = []
    complaints: list[str] = []

    def open_page(
        color_scheme: Any = "light", width: int = 1280, javascript: bool = True, user: User | None = None
    ) -> Page:
        context = browser.new_context(
            base_url=app_server,
            color_scheme=color_scheme,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": app_server, "httpOnly": True}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note_violation(message, complaints))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _note_violation(message: ConsoleMessage, complaints: list[str]) -> None:
    if "Content Security Policy" in message.text:
        complaints.append(message.text)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    from axe_playwright_python.sync_playwright import Axe

    engine = Axe()

    def find_nothing(page: Page) -> None:
        found = engine.run(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return find_nothing


@pytest.fixture
def look_at(new_page: Callable[..., Page], axe: Callable[[Page], None]) -> LookAt:
    def look(user: User, path: str, then: Callable[[Page], None] = lambda _page: None) -> None:
        for scheme, width in LOOKS:
            page = new_page(color_scheme=scheme, width=width, user=user)
            page.goto(path)
            then(page)
            page.evaluate("document.querySelectorAll('main details').forEach((each) => (each.open = true))")
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} sticks out"
            page.context.close()

    return look
