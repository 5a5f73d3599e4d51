"""An admin's change while somebody signs in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import members
from accounts.invitations import invite, revoke, take_up
from accounts.members import lock_organization
from accounts.models import Organization, User
from accounts.roles import Role
from sso.acs.answering import Arrival
from sso.acs.receiving import receive
from sso.connection.configuration import live_configuration, make_live
from sso.connection.setup import delete_connection, turn_off
from sso.models import Connection, ConsumedAssertion, SignInEvent
from sso.refusals import Refusal
from sso.saml.pasted.certificates import read_certificates
from sso.signing_in import provisioning, statements
from sso.signing_in.statements import Found
from tests.cast import Arrivals, nobody_comes_in
from tests.processes import in_thread, until_somebody_waits
from tests.recording import count_refusals
from tests.saml.messages import IdentityProvider


def _turn_off(connection: Connection, owner: User) -> None:
    turn_off(connection, owner)


def _delete(connection: Connection, owner: User) -> None:
    delete_connection(connection, owner)


def _lapse(connection: Connection, owner: User) -> None:
    Connection.objects.select_for_update().get(pk=connection.pk)
    connection.organization.plan = "pro"
    connection.organization.save()


def _close_the_tile(connection: Connection, owner: User) -> None:
    Connection.objects.filter(pk=connection.pk).update(allow_idp_initiated=False)


def _replace_the_certificate(connection: Connection, owner: User) -> None:
    other = IdentityProvider("rsa-next").pinned
    configuration = live_configuration(connection)
    make_live(connection, replace(configuration, certificates=read_certificates(other.pem)), timezone.now())


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
        assert set(count_refusals()) == refusals
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
        assert set(count_refusals()) == {refusal}
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
        look = statements.find_person

        def look_too_early(*arguments: Any) -> Found:
            found = look(*arguments)
            acme.invitations.update(revoked_at=timezone.now())
            return found._replace(invitation_id=found.invitation_id or acme.invitations.get().pk)

        monkeypatch.setattr(provisioning, "find_person", look_too_early)
        assert arrivals.post(arrivals.of("nora@acme.example")).status_code == 403
        assert set(count_refusals()) == {Refusal.CREATION_OFF}
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
        outcome = receive(
            stale, Arrival(message, lambda request_id: "", (), "", nobody_comes_in, timezone.now())
        )
        assert outcome.event.refusal == Refusal.NOT_SIGNED  # type: ignore[union-attr]
        assert SignInEvent.objects.get().connection is None
