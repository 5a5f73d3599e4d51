"""The session that a sign-in begins: a key of its own, and an end that the identity provider may set."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.session_store import SessionStore
from accounts.sessions import SESSION_ENDS_AT
from sso.models import ConsumedAssertion, SignInEvent
from tests.cast import Arrivals


def test_the_session_key_changes_and_another_persons_session_ends(
    arrivals: Arrivals, agent: User, owner: User
) -> None:
    client = Client()
    client.force_login(owner)
    before = client.session.session_key
    arrivals.post(arrivals.of(agent.email), client)
    assert client.session.session_key != before
    stale = Client()
    stale.cookies[settings.SESSION_COOKIE_NAME] = before or ""
    assert stale.get("/").status_code == 302


def test_the_identity_providers_session_bounds_ours(arrivals: Arrivals, agent: User) -> None:
    client = Client()
    arrivals.post(arrivals.of(agent.email, session_until="+30"), client)
    ends_at = client.session[SESSION_ENDS_AT]
    assert abs(ends_at - (timezone.now() + timedelta(minutes=30)).timestamp()) < 60
    session = client.session
    session[SESSION_ENDS_AT] = timezone.now().timestamp() - 1
    session.save()
    assert client.get("/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_session_that_cannot_be_written_leaves_nothing_of_its_sign_in(
    arrivals: Arrivals, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(session: SessionStore, data: object) -> None:
        raise OperationalError("disk full")

    message = arrivals.of(agent.email)
    with monkeypatch.context() as patch:
        patch.setattr(SessionStore, "create_model_instance", full)
        response = arrivals.post(message, Client(raise_request_exception=False))
    assert response.status_code == 503
    assert settings.SESSION_COOKIE_NAME not in response.cookies
    assert not SignInEvent.objects.exists()
    assert not ConsumedAssertion.objects.exists()
    # So the same response is no replay.
    assert arrivals.post(message).status_code == 303
