"""What holds for every test. The cast is in tests/cast.py, the browser in tests/in_browser.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

pytest_plugins = [
    "tests.cast",
    "tests.in_browser",
    "tests.standin_process",
    "tests.processes",
    "tests.name_server",
    "tests.connection.metadata_site",
    "tests.accounts.mail_relay",
]

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


@pytest.fixture(autouse=True)
def _every_email_says_the_same_in_text_and_in_html() -> Iterator[None]:
    """Whatever a test sends: both parts say the same, and the HTML is safe everywhere (tests/letters.py)."""
    from django.core import mail

    from tests.letters import complaints

    yield
    assert [complaint for message in getattr(mail, "outbox", []) for complaint in complaints(message)] == []


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
