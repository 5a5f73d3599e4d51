"""A log with one of each: signed in, created, refused, a test, no response, and an entry of another company."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from sso.log.reference import new_reference
from sso.models import Connection, Flow, SignInEvent
from sso.refusals import Refusal
from sso.saml.report import Check, complete, failed, passed
from tests.sign_in.conftest import Arrivals, connect

LOG = "/settings/security/log/"
AUDIT = f"{LOG}audit/"
CSV = f"{LOG}export.csv"


@pytest.fixture
def connection(acme: Organization) -> Connection:
    return connect(acme)


@pytest.fixture
def arrivals(connection: Connection) -> Arrivals:
    return Arrivals(connection)


Write = Callable[..., SignInEvent]


@pytest.fixture
def write(acme: Organization, connection: Connection) -> Write:
    """Writes an event of Acme; minutes ago, person, and anything else of it."""

    def event(minutes: float = 1, email: str = "agnes@acme.example", **fields: Any) -> SignInEvent:
        values = {
            "reference": new_reference(),
            "organization": acme,
            "connection": connection,
            "occurred_at": timezone.now() - timedelta(minutes=minutes),
            "flow": Flow.TILE,
            "email": email,
        }
        return SignInEvent.objects.create(**values | fields)

    return event


@pytest.fixture
def client(admin: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(admin)


def page_of(
    client: Client, query: dict[str, str] | None = None, *, path: str = LOG, status: int = 200
) -> str:
    response = client.get(path, query)
    assert response.status_code == status
    return response.content.decode()


def wrong_audience(connection: Connection) -> list[dict[str, str]]:
    """The checks of a response that was meant for another service."""
    return complete(
        (
            passed(Check.RESPONSE),
            passed(Check.STATUS),
            passed(Check.SIGNATURE),
            failed(
                Check.AUDIENCE,
                Refusal.WRONG_AUDIENCE,
                expected=connection.entity_id,
                received=connection.entity_id.rstrip("/"),
            ),
        )
    ).as_list()
