"""Requests that wait for their response: a row each, bound to a connection and a browser."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare

from sso.models import Connection, ConnectionTest, PendingLogin
from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.saml.requests import new_request_id
from sso.saml.types import UNSOLICITED, AnsweredRequest, RequestState

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class StartedLogin:
    """A request that is about to be sent, and the secret its browser must bring back."""

    request_id: str
    browser_secret: str


def start(
    connection: Connection,
    now: datetime,
    *,
    relay_path: str = "/",
    typed_email: str = "",
    test: ConnectionTest | None = None,
) -> StartedLogin:
    """Remember a request. It can be answered once, for ten minutes, by the browser that gets the secret."""
    started = StartedLogin(new_request_id(), secrets.token_urlsafe(32))
    connection.pending_logins.create(
        request_id=started.request_id,
        browser_hash=hash_of(started.browser_secret),
        version=connection.version,
        relay_path=relay_path,
        typed_email=typed_email,
        test=test,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return started


def find(connection: Connection, claimed_request_id: str | None) -> PendingLogin | None:
    """The request of this connection that a response claims to answer."""
    if not claimed_request_id:
        return None
    return (
        connection.pending_logins.select_related("test__candidate")
        .filter(request_id=claimed_request_id[:64])
        .first()
    )


def open_in_browser(
    connection: Connection, browser_secrets: tuple[str, ...], now: datetime
) -> PendingLogin | None:
    """The newest request that still waits and that one of these secrets belongs to. A range of one index."""
    if not browser_secrets:
        return None
    waiting = connection.pending_logins.select_related("test__candidate").filter(
        browser_hash__in=[hash_of(secret) for secret in browser_secrets],
        answered_at__isnull=True,
        created_at__gt=now - LIFETIME,
    )
    return waiting.order_by("-created_at", "-pk").first()


def state_of(
    pending: PendingLogin | None, claimed_request_id: str | None, browser_secret: str, now: datetime
) -> AnsweredRequest:
    """What became of the request a response claims to answer."""
    if claimed_request_id is None:
        return UNSOLICITED
    if pending is None:
        return AnsweredRequest(RequestState.UNKNOWN)
    if pending.consumed_at is not None:
        return AnsweredRequest(RequestState.ANSWERED, pending.request_id)
    if now >= pending.expires_at:
        return AnsweredRequest(RequestState.EXPIRED, pending.request_id)
    if not belongs_to(pending, browser_secret):
        return AnsweredRequest(RequestState.OTHER_BROWSER, pending.request_id)
    return AnsweredRequest(RequestState.MATCHED, pending.request_id)


def belongs_to(pending: PendingLogin, browser_secret: str) -> bool:
    """Whether this is the browser that started the request."""
    return constant_time_compare(hash_of(browser_secret), pending.browser_hash)


def consume(pending: PendingLogin, now: datetime) -> None:
    """Use the request up; of several answers at once only one succeeds. Raises Refused(UNKNOWN_REQUEST)."""
    still_open = PendingLogin.objects.filter(pk=pending.pk, consumed_at__isnull=True)
    if not still_open.update(consumed_at=now, answered_at=now):
        raise Refused(
            Refusal.UNKNOWN_REQUEST, expected=Phrase.OPEN_REQUEST(), received=Phrase.ALREADY_ANSWERED()
        )


def hash_of(secret: str) -> str:
    """What the database keeps of a secret, or of a sender's text: its SHA-256, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()
