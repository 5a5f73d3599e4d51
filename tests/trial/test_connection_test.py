"""Test Connection: a real round trip that changes nobody."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from sso.models import Connection, ConnectionTest, PendingLogin
from sso.refusals import Refusal
from tests.cast import Arrivals, SignedIn
from tests.saml.messages import IdentityProvider

TILE = "/settings/security/sso/test/tile/"


def _start(client: Client) -> tuple[ConnectionTest, str]:
    assert client.post("/settings/security/sso/test/").status_code == 200
    test = ConnectionTest.objects.latest("pk")
    return test, PendingLogin.objects.get(test=test).request_id


def test_a_passed_test_vouches_for_the_configuration_and_signs_nobody_in(
    arrivals: Arrivals, admin: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    key = client.session.session_key
    test, asked = _start(client)
    response = arrivals.post(arrivals.of("nora@acme.example", in_response_to=asked), client)
    assert response["Location"] == f"/settings/security/sso/test/{test.public_id}/"
    test.refresh_from_db()
    arrivals.connection.refresh_from_db()
    assert test.passed
    assert arrivals.connection.is_tested
    assert client.session.session_key == key
    assert not User.objects.filter(email="nora@acme.example").exists()
    page = client.get(response["Location"]).content.decode()
    assert "would be created as Agent" in page


def test_a_failed_test_says_what_to_change_where(
    arrivals: Arrivals, admin: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    _test, asked = _start(client)
    wrong = arrivals.of(admin.email, in_response_to=asked, audiences=("https://wrong.example/",))
    page = client.get(arrivals.post(wrong, client)["Location"]).content.decode()
    assert "https://wrong.example/" in page
    assert "Audience (EntityID)" in page
    arrivals.connection.refresh_from_db()
    assert not arrivals.connection.is_tested


def test_a_test_works_before_single_sign_on_is_on(
    arrivals: Arrivals, admin: User, signed_in: SignedIn
) -> None:
    arrivals.connection.enabled_at = None
    arrivals.connection.save(update_fields=["enabled_at"])
    client = signed_in(admin)
    test, asked = _start(client)
    arrivals.post(arrivals.of(admin.email, in_response_to=asked), client)
    test.refresh_from_db()
    assert test.passed


def test_a_test_is_answered_once_and_by_its_own_browser(
    arrivals: Arrivals, admin: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    _test, asked = _start(client)
    assert arrivals.post(arrivals.of(admin.email, in_response_to=asked)).status_code == 403
    assert arrivals.post(arrivals.of(admin.email, in_response_to=asked), client).status_code == 302
    assert arrivals.post(arrivals.of(admin.email, in_response_to=asked), client).status_code == 403
    assert arrivals.connection.events.latest("pk").refusal == Refusal.UNKNOWN_REQUEST


def test_a_change_during_the_test_is_not_vouched_for(
    arrivals: Arrivals, admin: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    _test, asked = _start(client)
    arrivals.connection.version += 1
    arrivals.connection.save(update_fields=["version"])
    arrivals.post(arrivals.of(admin.email, in_response_to=asked), client)
    arrivals.connection.refresh_from_db()
    assert not arrivals.connection.is_tested


def test_only_its_own_admins_see_a_test(
    arrivals: Arrivals, admin: User, agent: User, stranger: User, signed_in: SignedIn
) -> None:
    test, _asked = _start(signed_in(admin))
    path = f"/settings/security/sso/test/{test.public_id}/"
    assert signed_in(admin).get(path).status_code == 200
    assert signed_in(agent).get(path).status_code == 403
    assert signed_in(stranger).get(path).status_code == 404
    assert signed_in(stranger).get("/settings/security/sso/test/status/").json() == {"state": "none"}
    assert signed_in(admin).get("/settings/security/sso/test/status/").json()["state"] == "waiting"


def test_a_window_asks_for_the_test_it_started_not_for_the_newest(
    arrivals: Arrivals, admin: User, owner: User, signed_in: SignedIn
) -> None:
    mine, other = signed_in(admin), signed_in(owner)
    window = "a" * 32
    mine.post("/settings/security/sso/test/", {"window": window})
    first = ConnectionTest.objects.latest("pk")
    asked = PendingLogin.objects.get(test=first).request_id
    _start(other)
    arrivals.post(arrivals.of(admin.email, in_response_to=asked), mine)
    status = mine.get("/settings/security/sso/test/status/", {"window": window}).json()
    assert (status["id"], status["state"]) == (first.public_id, "passed")
    assert {row["outcome"] for row in status["checks"]} == {"passed"}
    newest = mine.get("/settings/security/sso/test/status/").json()
    assert newest["state"] == "waiting"
    nobody = mine.get("/settings/security/sso/test/status/", {"window": "b" * 32}).json()
    assert nobody == {"state": "none"}


def test_the_state_of_one_test_is_told_to_its_own_admins_only(
    arrivals: Arrivals, admin: User, agent: User, stranger: User, signed_in: SignedIn
) -> None:
    test, _asked = _start(signed_in(admin))
    path = f"/settings/security/sso/test/{test.public_id}/status/"
    assert signed_in(admin).get(path).json()["state"] == "waiting"
    ConnectionTest.objects.update(started_at=timezone.now() - timedelta(minutes=6))
    assert signed_in(admin).get(path).json()["state"] == "late"
    assert signed_in(agent).get(path).status_code == 403
    assert signed_in(stranger).get(path).status_code == 404


def test_the_waiting_page_names_the_usual_causes_with_the_cure_of_each(
    arrivals: Arrivals, admin: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    test, _asked = _start(client)
    path = f"/settings/security/sso/test/{test.public_id}/"
    page = client.get(path).content.decode()
    for words in ("Users (or Access)", "ACS URL Validator", "SAML 2.0 Endpoint (HTTP)", "ACS (Consumer) URL"):
        assert words in page
    assert "No response yet" in page
    assert "http-equiv" not in page
    ConnectionTest.objects.update(started_at=timezone.now() - timedelta(minutes=6))
    assert "Started, no response" in client.get(path).content.decode()


def test_every_check_is_evaluated_and_the_summary_says_how_many_things_to_change(
    arrivals: Arrivals, admin: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    _test, asked = _start(client)
    wrong = arrivals.of(
        admin.email,
        in_response_to=asked,
        audiences=(arrivals.connection.entity_id.rstrip("/"),),
        recipient="{recipient}",
    )
    page = client.get(arrivals.post(wrong, client)["Location"]).content.decode()
    assert "14 of 17 checks passed, 2 failed, 1 not reached. 2 things to change in OneLogin." in page
    assert "The slash at the end is missing." in page
    assert "<mark>/</mark>" in page
    assert "The Recipient field in OneLogin is empty" in page
    assert "would sign in as Adam Admin" in page


def test_when_the_signature_fails_it_still_hints_at_what_would_fail_next(
    arrivals: Arrivals, admin: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    _test, asked = _start(client)
    other = Arrivals(arrivals.connection, IdentityProvider("rsa-other"))
    wrong = other.of(admin.email, in_response_to=asked, audiences=("{audience}",))
    page = client.get(arrivals.post(wrong, client)["Location"]).content.decode()
    assert "Signed with another certificate" in page
    assert "CN=Identity provider rsa-other" in page
    assert "Nothing can be believed before the signature verifies, but this would fail next:" in page
    assert "The Audience (EntityID) field in OneLogin is empty" in page
    assert "The signature must verify first." in page
    event = arrivals.connection.events.latest("pk")
    assert (event.email, event.attributes, event.refusal) == ("", {}, Refusal.CERTIFICATE_REPLACED)


def test_near_misses_of_attributes_are_named(arrivals: Arrivals, admin: User, signed_in: SignedIn) -> None:
    client = signed_in(admin)
    _test, asked = _start(client)
    rows = (("Email", (admin.email,)), ("first_name", ("Adam",)), ("lastName", ("Admin",)))
    sent = arrivals.of(admin.email, in_response_to=asked, attributes=rows)
    page = client.get(arrivals.post(sent, client)["Location"]).content.decode()
    assert "OneLogin sent “Email”; we need “email”." in page
    assert "OneLogin sent “first_name”; we need “firstName”." in page
    assert "Not read: we need “email”" in page
    assert "Read as lastName" in page


def test_the_response_of_a_test_signs_nobody_in_afterwards(
    arrivals: Arrivals, admin: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    _start(client)
    listening = client.post(TILE)
    assert listening.status_code == 302  # Single sign-on is on: there is nothing to listen for.
    Connection.objects.update(enabled_at=None)
    client.post(TILE)
    saml_response = arrivals.of(admin.email)
    arrivals.post(saml_response, client)
    Connection.objects.update(enabled_at=timezone.now())
    browser = Client()
    assert arrivals.post(saml_response, browser).status_code == 403
    assert arrivals.connection.events.latest("pk").refusal == Refusal.REPLAYED
    assert browser.get("/").status_code == 302


def test_a_passed_test_says_whom_it_would_let_in_and_as_what(
    arrivals: Arrivals, admin: User, acme: Organization, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    acme.invitations.create(
        email="ivy@acme.example", role="supervisor", expires_at=timezone.now() + timedelta(days=1)
    )
    told = {}
    for email in (admin.email, "ivy@acme.example", "nora@acme.example"):
        _test, asked = _start(client)
        sent = arrivals.post(arrivals.of(email, in_response_to=asked), client)
        told[email] = client.get(sent["Location"]).content.decode()
    assert "would sign in as Adam Admin, Admin" in told[admin.email]
    assert "would take up the invitation as Supervisor" in told["ivy@acme.example"]
    assert "would be created as Agent" in told["nora@acme.example"]
