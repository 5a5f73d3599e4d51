"""Staged edits: what is tested and live goes on working while a change waits for its test."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization, User
from sso.connection.state import State, state_of_connection
from sso.models import ConfigurationCandidate, Connection, ConnectionTest, PendingLogin
from sso.refusals import Refusal
from tests.cast import Arrivals, SignedIn
from tests.saml.messages import ISSUER, SSO_URL
from tests.settings_page.configuring import (
    NEW,
    NEW_ISSUER,
    NEW_SSO_URL,
    PAGE,
    form,
    moved,
    run_test,
    said,
)


@pytest.fixture
def client(admin: User, signed_in: SignedIn) -> Client:
    return signed_in(admin)


def audit(acme: Organization) -> list[tuple[str, dict[str, Any]]]:
    return list(acme.audit_entries.order_by("pk").values_list("action", "changes"))


@pytest.fixture
def new_idp(live: Connection) -> Callable[..., ConnectionTest]:
    """Tests the staged change against the identity provider it names."""

    def test(client: Client, email: str = "adam@acme.example", **says: Any) -> ConnectionTest:
        arrivals = Arrivals(live, NEW)
        issuers = {"issuer": NEW_ISSUER, "response_issuer": NEW_ISSUER}
        return run_test(client, arrivals, email, **(issuers | says))

    return test


def test_a_change_of_a_live_configuration_waits_and_the_live_one_goes_on(
    live: Connection, client: Client, agent: User, acme: Organization
) -> None:
    page = said(client, PAGE, moved())
    assert "The change is staged." in page
    assert "Staged by Adam Admin" in page
    live.refresh_from_db()
    assert (live.sso_url, live.idp_entity_id, live.version) == (SSO_URL, ISSUER, 1)
    assert state_of_connection(live) is State.ON
    assert Arrivals(live).post(Arrivals(live).of(agent.email)).status_code == 303
    action, changes = audit(acme)[-1]
    assert action == "sso.change_staged"
    assert changes["sso_url"] == [SSO_URL, NEW_SSO_URL]
    assert changes["idp_entity_id"] == [ISSUER, NEW_ISSUER]
    assert changes["certificates"] == [live.certificates.get().sha256, NEW.pinned.sha256]


def test_nobody_signs_in_by_a_staged_change(live: Connection, client: Client, agent: User) -> None:
    said(client, PAGE, moved())
    arrivals = Arrivals(live, NEW)
    sent = arrivals.of(agent.email, issuer=NEW_ISSUER, response_issuer=NEW_ISSUER)
    assert arrivals.post(sent).status_code == 403


def test_role_and_tick_boxes_apply_at_once(live: Connection, client: Client) -> None:
    data = form(default_role="supervisor", idp_entity_id=NEW_ISSUER)
    del data["create_members"]
    said(client, PAGE, data)
    live.refresh_from_db()
    assert (live.default_role, live.create_members, live.idp_entity_id) == ("supervisor", False, ISSUER)
    assert live.staged is not None


def test_the_test_is_of_the_change_and_a_pass_lets_it_be_applied(
    live: Connection, client: Client, agent: User, acme: Organization, new_idp: Callable[..., ConnectionTest]
) -> None:
    said(client, PAGE, moved())
    assert "has not passed a test yet" in said(client, f"{PAGE}change/apply/", {"version": 1})
    going = client.post(f"{PAGE}test/").content.decode()
    assert NEW_SSO_URL in going
    assert new_idp(client).passed
    live.refresh_from_db()
    assert live.version == 1
    result = client.get(f"{PAGE}test/{ConnectionTest.objects.latest('pk').public_id}/").content.decode()
    assert "Test of the staged change" in result
    assert "Apply this change" in result
    assert "The change is live" in said(client, f"{PAGE}change/apply/", {"version": 1})
    live.refresh_from_db()
    assert (live.sso_url, live.idp_entity_id) == (NEW_SSO_URL, NEW_ISSUER)
    assert live.certificates.get().sha256 == NEW.pinned.sha256
    assert live.is_tested
    assert live.staged is None
    action, changes = audit(acme)[-1]
    assert (action, changes["sso_url"]) == ("sso.change_applied", [SSO_URL, NEW_SSO_URL])
    arrivals = Arrivals(live, NEW)
    assert arrivals.post(arrivals.of(agent.email)).status_code == 303


def test_a_failed_test_lets_nothing_be_applied(
    live: Connection, client: Client, new_idp: Callable[..., ConnectionTest]
) -> None:
    said(client, PAGE, moved())
    assert not new_idp(client, audiences=("urn:other",)).passed
    assert "has not passed a test yet" in said(client, f"{PAGE}change/apply/", {"version": 1})
    assert "Apply this change" not in client.get(PAGE).content.decode()


def test_an_edit_after_the_test_asks_for_a_new_one(
    live: Connection, client: Client, new_idp: Callable[..., ConnectionTest]
) -> None:
    said(client, PAGE, moved())
    assert new_idp(client).passed
    said(client, PAGE, moved() | {"sso_url": f"{NEW_SSO_URL}1"})
    assert "has not passed a test yet" in said(client, f"{PAGE}change/apply/", {"version": 2})
    result = client.get(f"{PAGE}test/{ConnectionTest.objects.latest('pk').public_id}/").content.decode()
    assert "has been changed, applied or discarded since" in result
    assert "Apply this change" not in result


def test_a_test_of_a_change_that_was_discarded_meanwhile_is_turned_away(
    live: Connection, client: Client, admin: User
) -> None:
    said(client, PAGE, moved())
    client.post(f"{PAGE}test/")
    asked = PendingLogin.objects.latest("pk").request_id
    assert "was discarded" in said(client, f"{PAGE}change/discard/", {"version": 1})
    said(client, PAGE, moved())
    arrivals = Arrivals(live, NEW)
    assert arrivals.post(arrivals.of(admin.email, in_response_to=asked), client).status_code == 403
    assert live.events.latest("pk").refusal == Refusal.UNKNOWN_REQUEST
    candidate = ConfigurationCandidate.objects.get()
    assert not candidate.is_tested


def test_a_live_configuration_that_changed_since_the_test_asks_for_a_new_one(
    live: Connection, client: Client, new_idp: Callable[..., ConnectionTest]
) -> None:
    said(client, PAGE, moved())
    assert new_idp(client).passed
    Connection.objects.update(version=2)
    assert "has not passed a test yet" in said(client, f"{PAGE}change/apply/", {"version": 1})


def test_it_is_applied_without_testing_by_typing_the_companys_name(
    live: Connection, client: Client, acme: Organization
) -> None:
    said(client, PAGE, moved())
    path = f"{PAGE}change/apply-untested/"
    assert "Nothing was applied" in said(client, path, {"version": 1, "name": "Globex"})
    live.refresh_from_db()
    assert live.idp_entity_id == ISSUER
    assert "live without a test" in said(client, path, {"version": 1, "name": " acme "})
    live.refresh_from_db()
    assert live.idp_entity_id == NEW_ISSUER
    assert state_of_connection(live) is State.ON_NOT_TESTED
    action, changes = audit(acme)[-1]
    assert (action, changes["idp_entity_id"]) == ("sso.change_applied_untested", [ISSUER, NEW_ISSUER])


def test_discarding_leaves_what_is_live_and_an_entry(
    live: Connection, client: Client, acme: Organization
) -> None:
    said(client, PAGE, moved())
    said(client, f"{PAGE}change/discard/", {"version": 1})
    live.refresh_from_db()
    assert (live.idp_entity_id, live.staged) == (ISSUER, None)
    action, changes = audit(acme)[-1]
    assert (action, changes["idp_entity_id"]) == ("sso.change_discarded", [NEW_ISSUER, ISSUER])


def test_saving_what_is_live_discards_the_change(live: Connection, client: Client) -> None:
    said(client, PAGE, form(idp_entity_id=NEW_ISSUER))
    assert "the staged change was discarded" in said(client, PAGE, form())
    assert not ConfigurationCandidate.objects.exists()
    assert "nothing was changed" in said(client, PAGE, form())


def test_the_form_shows_the_staged_values_to_be_mended(live: Connection, client: Client) -> None:
    said(client, PAGE, form(idp_entity_id=NEW_ISSUER))
    assert re.search(rf'name="idp_entity_id" value="{NEW_ISSUER}"', client.get(PAGE).content.decode())
    said(client, PAGE, form(idp_entity_id=f"{NEW_ISSUER}1"))
    candidate = ConfigurationCandidate.objects.get()
    assert (candidate.idp_entity_id, candidate.version) == (f"{NEW_ISSUER}1", 2)


@pytest.mark.parametrize("change", [{"enabled_at": None}, {"tested_version": None}])
def test_a_draft_and_an_untested_connection_are_saved_directly(
    live: Connection, client: Client, change: dict[str, Any]
) -> None:
    Connection.objects.update(**change)
    assert "Configuration saved." in said(client, PAGE, form(idp_entity_id=NEW_ISSUER))
    live.refresh_from_db()
    assert (live.idp_entity_id, live.version, live.staged) == (NEW_ISSUER, 2, None)


@pytest.mark.parametrize("path", ["apply", "apply-untested", "discard"])
def test_only_the_companys_own_admins_decide(
    live: Connection, client: Client, agent: User, stranger: User, signed_in: SignedIn, path: str
) -> None:
    said(client, PAGE, moved())
    typed = {"version": 1, "name": "Acme"}
    assert signed_in(agent).post(f"{PAGE}change/{path}/", typed).status_code == 403
    assert signed_in(stranger).post(f"{PAGE}change/{path}/", typed).status_code == 404
    assert ConfigurationCandidate.objects.exists()
