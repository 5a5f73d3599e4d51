"""State under attack: copies at once, races with an admin's changes, and processes that die."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie
from itertools import cycle
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import members
from accounts.invitations import invite, revoke, take_up
from accounts.members import lock_organization
from accounts.models import Organization, User
from accounts.roles import Role
from accounts.sessions import sign_out_everywhere, start_session
from sso.acs.answering import Arrival
from sso.acs.receiving import receive
from sso.connection.setup import delete_connection, turn_off
from sso.models import Connection, ConsumedAssertion, PendingLogin, SignInEvent
from sso.policy import Facts
from sso.refusals import Refusal
from sso.signing_in import provisioning
from sso.signing_in.sign_in import SignedIn
from tests.cast import Arrivals
from tests.processes import App, apps, in_thread, until_somebody_waits
from tests.saml.messages import IdentityProvider
from tests.words import PASSWORD

COPIES = 32
processes = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def _refusals() -> Counter[str]:
    return Counter(SignInEvent.objects.values_list("refusal", flat=True))


class TestManyAtOnce:
    """Two processes of the app, one database, and everything at the same moment."""

    pytestmark = processes

    def _post_all(
        self, two_apps: list[App], connection: Connection, messages: list[str], cookie: str = ""
    ) -> Counter[int]:
        with ThreadPoolExecutor(len(messages)) as pool:
            answers = pool.map(
                lambda app, message: app.post(connection, message, cookie).status, cycle(two_apps), messages
            )
            return Counter(answers)

    def test_of_32_copies_one_signs_in(self, arrivals: Arrivals, agent: User, two_apps: list[App]) -> None:
        copies = [arrivals.of(agent.email)] * COPIES
        assert self._post_all(two_apps, arrivals.connection, copies) == {303: 1, 403: COPIES - 1}
        assert _refusals() == {"": 1, Refusal.REPLAYED: COPIES - 1}
        assert ConsumedAssertion.objects.count() == 1
        assert Session.objects.count() == 1

    def test_a_request_is_answered_once_by_32_different_assertions(
        self, arrivals: Arrivals, agent: User, two_apps: list[App]
    ) -> None:
        browser = Client()
        asked = arrivals.ask(browser)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
        answers = [arrivals.of(agent.email, in_response_to=asked) for _ in range(COPIES)]
        assert self._post_all(two_apps, arrivals.connection, answers, cookie) == {303: 1, 403: COPIES - 1}
        assert _refusals() == {"": 1, Refusal.UNKNOWN_REQUEST: COPIES - 1}
        # The assertions of the refused answers are not used up: a refusal changes nothing.
        assert ConsumedAssertion.objects.count() == Session.objects.count() == 1

    def test_twenty_first_sign_ins_of_one_person_make_one_member(
        self, arrivals: Arrivals, agent: User, two_apps: list[App]
    ) -> None:
        first_times = [arrivals.of("nora@acme.example") for _ in range(20)]
        assert self._post_all(two_apps, arrivals.connection, first_times) == {303: 20}
        assert User.objects.filter(email="nora@acme.example").count() == 1
        assert arrivals.connection.identities.count() == 1

    def test_the_last_seat_is_taken_once(self, arrivals: Arrivals, agent: User, two_apps: list[App]) -> None:
        company = arrivals.connection.organization
        company.seat_limit = company.seats_taken() + 1
        company.save(update_fields=["seat_limit"])
        newcomers = [arrivals.of(f"new{number}@acme.example") for number in range(8)]
        assert self._post_all(two_apps, arrivals.connection, newcomers) == {303: 1, 403: 7}
        assert _refusals() == {"": 1, Refusal.NO_SEAT: 7}
        assert company.seats_taken() == company.seat_limit

    def test_two_name_ids_for_one_member_at_once_make_one_link(
        self, arrivals: Arrivals, agent: User, two_apps: list[App]
    ) -> None:
        rows = (("email", (agent.email,)),)
        both = [
            arrivals.of(agent.email, name_id=name, name_id_format=None, attributes=rows)
            for name in ("id-1", "id-2") * 4
        ]
        statuses = self._post_all(two_apps, arrivals.connection, both)
        assert set(statuses) == {303, 403}
        assert arrivals.connection.identities.count() == 1

    def test_a_session_of_one_process_is_known_to_the_other_and_ends_in_both(
        self, arrivals: Arrivals, agent: User, two_apps: list[App]
    ) -> None:
        first, second = two_apps
        session = first.post(arrivals.connection, arrivals.of(agent.email)).session
        assert second.get("/", session).status == 200
        sign_out_everywhere(agent, actor=agent)
        assert [app.get("/", session).status for app in two_apps] == [302, 302]


def _turn_off(connection: Connection, owner: User) -> None:
    turn_off(connection, owner)


def _delete(connection: Connection, owner: User) -> None:
    delete_connection(connection, owner)


def _lapse(connection: Connection, owner: User) -> None:
    connection.organization.plan = "pro"
    connection.organization.save()


def _close_the_tile(connection: Connection, owner: User) -> None:
    Connection.objects.filter(pk=connection.pk).update(allow_idp_initiated=False)


def _replace_the_certificate(connection: Connection, owner: User) -> None:
    Connection.objects.select_for_update().get(pk=connection.pk)
    other = IdentityProvider("rsa-next").pinned
    connection.certificates.update(pem=other.pem, sha256=other.sha256)


def _deactivate(connection: Connection, owner: User) -> None:
    members.deactivate(User.objects.get(email="agnes@acme.example"), actor=owner)


def _stop_creating(connection: Connection, owner: User) -> None:
    Connection.objects.filter(pk=connection.pk).update(create_members=False)


def _take_the_seats(connection: Connection, owner: User) -> None:
    connection.organization.seat_limit = 2
    connection.organization.save()


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """An admin's change that commits first counts, even for a sign-in that has been examined already."""

    def _sign_in_during(
        self, arrivals: Arrivals, email: str, change: Callable[[Connection, User], None], owner: User
    ) -> HttpResponse:
        message = arrivals.of(email)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                change(Connection.objects.select_related("organization").get(), owner)
                answer = pool.submit(in_thread, arrivals.post, message)
                until_somebody_waits()
            response: HttpResponse = answer.result(30)
        return response

    @pytest.mark.parametrize(
        ("change", "refusals"),
        [
            (_turn_off, {Refusal.SSO_OFF}),
            (_delete, {Refusal.SSO_OFF}),
            (_lapse, {Refusal.PLAN_LAPSED}),
            (_close_the_tile, {Refusal.TILE_NOT_ALLOWED}),
            (_replace_the_certificate, {Refusal.CERTIFICATE_REPLACED}),
            (_deactivate, {Refusal.MEMBER_DEACTIVATED}),
        ],
    )
    def test_a_member_is_refused(
        self,
        arrivals: Arrivals,
        agent: User,
        owner: User,
        change: Callable[[Connection, User], None],
        refusals: set[Refusal],
    ) -> None:
        assert self._sign_in_during(arrivals, agent.email, change, owner).status_code == 403
        assert set(_refusals()) == refusals
        assert not ConsumedAssertion.objects.exists()
        assert not Session.objects.exists()

    @pytest.mark.parametrize(
        ("change", "refusal"), [(_stop_creating, Refusal.CREATION_OFF), (_take_the_seats, Refusal.NO_SEAT)]
    )
    def test_somebody_new_is_refused(
        self,
        arrivals: Arrivals,
        agent: User,
        owner: User,
        change: Callable[[Connection, User], None],
        refusal: Refusal,
    ) -> None:
        assert self._sign_in_during(arrivals, "nora@acme.example", change, owner).status_code == 403
        assert set(_refusals()) == {refusal}
        assert not User.objects.filter(email="nora@acme.example").exists()

    def test_an_invitation_that_is_revoked_first_is_not_taken_up(
        self, arrivals: Arrivals, acme: Organization, owner: User
    ) -> None:
        invitation = invite(acme, "nora@acme.example", Role.ADMIN, actor=owner, now=timezone.now())

        def take_back(connection: Connection, owner: User) -> None:
            assert revoke(invitation, timezone.now(), actor=owner)

        assert self._sign_in_during(arrivals, "nora@acme.example", take_back, owner).status_code == 303
        # She joins like anybody of the company, without what the invitation would have given.
        assert User.objects.get(email="nora@acme.example").role == Role.AGENT

    def test_an_invitation_that_ends_between_look_and_write_gives_nothing(
        self, arrivals: Arrivals, acme: Organization, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        invite(acme, "nora@acme.example", Role.ADMIN, actor=owner, now=timezone.now())
        look = provisioning.gather_facts

        def look_too_early(*arguments: Any) -> Facts:
            facts = look(*arguments)
            acme.invitations.update(revoked_at=timezone.now())
            return facts

        monkeypatch.setattr(provisioning, "gather_facts", look_too_early)
        assert arrivals.post(arrivals.of("nora@acme.example")).status_code == 403
        assert set(_refusals()) == {Refusal.CREATION_OFF}
        assert not User.objects.filter(email="nora@acme.example").exists()

    def test_an_invitation_that_a_sign_in_has_found_open_cannot_be_revoked_under_it(
        self, acme: Organization, owner: User
    ) -> None:
        now = timezone.now()
        invitation = invite(acme, "nora@acme.example", Role.ADMIN, actor=owner, now=now)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                lock_organization(acme.pk)
                revoked = pool.submit(in_thread, lambda: revoke(invitation, now, actor=owner))
                until_somebody_waits()
                take_up(invitation, first_name="Nora", last_name="New", now=now)
            assert not revoked.result(30)
        invitation.refresh_from_db()
        assert (invitation.accepted_at, invitation.revoked_at) == (now, None)
        assert not acme.audit_entries.filter(action="invitation.revoked").exists()

    def test_a_role_change_is_not_undone_by_a_sign_in(
        self, arrivals: Arrivals, agent: User, owner: User
    ) -> None:
        def promote(connection: Connection, owner: User) -> None:
            members.change_role(User.objects.get(pk=agent.pk), Role.ADMIN, actor=owner)

        assert self._sign_in_during(arrivals, agent.email, promote, owner).status_code == 303
        agent.refresh_from_db()
        assert agent.role == Role.ADMIN

    @pytest.mark.parametrize(
        "name",
        ["sso_settings", "sso_turn_on", "sso_turn_off", "sso_test_start", "sso_delete", "sso_start_at"],
    )
    def test_what_an_admin_deletes_is_not_found_by_whoever_was_at_it(
        self, arrivals: Arrivals, owner: User, admin: User, name: str
    ) -> None:
        connection = arrivals.connection
        form = {
            "sso_url": connection.sso_url,
            "idp_entity_id": connection.idp_entity_id,
            "default_role": "admin",
            "name": "Acme",
        }

        def ask() -> int:
            client = Client(raise_request_exception=False)
            client.force_login(admin)
            if name == "sso_start_at":
                return client.get("/login/sso/acme/").status_code
            return client.post(reverse(name), form).status_code

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Connection.objects.select_for_update().get()
                answer = pool.submit(in_thread, ask)
                until_somebody_waits()
                delete_connection(connection, owner)
            assert answer.result(30) in (403, 404)

    def test_a_deletion_during_a_refusal_is_a_refusal_and_no_fault(
        self, arrivals: Arrivals, owner: User
    ) -> None:
        gone = arrivals.connection
        message = arrivals.idp.response(arrivals.message(), sign="nothing")
        stale = Connection.objects.select_related("organization").get()
        delete_connection(gone, owner)
        outcome = receive(stale, Arrival(message, lambda request_id: "", (), "", timezone.now()))
        assert outcome.event.refusal == Refusal.NOT_SIGNED  # type: ignore[union-attr]
        assert SignInEvent.objects.get().connection is None


def _session_request() -> object:
    request = RequestFactory().post("/")
    request.session = SessionStore()
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize("change", ["deactivated", "signed out everywhere"])
def test_somebody_deactivated_between_the_decision_and_the_session_is_out(
    arrivals: Arrivals, agent: User, owner: User, change: str
) -> None:
    arrival = Arrival(arrivals.of(agent.email), lambda request_id: "", (), "", timezone.now())
    outcome = receive(arrivals.connection, arrival)
    assert isinstance(outcome, SignedIn)
    if change == "deactivated":
        members.deactivate(User.objects.get(pk=agent.pk), actor=owner)
    else:
        sign_out_everywhere(User.objects.get(pk=agent.pk), actor=owner)
    request = _session_request()
    start_session(request, outcome.user, outcome.ends_at)  # type: ignore[arg-type]
    request.session.save()  # type: ignore[attr-defined]
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key  # type: ignore[attr-defined]
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
        path = mail.outbox[0].body.split(settings.PUBLIC_BASE_URL)[1].split()[0]
        client.post(path, {"first_name": "Nora", "last_name": "New", "password": PASSWORD})
    assert client.session[SESSION_KEY] != str(owner.pk)
    assert "of_the_owner" not in client.session
    assert not Session.objects.filter(session_key=session.session_key).exists()
    assert client.get("/").status_code == 200


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestKilled:
    """A process that dies in mid sign-in loses nothing that was answered, and admits nobody twice."""

    def test_in_mid_sign_in_nothing_is_used_up_and_the_next_process_admits_once(
        self, arrivals: Arrivals, agent: User
    ) -> None:
        message = arrivals.of(agent.email)
        with apps(2) as (dying, other), ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Connection.objects.select_for_update().get()
                answer = pool.submit(dying.post, arrivals.connection, message)
                until_somebody_waits()
                dying.kill()
                assert isinstance(answer.exception(30), OSError)
            assert not ConsumedAssertion.objects.exists()
            assert not Session.objects.exists()
            statuses = [other.post(arrivals.connection, message).status for _ in range(2)]
        assert statuses == [303, 403]
        assert _refusals() == {"": 1, Refusal.REPLAYED: 1}

    def test_under_load_every_assertion_admits_once_at_most(self, arrivals: Arrivals, agent: User) -> None:
        messages = [arrivals.of(agent.email) for _ in range(40)]

        def status(app: App, message: str) -> int:
            try:
                return app.post(arrivals.connection, message).status
            except OSError:
                return 0

        with apps(2) as (dying, other), ThreadPoolExecutor(12) as pool:
            before = [pool.submit(status, dying, message) for message in messages]
            before[8].result(60)
            dying.kill()
            first = [answer.result(60) for answer in before]
            second = [status(other, message) for message in messages]
        for at_first, afterwards in zip(first, second, strict=True):
            assert (at_first, afterwards) in {(303, 403), (0, 303), (0, 403)}
        assert 0 in first
        assert 303 in first
        assert set(_refusals()) == {"", Refusal.REPLAYED}
        assert ConsumedAssertion.objects.count() == len(messages)


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
        outcome = receive(arrivals.connection, Arrival(message, lambda request_id: secret, (), "", late))
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
        assert cookie["path"] == f"/sso/saml/{arrivals.connection.public_id}/acs/"
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
        _close_the_tile(arrivals.connection, agent)
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
