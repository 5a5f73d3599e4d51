"""Test the tile, while single sign-on is not on: a report for the admin who listens, a polite page for all others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from sso.models import Connection, ConnectionTest
from sso.refusals import Refusal
from tests.cast import Arrivals, SignedIn
from tests.saml.messages import IdentityProvider

TILE = "/settings/security/sso/test/tile/"
POLITE = "Your company is still setting up single sign-on"


@pytest.fixture
def draft(arrivals: Arrivals) -> Arrivals:
    Connection.objects.update(enabled_at=None)
    arrivals.connection.refresh_from_db()
    return arrivals


@pytest.fixture
def listening(draft: Arrivals, admin: User, signed_in: SignedIn) -> Client:
    client = signed_in(admin)
    assert client.post(TILE).status_code == 302
    return client


def newest() -> ConnectionTest:
    return ConnectionTest.objects.latest("pk")


def test_the_admin_who_listens_sees_the_report(draft: Arrivals, listening: Client) -> None:
    page = listening.get(f"/settings/security/sso/test/{newest().public_id}/").content.decode()
    assert "Now click the tile" in page
    key = listening.session.session_key
    response = draft.post(draft.of("nora@acme.example"), listening)
    assert response["Location"] == f"/settings/security/sso/test/{newest().public_id}/"
    assert newest().passed
    assert "would be created as Agent" in listening.get(response["Location"]).content.decode()
    assert listening.session.session_key == key
    assert not User.objects.filter(email="nora@acme.example").exists()
    draft.connection.refresh_from_db()
    assert not draft.connection.is_tested  # The SSO URL was never used.


def test_the_secret_goes_to_this_acs_only_and_across_sites(draft: Arrivals, listening: Client) -> None:
    cookie = listening.cookies["sso_tile_test"]
    assert cookie["path"] == f"/sso/saml/{draft.connection.public_id}/acs"
    assert (cookie["samesite"], cookie["secure"], cookie["httponly"]) == ("None", True, True)
    assert cookie.value not in newest().listener_hash


def test_everybody_else_gets_a_polite_page_without_detail(draft: Arrivals, listening: Client) -> None:
    other = IdentityProvider("rsa-other")
    for sent in (
        draft.of("nora@acme.example"),
        draft.of("nora@globex.example"),
        Arrivals(draft.connection, other).of("nora@acme.example"),
        "bm8=",
    ):
        response = draft.post(sent)
        assert response.status_code == 403
        page = response.content.decode()
        assert POLITE in page
        assert "certificate" not in page
    assert newest().finished_at is None
    assert not User.objects.filter(email="nora@acme.example").exists()


def test_what_is_wrong_with_the_tile_is_reported(draft: Arrivals, listening: Client) -> None:
    response = draft.post(draft.of("nora@acme.example", audiences=("{audience}",)), listening)
    page = listening.get(response["Location"]).content.decode()
    assert "Invalid audience" in page
    assert not newest().passed


def test_even_what_is_no_response_is_reported(draft: Arrivals, listening: Client) -> None:
    response = draft.post("bm8=", listening)
    page = listening.get(response["Location"]).content.decode()
    assert "Not a SAML response" in page
    assert "There is no response to look at." in page


def test_it_listens_once(draft: Arrivals, listening: Client) -> None:
    secret = listening.cookies["sso_tile_test"].value
    draft.post(draft.of("nora@acme.example"), listening)
    listening.cookies["sso_tile_test"] = secret
    assert POLITE in draft.post(draft.of("nora@acme.example"), listening).content.decode()


def test_it_listens_for_five_minutes(draft: Arrivals, listening: Client) -> None:
    ConnectionTest.objects.update(started_at=timezone.now() - timedelta(minutes=5, seconds=1))
    assert POLITE in draft.post(draft.of("nora@acme.example"), listening).content.decode()


@pytest.mark.parametrize("change", [{"role": "agent"}, {"is_active": False}])
def test_it_no_longer_listens_for_somebody_who_is_no_admin_any_more(
    draft: Arrivals, listening: Client, admin: User, change: dict[str, object]
) -> None:
    User.objects.filter(pk=admin.pk).update(**change)
    assert POLITE in draft.post(draft.of("nora@acme.example"), listening).content.decode()
    assert newest().finished_at is None


def test_nor_for_an_admin_who_is_in_another_company_by_now(
    draft: Arrivals, listening: Client, admin: User, globex: Organization
) -> None:
    User.objects.filter(pk=admin.pk).update(organization=globex)
    assert POLITE in draft.post(draft.of("nora@acme.example"), listening).content.decode()
    assert newest().finished_at is None


def test_the_secret_is_taken_away_after_use(draft: Arrivals, listening: Client) -> None:
    given = listening.cookies["sso_tile_test"].copy()
    assert given["max-age"] == 300
    response = draft.post(draft.of("nora@acme.example"), listening)
    taken = response.cookies["sso_tile_test"]
    assert (taken.value, taken["max-age"]) == ("", 0)
    # A browser removes the cookie of that path only.
    assert (taken["path"], taken["samesite"], taken["secure"]) == (given["path"], "None", True)


def test_once_it_is_on_a_click_on_the_tile_signs_in(draft: Arrivals, listening: Client, agent: User) -> None:
    Connection.objects.update(enabled_at=timezone.now())
    assert draft.post(draft.of(agent.email), listening).status_code == 303
    assert newest().finished_at is None
    page = listening.post(TILE, follow=True)
    assert page.status_code in (200, 403)


def test_the_tile_may_be_switched_off_and_the_test_says_so(draft: Arrivals, listening: Client) -> None:
    Connection.objects.update(allow_idp_initiated=False)
    page = listening.get(draft.post(draft.of("nora@acme.example"), listening)["Location"]).content.decode()
    assert "Tile sign-in not allowed" in page
    assert "1 thing to change in JustCall." in page


def test_a_response_that_was_used_once_does_not_pass(draft: Arrivals, listening: Client) -> None:
    sent = draft.of("nora@acme.example")
    draft.post(sent, listening)
    listening.post(TILE)
    draft.post(sent, listening)
    assert not newest().passed
    assert draft.connection.events.latest("pk").refusal == Refusal.REPLAYED


def test_only_admins_may_listen(draft: Arrivals, agent: User, signed_in: SignedIn) -> None:
    assert signed_in(agent).post(TILE).status_code == 403
    assert Client().post(TILE).status_code == 302
    assert not ConnectionTest.objects.exists()


def test_nobody_listens_at_the_connection_of_another_company(
    draft: Arrivals, stranger: User, signed_in: SignedIn
) -> None:
    assert signed_in(stranger).post(TILE).status_code == 404
