"""The start of Test Connection and of Test the tile."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.roles import Permission
from sso.connection import staging
from sso.connection.expected import config_of
from sso.models import Connection, ConnectionTest
from sso.saml.types import ConnectionConfig
from sso.signing_in import pending
from sso.signing_in.pending import StartedLogin, hash_of


@dataclass(frozen=True, slots=True)
class StartedTest:
    """A test that has begun: its request, which is to be sent, and the configuration that is tried."""

    test: ConnectionTest
    request: StartedLogin
    config: ConnectionConfig


def start(connection: Connection, actor: User, now: datetime, *, window: str = "") -> StartedTest:
    """Begin a test of the staged change if there is one, else of what is saved.

    `window` names the page that waits for the result.
    """
    candidate = connection.staged
    with transaction.atomic():
        test = connection.tests.create(
            version=connection.version,
            candidate=candidate,
            candidate_version=candidate.version if candidate else None,
            window=window,
            started_by=actor,
            started_at=now,
        )
        request = pending.start(connection, now, test=test)
    return StartedTest(test, request, config_under_test(connection, test))


@dataclass(frozen=True, slots=True)
class StartedTileTest:
    """A test of the tile that has begun, and the secret by which its browser is known again."""

    test: ConnectionTest
    secret: str


def start_tile(connection: Connection, actor: User, now: datetime, *, window: str = "") -> StartedTileTest:
    """Listen for a click on the tile in this admin's browser, while the connection is not on."""
    secret = secrets.token_urlsafe(32)
    test = connection.tests.create(
        version=connection.version,
        listener_hash=hash_of(secret),
        window=window,
        started_by=actor,
        started_at=now,
    )
    return StartedTileTest(test, secret)


def listening(connection: Connection, secret: str, now: datetime) -> ConnectionTest | None:
    """The test of the tile that this browser waits for; None while single sign-on is on."""
    if connection.is_enabled or not secret:
        return None
    waiting = connection.tests.select_related("started_by").filter(
        listener_hash=hash_of(secret),
        finished_at__isnull=True,
        started_at__gt=now - ConnectionTest.PATIENCE,
    )
    test = waiting.order_by("-pk").first()
    if test is None:
        return None
    admin = test.started_by
    is_still_admin = (
        admin is not None
        and admin.is_active
        and admin.organization_id == connection.organization_id
        and admin.may(Permission.MANAGE_SSO)
    )
    return test if is_still_admin else None


def config_under_test(connection: Connection, test: ConnectionTest | None) -> ConnectionConfig:
    """What a response is examined by: the staged change if the test is of one, else what is live."""
    if test is not None and test.candidate is not None:
        return staging.config_of_change(connection, test.candidate)
    return config_of(connection)
