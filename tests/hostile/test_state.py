"""State under attack: sessions, and requests of one's own and of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import members
from accounts.invitations import invite
from accounts.models import Organization, User
from accounts.roles import Role
from accounts.session_store import SessionStore
from accounts.sessions import sign_out_everywhere, start_session
from sso.acs.answering import Arrival
from sso.acs.receiving import receive
from sso.models import Connection, PendingLogin, SignInEvent
from sso.refusals import Refusal
from sso.signing_in.sign_in import SignedIn
from tests.cast import Arrivals, nobody_comes_in
from tests.outbox import deliver
from tests.words import PASSWORD


def _session_request() -> Any:
    request = RequestFactory().post("/")
    request.session = SessionStore()
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize("change", ["deactivated", "signed out everywhere"])
def test_somebody_deactivated_before_the_answer_reaches_their_browser_is_out(
    arrivals: Arrivals, agent: User, owner: User, change: str
) -> None:
    request = _session_request()
    begin_session = partial(start_session, request)
    arrival = Arrival(arrivals.of(agent.email), lambda request_id: "", (), "", begin_session, timezone.now())
    outcome = receive(arrivals.connection, arrival)
    assert isinstance(outcome, SignedIn)
    if change == "deactivated":
        members.deactivate(User.objects.get(pk=agent.pk), actor=owner)
    else:
        sign_out_everywhere(User.objects.get(pk=agent.pk), actor=owner)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("way", ["password", "single sign-on", "invitation"])
def test_whoever_signs_in_over_somebody_elses_session_finds_nothing_of_it(
    arrivals: Arrivals, acme: Organization, agent: User, owner: User, way: str
) -> None:
    client = Client()
    client.force_login(owner)
    session = client.session
    session["of_the_owner"] = "left here"
    session.save()
    if way == "password":
        client.post("/login/", {"email": agent.email, "password": PASSWORD})
    elif way == "single sign-on":
        arrivals.post(arrivals.of(agent.email), client)
    else:
        invite(acme, "nora@acme.example", Role.AGENT, actor=owner, now=timezone.now())
        path = deliver()[0].body.split(settings.PUBLIC_BASE_URL)[1].split()[0]
        client.post(path, {"first_name": "Nora", "last_name": "New", "password": PASSWORD})
    assert client.session[SESSION_KEY] != str(owner.pk)
    assert "of_the_owner" not in client.session
    assert not Session.objects.filter(session_key=session.session_key).exists()
    assert client.get("/").status_code == 200


class TestRequests:
    def test_a_request_lives_ten_minutes(
        self, arrivals: Arrivals, agent: User, last_event: Callable[[], SignInEvent]
    ) -> None:
        browser = Client()
        asked = arrivals.ask(browser)
        row = PendingLogin.objects.get()
        assert row.expires_at - row.created_at == timedelta(minutes=10)
        late = timezone.now() + timedelta(minutes=10)
        message = arrivals.of(agent.email, in_response_to=asked, now=late.replace(microsecond=0))
        secret = next(morsel.value for name, morsel in browser.cookies.items() if name.startswith("sso_"))
        arrival = Arrival(message, lambda request_id: secret, (), "", nobody_comes_in, late)
        outcome = receive(arrivals.connection, arrival)
        assert outcome.event.refusal == Refusal.UNKNOWN_REQUEST  # type: ignore[union-attr]

    def test_the_secret_of_one_request_does_not_answer_another(
        self, arrivals: Arrivals, agent: User, last_event: Callable[[], SignInEvent]
    ) -> None:
        mine, theirs = Client(), Client()
        arrivals.ask(mine)
        asked = arrivals.ask(theirs)
        (own,) = mine.cookies.values()
        (name,) = theirs.cookies
        mine.cookies[name] = own.value
        assert arrivals.post(arrivals.of(agent.email, in_response_to=asked), mine).status_code == 403
        assert last_event().refusal == Refusal.OTHER_BROWSER

    def test_the_secrets_cookie_goes_to_one_acs_only(self, arrivals: Arrivals) -> None:
        response = Client().get(f"/login/sso/{arrivals.connection.organization.slug}/")
        (cookie,) = SimpleCookie(response.cookies.output(header="")).values()
        assert cookie["path"] == f"/sso/saml/{arrivals.connection.public_id}/acs"
        assert cookie["httponly"]
        assert cookie["secure"]
        assert cookie["samesite"] == "None"
        assert cookie["domain"] == ""


class TestLoginCsrf:
    def test_an_attackers_own_answer_does_not_sign_a_victim_in_as_the_attacker(
        self, arrivals: Arrivals, agent: User, owner: User, last_event: Callable[[], SignInEvent]
    ) -> None:
        attacker, victim = Client(), Client()
        victim.force_login(owner)
        asked = arrivals.ask(attacker)
        posted = arrivals.post(arrivals.of(agent.email, in_response_to=asked), victim)
        assert (posted.status_code, last_event().refusal) == (403, Refusal.OTHER_BROWSER)
        assert victim.get("/").context["user"] == owner
        # It is not used up either: the attacker merely signs in as the attacker.
        assert arrivals.post(arrivals.of(agent.email, in_response_to=asked), attacker).status_code == 303

    def test_with_the_tile_off_no_unasked_response_signs_anybody_in(
        self, arrivals: Arrivals, agent: User, last_event: Callable[[], SignInEvent]
    ) -> None:
        Connection.objects.update(allow_idp_initiated=False)
        assert arrivals.post(arrivals.of(agent.email)).status_code == 403
        assert last_event().refusal == Refusal.TILE_NOT_ALLOWED


class TestSessions:
    def test_a_planted_session_key_is_not_kept(self, arrivals: Arrivals, agent: User) -> None:
        planted = SessionStore()
        planted["planted"] = "by the attacker"
        planted.create()
        victim = Client()
        victim.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key or ""
        arrivals.post(arrivals.of(agent.email), victim)
        assert victim.session.session_key != planted.session_key
        attacker = Client()
        attacker.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key or ""
        assert attacker.get("/").status_code == 302

    def test_a_made_up_session_key_is_not_taken_over(self, arrivals: Arrivals, agent: User) -> None:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
        arrivals.post(arrivals.of(agent.email), client)
        assert client.session.session_key != "a" * 32

    def test_the_key_changes_when_the_same_person_signs_in_again(
        self, arrivals: Arrivals, agent: User
    ) -> None:
        client = Client()
        keys = set()
        for _ in range(2):
            arrivals.post(arrivals.of(agent.email), client)
            keys.add(client.session.session_key)
        assert len(keys) == 2
        assert Session.objects.count() == 1
