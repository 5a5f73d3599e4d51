"""Test Connection: a real round trip that changes nobody."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from accounts.models import User
from sso.models import ConnectionTest, PendingLogin
from sso.refusals import Refusal
from tests.sign_in.conftest import Arrivals

SignedIn = Callable[[User], Client]


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
