"""The session that a sign-in begins: a key of its own, and an end that the identity provider may set."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sessions import SESSION_ENDS_AT
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
