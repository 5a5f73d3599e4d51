"""The cast, and the running app with a real browser.

Companies: `acme` (Business, acme.example verified), `globex` (Business, the stranger), `initech` (Pro).
People, all with PASSWORD: `owner`, `admin`, `supervisor`, `agent` of Acme; `stranger`, Globex's owner;
    `initech_owner`.
`signed_in(user)` → a django test client of that member. Set a state, not a journey: no password is typed.
`app_server` → the address of the app, really listening on http://localhost:<free port> (= PUBLIC_BASE_URL).
`browser` → headless Chromium, one a run. `new_page(color_scheme=, width=, javascript=, user=)` → a page in a
    context of its own, at `app_server`, signed in when a user is given. `page` → such a page.
    A page that throws or is stopped by the content security policy fails its test.
`axe(page)` → fails with what axe-core finds.
Tests that use a browser carry @pytest.mark.browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from tests.words import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page
    from pytest_django import DjangoDbBlocker, Settings
    from pytest_django.live_server_helper import LiveServer

    from accounts.models import Organization, User

__all__ = ["PASSWORD"]

CHROMIUM = "/usr/bin/chromium"

# A machine that is busy with other things is no failure.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_sessionstart() -> None:
    from tests.secret_watch import WATCH

    # Here, and not earlier: Django's own set-up of logging removes the handlers it finds.
    WATCH.start()


@pytest.fixture(autouse=True)
def _no_secret_gets_out() -> Iterator[None]:
    """Whatever a test does: no log, page, e-mail or kept row carries a secret (tests/secret_watch.py)."""
    from tests.secret_watch import WATCH

    yield
    assert WATCH.take() == []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """On PostgreSQL, a thread of a server that is slow to hang up must not keep the test database from being dropped."""
    from django.db import connection

    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _company(name: str, plan: str) -> Organization:
    from accounts.models import Organization

    slug = name.lower()
    company = Organization.objects.create(name=name, slug=slug, plan=plan, seat_limit=10)
    company.domains.create(name=f"{slug}.example", verified_at=timezone.now(), last_checked_at=timezone.now())
    return company


def _member(company: Organization, first: str, last: str, role: str) -> User:
    from accounts.models import User

    return User.objects.create_user(
        f"{first.lower()}@{company.slug}.example",
        PASSWORD,
        organization=company,
        first_name=first,
        last_name=last,
        role=role,
    )


@pytest.fixture
def acme(db: None) -> Organization:
    """Acme, on Business, with acme.example verified."""
    return _company("Acme", "business")


@pytest.fixture
def globex(db: None) -> Organization:
    """Globex, the stranger: on Business, with globex.example verified."""
    return _company("Globex", "business")


@pytest.fixture
def initech(db: None) -> Organization:
    """Initech, on Pro: its plan has no single sign-on."""
    return _company("Initech", "pro")


@pytest.fixture
def owner(acme: Organization) -> User:
    return _member(acme, "Olivia", "Owner", "owner")


@pytest.fixture
def admin(acme: Organization) -> User:
    return _member(acme, "Adam", "Admin", "admin")


@pytest.fixture
def supervisor(acme: Organization) -> User:
    return _member(acme, "Sam", "Supervisor", "supervisor")


@pytest.fixture
def agent(acme: Organization) -> User:
    return _member(acme, "Agnes", "Agent", "agent")


@pytest.fixture
def stranger(globex: Organization) -> User:
    return _member(globex, "Greta", "Owner", "owner")


@pytest.fixture
def initech_owner(initech: Organization) -> User:
    return _member(initech, "Ian", "Owner", "owner")


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def app_server(live_server: LiveServer, settings: Settings) -> str:
    """The app's own address. "localhost", while the stand-in is on 127.0.0.1: two sites to a browser."""
    settings.PUBLIC_BASE_URL = live_server.url
    return live_server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium", pytrace=False)
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
