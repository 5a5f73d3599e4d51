"""Who somebody becomes at arrival."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from accounts.domains import GRACE, check, claim
from accounts.invitations import invite
from accounts.members import deactivate
from accounts.models import Organization, User
from accounts.roles import Role
from sso.models import ConsumedAssertion, LinkedIdentity
from sso.refusals import Refusal
from tests.cast import Arrivals, Newest, SignedIn
from tests.name_server import NameServer
from tests.recording import count_refusals
from tests.saml.messages import PERSISTENT


def test_somebody_new_becomes_a_member_with_the_default_role(arrivals: Arrivals) -> None:
    assert arrivals.post(arrivals.of("nora@acme.example")).status_code == 303
    nora = User.objects.get(email="nora@acme.example")
    assert (nora.role, nora.first_name, nora.organization) == (
        "agent",
        "Nora",
        arrivals.connection.organization,
    )
    assert not nora.has_usable_password()


def test_an_invitation_is_taken_up_with_its_role(arrivals: Arrivals, acme: Organization, owner: User) -> None:
    now = timezone.now()
    acme.invitations.create(
        email="nora@acme.example",
        role="supervisor",
        token_hash="x",
        invited_by=owner,
        expires_at=now + timedelta(days=1),
    )
    arrivals.connection.create_members = False
    arrivals.connection.save(update_fields=["create_members"])
    assert arrivals.post(arrivals.of("nora@acme.example")).status_code == 303
    assert User.objects.get(email="nora@acme.example").role == "supervisor"
    assert acme.invitations.get().accepted_at is not None


@pytest.mark.parametrize("over", ["expires_at", "revoked_at"])
def test_an_invitation_that_is_over_gives_no_role_and_opens_no_door(
    arrivals: Arrivals, acme: Organization, owner: User, last_event: Newest, over: str
) -> None:
    now = timezone.now()
    for name in ("nora", "nils"):
        invitation = invite(acme, f"{name}@acme.example", Role.ADMIN, actor=owner, now=now)
        acme.invitations.filter(pk=invitation.pk).update(**{over: now})
    assert arrivals.post(arrivals.of("nora@acme.example")).status_code == 303
    assert User.objects.get(email="nora@acme.example").role == Role.AGENT
    arrivals.connection.create_members = False
    arrivals.connection.save(update_fields=["create_members"])
    assert _refused(arrivals, "nils@acme.example", last_event) == Refusal.CREATION_OFF
    assert not acme.invitations.filter(accepted_at__isnull=False).exists()


def test_names_are_refreshed_and_the_role_is_not(arrivals: Arrivals, admin: User) -> None:
    arrivals.post(arrivals.of(admin.email, attributes=(("firstName", ("Ada",)), ("role", ("owner",)))))
    admin.refresh_from_db()
    assert (admin.first_name, admin.last_name, admin.role) == ("Ada", "Admin", "admin")


def test_the_case_of_an_email_makes_no_second_person(arrivals: Arrivals) -> None:
    for spelling in ("nora@acme.example", "Nora@Acme.Example", "NORA@ACME.EXAMPLE"):
        assert arrivals.post(arrivals.of(spelling)).status_code == 303
    assert User.objects.filter(email__iexact="nora@acme.example").count() == 1
    assert LinkedIdentity.objects.count() == 1


def test_a_linked_person_is_known_by_the_name_id(arrivals: Arrivals, agent: User, last_event: Newest) -> None:
    opaque = {"name_id": "00u1", "name_id_format": PERSISTENT}
    assert arrivals.post(arrivals.of(agent.email, **opaque)).status_code == 303
    assert arrivals.post(arrivals.of("other@acme.example", **opaque)).status_code == 403
    assert last_event().refusal == Refusal.EMAIL_CHANGED
    assert (
        arrivals.post(arrivals.of(agent.email, name_id="00u2", name_id_format=PERSISTENT)).status_code == 403
    )
    assert last_event().refusal == Refusal.LINK_MOVED


def test_resetting_the_link_lets_the_new_name_id_in(
    arrivals: Arrivals, agent: User, owner: User, signed_in: SignedIn
) -> None:
    arrivals.post(arrivals.of(agent.email, name_id="00u1", name_id_format=PERSISTENT))
    signed_in(owner).post(f"/settings/team/{agent.pk}/reset-sso-link/")
    moved = arrivals.of(agent.email, name_id="00u2", name_id_format=PERSISTENT)
    assert arrivals.post(moved).status_code == 303


def _refused(arrivals: Arrivals, email: str, newest: Newest) -> str:
    before, used = User.objects.count(), ConsumedAssertion.objects.count()
    client = Client()
    assert arrivals.post(arrivals.of(email), client).status_code == 403
    assert client.get("/").status_code == 302
    assert User.objects.count() == before
    assert ConsumedAssertion.objects.count() == used
    return newest().refusal


def test_a_deactivated_member_stays_out(
    arrivals: Arrivals, agent: User, owner: User, last_event: Newest
) -> None:
    deactivate(agent, actor=owner)
    assert _refused(arrivals, agent.email, last_event) == Refusal.MEMBER_DEACTIVATED


def test_deactivating_ends_a_session_at_once(arrivals: Arrivals, agent: User, owner: User) -> None:
    client = Client()
    arrivals.post(arrivals.of(agent.email), client)
    deactivate(agent, actor=owner)
    assert client.get("/").status_code == 302


def test_an_email_outside_the_verified_domains_stays_out(arrivals: Arrivals, last_event: Newest) -> None:
    assert _refused(arrivals, "nora@globex.example", last_event) == Refusal.DOMAIN_NOT_VERIFIED


@pytest.mark.parametrize("is_verified_by_globex", [False, True])
def test_a_domain_that_is_not_verified_lets_nobody_in(
    arrivals: Arrivals,
    acme: Organization,
    globex: Organization,
    last_event: Newest,
    is_verified_by_globex: bool,
) -> None:
    claim(acme, "shared.example")
    if is_verified_by_globex:
        globex.domains.create(name="shared.example", verified_at=timezone.now())
    assert _refused(arrivals, "nora@shared.example", last_event) == Refusal.DOMAIN_NOT_VERIFIED


def test_a_domain_whose_proof_has_lapsed_lets_its_members_in_no_more(
    arrivals: Arrivals, acme: Organization, agent: User, last_event: Newest, name_server: NameServer
) -> None:
    domain, now = acme.domains.get(), timezone.now()
    check(domain, now - GRACE)
    assert arrivals.post(arrivals.of(agent.email)).status_code == 303
    check(domain, now)
    assert _refused(arrivals, agent.email, last_event) == Refusal.DOMAIN_NOT_VERIFIED


def test_a_member_of_another_organization_stays_out(
    arrivals: Arrivals, globex: Organization, last_event: Newest
) -> None:
    User.objects.create_user("guest@acme.example", None, organization=globex)
    assert _refused(arrivals, "guest@acme.example", last_event) == Refusal.EMAIL_ELSEWHERE


def test_creation_stops_at_the_seat_limit(
    arrivals: Arrivals, acme: Organization, agent: User, last_event: Newest
) -> None:
    acme.seat_limit = 1
    acme.save(update_fields=["seat_limit"])
    assert _refused(arrivals, "nora@acme.example", last_event) == Refusal.NO_SEAT
    assert arrivals.post(arrivals.of(agent.email)).status_code == 303


def test_creation_can_be_off(arrivals: Arrivals, last_event: Newest) -> None:
    arrivals.connection.create_members = False
    arrivals.connection.save(update_fields=["create_members"])
    assert _refused(arrivals, "nora@acme.example", last_event) == Refusal.CREATION_OFF


def _at_once(count: int, work: Callable[[int], int]) -> list[int]:
    statuses: list[int] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            gate.wait()
            statuses.append(work(number))
        finally:
            database.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_first_sign_ins_at_once_make_one_member(arrivals: Arrivals) -> None:
    forms = [arrivals.of("nora@acme.example") for _ in range(20)]
    assert _at_once(20, lambda number: arrivals.post(forms[number]).status_code) == [303] * 20
    assert User.objects.filter(email="nora@acme.example").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_thirty_two_copies_at_once_one_signs_in(arrivals: Arrivals, agent: User) -> None:
    copy = arrivals.of(agent.email)
    assert _at_once(32, lambda _number: arrivals.post(copy).status_code) == [303] + [403] * 31
    assert count_refusals()[Refusal.REPLAYED] == 31


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_last_seat_is_given_once(arrivals: Arrivals, acme: Organization) -> None:
    acme.seat_limit = 1
    acme.save(update_fields=["seat_limit"])
    forms = [arrivals.of(f"new{number}@acme.example") for number in range(8)]
    assert _at_once(8, lambda number: arrivals.post(forms[number]).status_code) == [303] + [403] * 7
    assert acme.seats_taken() == 1


def test_the_number_of_queries_does_not_grow(
    arrivals: Arrivals,
    acme: Organization,
    agent: User,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        form = arrivals.of(agent.email)
        with CaptureQueriesContext(database) as captured:
            arrivals.post(form)
        return len(captured)

    queries()
    before = queries()
    for number in range(30):
        User.objects.create_user(f"m{number}@acme.example", None, organization=acme)
        acme.domains.create(name=f"d{number}.example", verified_at=timezone.now())
        arrivals.post(arrivals.of(f"m{number}@acme.example")) if number < 3 else None
    assert queries() == before
