"""What one sign-in asks of the database is counted: whoever adds a statement says here why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from sso.models import IdpCertificate, LinkedIdentity
from tests.cast import Arrivals

TILE = [
    "SELECT sso_connection",  # with its organization and certificates
    "INSERT sso_consumedassertion",  # if the connection is still what it was
    "SELECT accounts_organization",  # who the NameID and the email are, domains and invitation
    "UPDATE accounts_user",  # the names, and when they came
    "INSERT sso_signinevent",
    "INSERT django_session",
]
REQUEST = [
    "SELECT sso_connection",
    "SELECT sso_pendinglogin",
    "INSERT sso_consumedassertion",
    "UPDATE sso_pendinglogin",  # used up
    *TILE[2:],
]


@pytest.fixture
def known(arrivals: Arrivals, agent: User) -> User:
    """A member who has signed in before, today, as has somebody of their company in this minute."""
    assert arrivals.post(arrivals.of(agent.email)).status_code == 303
    return agent


def statements_of(post: Callable[[], object]) -> list[str]:
    """The statements of a request in their order, each by its verb and its table; COMMIT stands alone."""
    with CaptureQueriesContext(database) as caught:
        post()
    return [_named(query["sql"]) for query in caught.captured_queries if _named(query["sql"]) != "BEGIN"]


def _named(sql: str) -> str:
    words = sql.replace('"', "").split()
    verb = words[0].upper().rstrip(";")
    if verb in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"):
        return verb
    before = {"SELECT": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE", "DELETE": "FROM"}[verb]
    tables = [following for word, following in pairwise(words) if word.upper() == before]
    # The statement that looks a person up has others inside.
    table = "accounts_organization" if "accounts_organization" in tables and len(tables) > 1 else tables[0]
    return f"{verb} {table}"


@pytest.mark.django_db(transaction=True)
class TestStatements:
    def test_of_a_sign_in_from_the_tile(self, arrivals: Arrivals, known: User) -> None:
        message = arrivals.of(known.email)
        assert statements_of(lambda: arrivals.post(message)) == [*TILE, "COMMIT"]

    def test_of_a_sign_in_that_we_asked_for(self, arrivals: Arrivals, known: User) -> None:
        browser = Client()
        message = arrivals.of(known.email, in_response_to=arrivals.ask(browser))
        assert statements_of(lambda: arrivals.post(message, browser)) == [*REQUEST, "COMMIT"]

    def test_the_use_of_a_certificate_is_written_once_a_minute_and_of_a_link_once_a_day(
        self, arrivals: Arrivals, known: User
    ) -> None:
        yesterday = timezone.now() - timedelta(days=1)
        IdpCertificate.objects.update(last_used_at=yesterday)
        LinkedIdentity.objects.update(last_used_at=yesterday)
        found = Counter(statements_of(lambda: arrivals.post(arrivals.of(known.email))))
        assert found["UPDATE sso_idpcertificate"] == 1
        assert found["UPDATE sso_linkedidentity"] == 1
        assert IdpCertificate.objects.get().last_used_at != yesterday
        assert LinkedIdentity.objects.get().last_used_at != yesterday
        # At its most, by a request of ours, it is within ten.
        assert len(REQUEST) + 2 <= 10
        assert statements_of(lambda: arrivals.post(arrivals.of(known.email))) == [*TILE, "COMMIT"]

    def test_a_first_sign_in_commits_once_as_well(self, arrivals: Arrivals, known: User) -> None:
        message = arrivals.of("nora@acme.example")
        assert (
            statements_of(lambda: arrivals.post(message))
            == [
                *TILE[:3],
                "SELECT accounts_organization",  # locked, for a seat
                "SELECT accounts_user",  # the seats that are taken
                "SELECT accounts_organization",  # the person once more, now that nobody else takes a seat
                "SAVEPOINT",
                "INSERT accounts_user",
                "RELEASE",
                "UPDATE accounts_user",
                "INSERT sso_linkedidentity",
                *TILE[4:],
                "COMMIT",
            ]
        )
