"""Two companies, two identity providers: neither speaks for the other, whatever it signs and wherever it posts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.invitations import find_open, invite
from accounts.models import Organization, User
from accounts.roles import Role
from sso.models import SignInEvent
from sso.refusals import Refusal
from tests.cast import Arrivals, Newest, SignedIn, connect
from tests.saml.messages import ISSUER, IdentityProvider

GLOBEX_IDP = IdentityProvider("rsa-globex")


@pytest.fixture
def theirs(globex: Organization) -> Arrivals:
    """Globex's connection: another key, and the very same issuer as Acme's."""
    return Arrivals(connect(globex, GLOBEX_IDP, ISSUER), GLOBEX_IDP)


def _refused(event: SignInEvent, refusal: Refusal, company: Organization) -> None:
    assert (event.refusal, event.organization, event.user) == (refusal, company, None)
    assert not User.objects.filter(last_sso_at__isnull=False).exists()


def test_an_issuer_that_both_have_saved_lets_each_into_its_own_company(
    arrivals: Arrivals, theirs: Arrivals, agent: User
) -> None:
    assert arrivals.post(arrivals.of(agent.email)).status_code == 303
    assert theirs.post(theirs.of("gus@globex.example")).status_code == 303
    assert User.objects.get(email="gus@globex.example").organization == theirs.connection.organization


def test_their_key_signs_nobody_in_here(
    arrivals: Arrivals, theirs: Arrivals, agent: User, acme: Organization, last_event: Newest
) -> None:
    message = arrivals.message(name_id=agent.email, attributes=(("email", (agent.email,)),))
    assert arrivals.post(GLOBEX_IDP.response(message)).status_code == 403
    _refused(last_event(), Refusal.CERTIFICATE_REPLACED, acme)
    # Nothing of it is believed, not even whom it names.
    assert last_event().email == ""


@pytest.mark.parametrize("email", ["agnes@acme.example", "nobody@acme.example"])
def test_their_identity_provider_names_nobody_of_ours(
    theirs: Arrivals, agent: User, globex: Organization, last_event: Newest, email: str
) -> None:
    page = theirs.post(theirs.of(email))
    assert page.status_code == 403
    _refused(last_event(), Refusal.DOMAIN_NOT_VERIFIED, globex)
    # A member of another company, and nobody at all: one page, but for the reference.
    assert "not set up for JustCall" in page.content.decode()


def test_somebody_of_theirs_who_is_our_member_stays_ours(
    arrivals: Arrivals, theirs: Arrivals, acme: Organization, globex: Organization, last_event: Newest
) -> None:
    consultant = User.objects.create_user("carl@globex.example", organization=acme)
    assert theirs.post(theirs.of(consultant.email)).status_code == 403
    _refused(last_event(), Refusal.EMAIL_ELSEWHERE, globex)
    consultant.refresh_from_db()
    assert consultant.organization == acme


def test_a_name_id_of_ours_is_nobody_at_theirs(
    arrivals: Arrivals, theirs: Arrivals, agent: User, last_event: Newest
) -> None:
    rows = (("email", (agent.email,)),)
    says = {"name_id": "employee-7", "name_id_format": None, "attributes": rows}
    assert arrivals.post(arrivals.of(agent.email, **says)).status_code == 303
    assert theirs.post(theirs.of(agent.email, **says)).status_code == 403
    assert last_event().refusal == Refusal.DOMAIN_NOT_VERIFIED


@pytest.mark.parametrize("same_key", [True, False])
def test_a_response_for_our_connection_is_worth_nothing_at_theirs(
    arrivals: Arrivals, globex: Organization, agent: User, last_event: Newest, same_key: bool
) -> None:
    idp = arrivals.idp if same_key else GLOBEX_IDP
    other = Arrivals(connect(globex, idp, ISSUER), idp)
    assert other.post(arrivals.of(agent.email)).status_code == 403
    _refused(last_event(), Refusal.WRONG_AUDIENCE if same_key else Refusal.CERTIFICATE_REPLACED, globex)


def test_a_response_that_names_both_as_its_audience_goes_by_its_recipient(
    arrivals: Arrivals, globex: Organization, agent: User, last_event: Newest
) -> None:
    other = Arrivals(connect(globex, arrivals.idp, ISSUER))
    both = (arrivals.connection.entity_id, other.connection.entity_id)
    assert other.post(arrivals.of(agent.email, audiences=both)).status_code == 403
    assert last_event().refusal == Refusal.WRONG_DESTINATION


def test_a_request_to_one_is_not_answered_by_the_other(
    arrivals: Arrivals, theirs: Arrivals, agent: User, last_event: Newest
) -> None:
    # The mix-up: the browser asked Globex, and Acme's answer names that request.
    browser = Client()
    asked = theirs.ask(browser)
    assert arrivals.post(arrivals.of(agent.email, in_response_to=asked), browser).status_code == 403
    assert last_event().refusal == Refusal.UNKNOWN_REQUEST
    # It stays open for the one who was asked.
    theirs_answer = theirs.of("gus@globex.example", in_response_to=asked)
    assert theirs.post(theirs_answer, browser).status_code == 303


def test_an_assertion_id_used_at_theirs_is_still_new_here(
    arrivals: Arrivals, theirs: Arrivals, agent: User
) -> None:
    assert theirs.post(theirs.of("gus@globex.example", assertion_id="A1")).status_code == 303
    assert arrivals.post(arrivals.of(agent.email, assertion_id="A1")).status_code == 303


class TestPreHijack:
    """Somebody who gets hold of an address before its company does."""

    def test_a_strangers_invitation_does_not_keep_a_person_from_their_company(
        self, arrivals: Arrivals, globex: Organization, stranger: User
    ) -> None:
        invite(globex, "nora@acme.example", Role.ADMIN, actor=stranger, now=timezone.now())
        assert arrivals.post(arrivals.of("nora@acme.example")).status_code == 303
        nora = User.objects.get(email="nora@acme.example")
        assert (nora.organization, nora.role) == (arrivals.connection.organization, Role.AGENT)

    def test_and_is_worth_nothing_once_the_person_is_there(
        self, arrivals: Arrivals, globex: Organization, stranger: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("accounts.invitations.secrets.token_urlsafe", lambda size: "t" * 43)
        invite(globex, "nora@acme.example", Role.ADMIN, actor=stranger, now=timezone.now())
        arrivals.post(arrivals.of("nora@acme.example"))
        taken = Client().post(
            f"/invitations/{'t' * 43}/",
            {"first_name": "N", "last_name": "N", "password": "another-horse-battery-staple"},
        )
        assert taken.status_code == 422
        nora = User.objects.get(email="nora@acme.example")
        assert nora.organization == arrivals.connection.organization
        assert not nora.check_password("another-horse-battery-staple")
        assert find_open("t" * 43, timezone.now()) is not None

    def test_a_member_cannot_be_invited_away(self, agent: User, stranger: User, signed_in: SignedIn) -> None:
        page = signed_in(stranger).post("/settings/team/", {"email": agent.email.upper(), "role": "agent"})
        assert page.status_code == 422
        assert "Acme" not in page.content.decode()
        agent.refresh_from_db()
        assert agent.organization is not None
        assert agent.organization.name == "Acme"
