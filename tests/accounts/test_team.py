"""Team members: invited, given roles, deactivated, within the seats."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.invitations import InvitationOver, invite, take_up
from accounts.members import NotAllowed, change_role
from accounts.models import Invitation, Organization, OutgoingEmail, User
from accounts.plans import Plan
from accounts.roles import Permission, Role, allows
from tests.accounts.mail_relay import Relay
from tests.cast import SignedIn
from tests.outbox import deliver
from tests.words import PASSWORD

TEAM = "/settings/team/"


def _invite(client: Client, email: str = "nora@acme.example", role: str = "agent") -> str:
    """The path of the link in the e-mail."""
    client.post(TEAM, {"email": email, "role": role})
    found = re.search(r"http://localhost:8000(/invitations/\S+)", str(deliver()[-1].body))
    assert found
    return found[1]


JOIN = {"first_name": "Nora", "last_name": "New", "password": "a-long-enough-password"}


def test_an_invitation_is_taken_up_once_with_its_role(
    admin: User, acme: Organization, signed_in: SignedIn
) -> None:
    link = _invite(signed_in(admin), "Nora@Acme.example", "supervisor")
    assert acme.seats_taken() == 1
    client = Client()
    assert client.post(link, JOIN).status_code == 302
    nora = User.objects.get(email="nora@acme.example")
    assert (nora.role, nora.organization, acme.seats_taken()) == ("supervisor", acme, 2)
    assert client.get("/").status_code == 200
    assert Client().get(link).status_code == 404
    # What is kept is not what was sent.
    assert link.rstrip("/").rpartition("/")[2] not in Invitation.objects.get().token_hash


@pytest.mark.parametrize("why", ["expired", "revoked", "resent", "nonsense"])
def test_a_link_that_is_over_says_so(admin: User, signed_in: SignedIn, why: str) -> None:
    client = signed_in(admin)
    link = _invite(client)
    invitation = Invitation.objects.get()
    if why == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif why == "revoked":
        client.post(f"{TEAM}invitations/{invitation.pk}/revoke/")
    elif why == "resent":
        client.post(f"{TEAM}invitations/{invitation.pk}/resend/")
        assert len(deliver()) == 2
    else:
        link = "/invitations/nonsense/"
    response = Client().post(link, JOIN)
    assert response.status_code == 404
    assert "not valid any more" in response.content.decode()
    assert not User.objects.filter(email="nora@acme.example").exists()


def test_an_invitation_that_is_over_is_not_said_to_be_revoked(
    admin: User, acme: Organization, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    link = _invite(client)
    Client().post(link, JOIN)
    page = client.post(
        f"{TEAM}invitations/{Invitation.objects.get().pk}/revoke/", follow=True
    ).content.decode()
    assert "is revoked" not in page
    assert "deactivate them" in page
    assert Invitation.objects.get().revoked_at is None
    assert not acme.audit_entries.filter(action="invitation.revoked").exists()


@pytest.mark.parametrize(
    "over",
    [{"revoked_at": timezone.now()}, {"accepted_at": timezone.now()}, {"expires_at": timezone.now()}],
    ids=["revoked", "accepted", "expired"],
)
def test_an_invitation_that_ended_since_it_was_found_makes_no_member(
    admin: User, signed_in: SignedIn, over: dict[str, object]
) -> None:
    _invite(signed_in(admin))
    found = Invitation.objects.get()
    Invitation.objects.update(**over)
    ended = Invitation.objects.values().get()
    with pytest.raises(InvitationOver):
        take_up(found, first_name="Nora", last_name="New", now=timezone.now())
    assert Invitation.objects.values().get() == ended
    assert not User.objects.filter(email=found.email).exists()


def test_an_invitation_lives_for_seven_days(admin: User, signed_in: SignedIn) -> None:
    _invite(signed_in(admin))
    invitation = Invitation.objects.get()
    # From the moment the e-mail left.
    lived = invitation.expires_at - invitation.created_at
    assert timedelta(days=7) < lived < timedelta(days=7, minutes=1)


def test_nobody_joins_when_the_seats_are_taken(admin: User, acme: Organization, signed_in: SignedIn) -> None:
    link = _invite(signed_in(admin))
    Organization.objects.update(seat_limit=1)
    response = Client().post(link, JOIN)
    assert response.status_code == 422
    assert "All seats" in response.content.decode()
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize(
    ("email", "role", "words"),
    [
        ("greta@globex.example", "agent", "can&#x27;t be invited"),
        ("adam@acme.example", "agent", "can&#x27;t be invited"),
        ("nora@acme.example", "owner", "Select a valid choice"),
        ("not an address", "agent", "Enter a valid email address"),
        (f"nora@{'ü' * 60}.example", "agent", "The part after the @ is not a domain name"),
        ("nora@\u00ad.example", "agent", "The part after the @ is not a domain name"),
        ("nora@\u2100.example", "agent", "The part after the @ is not a domain name"),
        ("\u0131@acme.example", "agent", "The part before the @"),
        ("nic\u212a@acme.example", "agent", "The part before the @"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_with_its_reason(
    admin: User, stranger: User, signed_in: SignedIn, email: str, role: str, words: str
) -> None:
    response = signed_in(admin).post(TEAM, {"email": email, "role": role})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not deliver()


@pytest.mark.parametrize(
    ("typed", "written_to"),
    [
        # In IDNA 2003 this is fass.example, which is somebody else.
        ("nora@faß.example", "nora@xn--fa-hia.example"),
        ("nora@Bücher.example", "nora@xn--bcher-kva.example"),
        ("nora@\uff47lobex\u3002example", "nora@globex.example"),
        ("nora@glo\u00adbex.example", "nora@globex.example"),
    ],
)
def test_an_international_domain_has_one_spelling_and_the_mail_goes_to_it(
    admin: User, signed_in: SignedIn, typed: str, written_to: str
) -> None:
    link = _invite(signed_in(admin), typed)
    assert mail.outbox[0].message()["To"] == Invitation.objects.get().email == written_to
    Client().post(link, JOIN)
    sign_in = {"email": typed.upper().replace("SS", "ß"), "password": JOIN["password"]}
    assert Client().post("/login/", sign_in).status_code == 302
    # Nobody is a second person by another spelling.
    response = signed_in(admin).post(TEAM, {"email": typed, "role": "agent"})
    assert "can&#x27;t be invited" in response.content.decode()


def test_an_address_that_the_mail_server_refuses_is_said_and_not_tried_again(
    admin: User, signed_in: SignedIn, relay: Relay
) -> None:
    relay.refuses = {"nora@acme.example"}
    client = signed_in(admin)
    form = {"email": "nora@acme.example", "role": "agent"}
    assert "The e-mail is on its way" in client.post(TEAM, form, follow=True).content.decode()
    deliver()
    page = client.get(TEAM).content.decode()
    assert "E-mail refused" in page
    assert "The mail server takes nothing for this address." in page
    relay.refuses = set()
    deliver()
    assert relay.recipients == []
    client.post(f"{TEAM}invitations/{Invitation.objects.get().pk}/resend/")
    deliver()
    assert relay.recipients == ["nora@acme.example"]
    assert "E-mail" not in client.get(TEAM).content.decode()


def test_while_the_mail_server_is_away_an_earlier_invitation_stays_good(
    admin: User, signed_in: SignedIn, relay: Relay
) -> None:
    client = signed_in(admin)
    client.post(TEAM, {"email": "nora@acme.example", "role": "agent"})
    deliver()
    assert relay.recipients == ["nora@acme.example"]
    before = Invitation.objects.values().get()
    relay.stop()
    page = client.post(f"{TEAM}invitations/{before['id']}/resend/", follow=True).content.decode()
    assert "is invited again. The e-mail is on its way" in page
    assert "E-mail on its way" in page
    deliver()
    page = client.get(TEAM).content.decode()
    assert "E-mail not sent yet" in page
    assert "It is tried again by itself" in page
    assert Invitation.objects.values().get() == before


def test_an_earlier_link_ends_when_the_new_one_leaves(admin: User, signed_in: SignedIn) -> None:
    client = signed_in(admin)
    first = _invite(client)
    client.post(TEAM, {"email": "nora@acme.example", "role": "supervisor"})
    assert Client().get(first).status_code == 200
    second = re.search(r"http://localhost:8000(/invitations/\S+)", str(deliver()[-1].body))
    assert second is not None
    assert Client().get(first).status_code == 404
    Client().post(second[1], JOIN)
    assert User.objects.get(email="nora@acme.example").role == "supervisor"


def test_a_link_that_is_over_is_not_good_again_while_the_new_one_waits(
    admin: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    first = _invite(client)
    Invitation.objects.update(expires_at=timezone.now())
    client.post(TEAM, {"email": "nora@acme.example", "role": "agent"})
    assert Invitation.objects.get().is_open(timezone.now())
    assert Client().get(first).status_code == 404


def test_an_invitation_that_is_revoked_before_its_email_leaves_sends_none(
    admin: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    client.post(TEAM, {"email": "nora@acme.example", "role": "agent"})
    client.post(f"{TEAM}invitations/{Invitation.objects.get().pk}/revoke/")
    assert not deliver()
    assert not OutgoingEmail.objects.exists()


def test_an_email_that_never_left_is_said_and_can_be_sent_again(
    admin: User, signed_in: SignedIn, relay: Relay
) -> None:
    client = signed_in(admin)
    client.post(TEAM, {"email": "nora@acme.example", "role": "agent"})
    OutgoingEmail.objects.update(created_at=timezone.now() - timedelta(days=3, seconds=1))
    deliver()
    page = client.get(TEAM).content.decode()
    assert "The mail server did not take it for days. Send it again under More → Resend." in page
    client.post(f"{TEAM}invitations/{Invitation.objects.get().pk}/resend/")
    deliver()
    assert relay.recipients == ["nora@acme.example"]


def test_a_role_counts_at_once(admin: User, agent: User, signed_in: SignedIn) -> None:
    theirs = signed_in(agent)
    assert theirs.get(TEAM).status_code == 403
    signed_in(admin).post(f"{TEAM}{agent.pk}/role/", {"role": "admin"})
    assert theirs.get(TEAM).status_code == 200
    signed_in(admin).post(f"{TEAM}{agent.pk}/role/", {"role": "agent"})
    assert theirs.get(TEAM).status_code == 403


def test_a_role_outside_the_plan_is_given_to_nobody(initech: Organization, initech_owner: User) -> None:
    member = User.objects.create_user("ines@initech.example", organization=initech)
    initech.plan = Plan.ESSENTIALS.value
    initech.save(update_fields=["plan"])
    with pytest.raises(NotAllowed, match="plan does not include"):
        change_role(member, Role.SUPERVISOR, actor=initech_owner)
    with pytest.raises(NotAllowed, match="plan does not include"):
        invite(initech, "ivo@initech.example", Role.SUPERVISOR, actor=initech_owner, now=timezone.now())
    member.refresh_from_db()
    assert member.role == Role.AGENT
    assert not initech.invitations.exists()
    assert not initech.audit_entries.exists()


def test_the_owner_stays_owner_and_nobody_becomes_one(
    admin: User, owner: User, agent: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    for member, role in ((owner, "agent"), (agent, "owner"), (agent, "king"), (admin, "agent")):
        client.post(f"{TEAM}{member.pk}/role/", {"role": role})
    for member in (owner, agent, admin):
        before = member.role
        member.refresh_from_db()
        assert member.role == before
    client.post(f"{TEAM}{owner.pk}/deactivate/")
    client.post(f"{TEAM}{admin.pk}/deactivate/")
    assert User.objects.filter(is_active=False).count() == 0


def test_deactivating_ends_access_at_once_in_every_browser_and_frees_the_seat(
    admin: User, agent: User, acme: Organization, signed_in: SignedIn
) -> None:
    browsers = [signed_in(agent), signed_in(agent)]
    client = signed_in(admin)
    assert "signed out everywhere at once" in client.get(f"{TEAM}{agent.pk}/deactivate/").content.decode()
    client.post(f"{TEAM}{agent.pk}/deactivate/")
    assert all(browser.get("/").status_code == 302 for browser in browsers)
    assert acme.seats_taken() == 1
    client.post(f"{TEAM}{agent.pk}/reactivate/")
    # Back in, but not in the old sessions.
    assert all(browser.get("/").status_code == 302 for browser in browsers)
    assert Client().post("/login/", {"email": agent.email, "password": PASSWORD}).status_code == 302


def test_reactivating_needs_a_seat(admin: User, agent: User, signed_in: SignedIn) -> None:
    client = signed_in(admin)
    client.post(f"{TEAM}{agent.pk}/deactivate/")
    Organization.objects.update(seat_limit=1)
    assert "All seats are taken" in client.post(f"{TEAM}{agent.pk}/reactivate/", follow=True).content.decode()
    agent.refresh_from_db()
    assert not agent.is_active


def test_signing_out_everywhere_spares_the_others(admin: User, agent: User, signed_in: SignedIn) -> None:
    theirs, ours = signed_in(agent), signed_in(admin)
    ours.post(f"{TEAM}{agent.pk}/end-sessions/")
    assert theirs.get("/").status_code == 302
    assert ours.get("/").status_code == 200


def test_supervisors_come_with_pro_and_single_sign_on_with_business() -> None:
    assert [plan for plan in Plan if plan.includes_sso] == [Plan.BUSINESS]
    assert [plan for plan in Plan if Role.SUPERVISOR in plan.roles] == [Plan.PRO, Plan.BUSINESS]


@pytest.mark.parametrize("permission", Permission)
def test_only_owner_and_admins_administer(permission: Permission) -> None:
    assert [role for role in Role if allows(role, permission)] == [Role.OWNER, Role.ADMIN]
