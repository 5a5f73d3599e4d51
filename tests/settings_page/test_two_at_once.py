"""Two admins who edit at once, and people who are on the way while a change is applied."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection as db_connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from sso.connection import staging
from sso.models import ConfigurationCandidate, Connection
from sso.refusals import Refusal
from sso.saml.fingerprints import with_colons
from tests.cast import Arrivals, SignedIn
from tests.saml.messages import ISSUER
from tests.settings_page.configuring import (
    NEW,
    NEW_SSO_URL,
    PAGE,
    form,
    moved,
    said,
    seen,
)


@pytest.fixture
def client(admin: User, signed_in: SignedIn) -> Client:
    return signed_in(admin)


def test_two_admins_do_not_overwrite_each_other_silently(
    live: Connection, client: Client, owner: User, signed_in: SignedIn
) -> None:
    other = signed_in(owner)
    mine, theirs = seen(client), seen(other)
    said(other, PAGE, form(idp_entity_id="urn:theirs", seen=theirs))
    response = client.post(PAGE, form(idp_entity_id="urn:mine", seen=mine))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else changed this meanwhile" in page
    assert "Olivia Owner saved at" in page
    assert "theirs" in page
    assert 'name="idp_entity_id" value="urn:mine"' in page
    assert ConfigurationCandidate.objects.get().idp_entity_id == "urn:theirs"
    # Having seen it, I may decide for mine.
    again = re.search(r'name="seen" value="(\w+)"', page)
    assert again
    said(client, PAGE, form(idp_entity_id="urn:mine", seen=again[1]))
    candidate = ConfigurationCandidate.objects.get()
    assert (candidate.idp_entity_id, candidate.staged_by) == ("urn:mine", User.objects.get(first_name="Adam"))


def test_a_change_of_the_role_by_somebody_else_is_noticed_too(
    live: Connection, client: Client, owner: User, signed_in: SignedIn
) -> None:
    mine = seen(client)
    said(signed_in(owner), PAGE, form(default_role="supervisor"))
    response = client.post(PAGE, form(idp_entity_id="urn:mine", certificates=NEW.pem, seen=mine))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Supervisor" in page
    assert with_colons(NEW.pinned.sha256) in page


def test_nobody_applies_or_discards_a_change_they_have_not_seen(live: Connection, client: Client) -> None:
    said(client, PAGE, form(idp_entity_id="urn:first"))
    said(client, PAGE, form(idp_entity_id="urn:second"))
    typed = {"version": 1, "name": "Acme"}
    for path in ("apply", "apply-untested", "discard"):
        assert "Somebody else changed this meanwhile" in said(client, f"{PAGE}change/{path}/", typed)
        assert "Somebody else changed this meanwhile" in said(
            client, f"{PAGE}change/{path}/", {"name": "Acme", "version": "²"}
        )
    live.refresh_from_db()
    assert live.idp_entity_id == ISSUER
    assert ConfigurationCandidate.objects.get().idp_entity_id == "urn:second"


def test_who_was_on_the_way_while_it_was_applied_starts_again(
    live: Connection, client: Client, agent: User
) -> None:
    browser = Client()
    arrivals = Arrivals(live)
    asked = arrivals.ask(browser)
    said(client, PAGE, moved())
    said(client, f"{PAGE}change/apply-untested/", {"version": 1, "name": "Acme"})
    response = arrivals.post(arrivals.of(agent.email, in_response_to=asked), browser)
    assert response.status_code == 403
    assert "Your sign-in expired or was interrupted. Start again." in response.content.decode()
    assert live.events.latest("pk").refusal == Refusal.UNKNOWN_REQUEST


def test_who_was_on_the_way_and_still_fits_gets_in(live: Connection, client: Client, agent: User) -> None:
    browser = Client()
    arrivals = Arrivals(live)
    asked = arrivals.ask(browser)
    said(client, PAGE, form(sso_url=NEW_SSO_URL))
    said(client, f"{PAGE}change/apply-untested/", {"version": 1, "name": "Acme"})
    response = arrivals.post(arrivals.of(agent.email, in_response_to=asked), browser)
    assert response.status_code == 303


@pytest.mark.django_db(transaction=True)
def test_of_two_who_apply_at_once_one_does(live: Connection, client: Client, admin: User) -> None:
    said(client, PAGE, moved())
    at_once = Barrier(2)

    def apply() -> bool:
        at_once.wait()
        try:
            staging.apply(Connection.objects.get(pk=live.pk), admin, timezone.now(), version=1, untested=True)
        except staging.ChangedMeanwhile:
            return False
        else:
            return True
        finally:
            db_connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(future.result() for future in [pool.submit(apply) for _ in range(2)])
    assert outcomes == [False, True]
    live.refresh_from_db()
    assert live.version == 2
