"""One entry of the log: its timeline from the request to the decision."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.invitations import invite
from accounts.models import User
from accounts.roles import Role
from sso.models import Admission, Connection, Flow, SignInEvent
from sso.refusals import Refusal
from sso.saml.report import complete, failed
from tests.cast import Arrivals, Write
from tests.log.pages import LOG, page_of, wrong_audience


def _newest() -> SignInEvent:
    return SignInEvent.objects.order_by("-pk")[0]


def _entry(client: Client, event: SignInEvent | None = None) -> str:
    return page_of(client, path=f"{LOG}{(event or _newest()).reference}/")


def test_a_refusal_tells_what_was_expected_what_arrived_and_where_to_mend_it(
    arrivals: Arrivals, client: Client
) -> None:
    browser = Client()
    asked = arrivals.ask(browser)
    arrivals.post(
        arrivals.of("nora@acme.example", in_response_to=asked, audiences=("https://wrong.example/",)), browser
    )
    page = _entry(client)
    steps = ["Request sent", "Response arrived", "Checks", "Decision: Refused"]
    assert re.search(r"\s*</h2>.*".join(steps) + r"\s*</h2>", page, re.DOTALL)
    assert "Started by Sign in with SSO" in page
    assert re.search(r"\d seconds? after the request", page)
    assert "Invalid audience" in page
    # The differences are marked, in the middle of both values.
    read = re.sub(r"<[^>]*>", "", page)
    assert arrivals.connection.entity_id in read
    assert "https://wrong.example/" in read
    assert "Audience (EntityID)" in page
    assert "nora@acme.example" in page
    assert "1 thing to change in OneLogin." in page
    assert "Nobody was signed in, and nothing was changed." in page
    assert "&lt;saml" in page


def test_a_sign_in_from_the_tile_says_where_it_started(
    arrivals: Arrivals, agent: User, client: Client
) -> None:
    arrivals.post(arrivals.of(agent.email))
    page = _entry(client)
    assert "Started at the OneLogin tile" in page
    assert "Signed in as Agnes Person" in page
    assert _newest().admission == Admission.MEMBER


def test_it_tells_who_was_created_and_who_took_up_an_invitation(
    arrivals: Arrivals, admin: User, client: Client
) -> None:
    arrivals.post(arrivals.of("nora@acme.example"))
    assert "Created as a new member and signed in: Nora Person" in _entry(client)
    assert admin.organization is not None
    invite(admin.organization, "igor@acme.example", Role.ADMIN, actor=admin, now=timezone.now())
    arrivals.post(arrivals.of("igor@acme.example"))
    assert "Took up the invitation and signed in: Igor Person" in _entry(client)
    arrivals.post(arrivals.of("igor@acme.example"))
    assert "Signed in as Igor Person" in _entry(client)


def test_nothing_unsigned_is_believed(arrivals: Arrivals, client: Client) -> None:
    arrivals.post(arrivals.idp.response(arrivals.message(name_id="ceo@acme.example"), sign="none"))
    page = _entry(client)
    assert "Unknown: no signature verified" in page
    assert "None that could be believed" in page


def test_a_start_that_was_refused_has_no_response(connection: Connection, client: Client) -> None:
    connection.enabled_at = None
    connection.save(update_fields=["enabled_at"])
    Client().post("/login/sso/", {"email": "agnes@acme.example"})
    page = _entry(client)
    assert "Single sign-on is off" in page
    assert "No request was sent" in page
    assert "Response arrived" not in page
    assert "Settings → Security → Single Sign-On" in page


def test_a_message_past_its_time_is_said_to_be_gone(
    write: Write, connection: Connection, client: Client
) -> None:
    checks = wrong_audience(connection)
    old = write(31 * 24 * 60, refusal="wrong_audience", checks=checks)
    page = _entry(client, old)
    assert "kept for 30 days and are deleted" in page
    assert "None that could be believed" not in page
    assert "Invalid audience" in page


def test_a_test_says_that_nobody_was_signed_in(write: Write, connection: Connection, client: Client) -> None:
    page = _entry(client, write(flow=Flow.TEST, checks=wrong_audience(connection)))
    assert "this was a test" in page
    assert "Started by Test Connection" in page


def test_codes_of_another_release_are_no_fault(write: Write, connection: Connection, client: Client) -> None:
    checks = [
        *wrong_audience(connection),
        {"check": "of_another_release"},
        {"check": "audience", "outcome": "?"},
    ]
    page = _entry(client, write(refusal="of_another_release", checks=checks))
    assert "of_another_release" in page


def test_a_deleted_configuration_leaves_its_entries(
    write: Write, connection: Connection, client: Client
) -> None:
    event = write(checks=wrong_audience(connection), refusal="wrong_audience")
    connection.delete()
    assert "Invalid audience" in _entry(client, event)
    assert event.reference in page_of(client)


def test_what_arrived_is_text_and_never_markup(write: Write, client: Client) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    checks = complete((failed(Refusal.WRONG_ISSUER, expected="x", received=hostile),)).as_list()
    event = write(
        email=hostile,
        refusal="wrong_issuer",
        checks=checks,
        attributes={hostile: [hostile]},
        redacted_xml=hostile,
    )
    assert "<img" not in _entry(client, event)
    assert "<img" not in page_of(client)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(minutes=3)])
def test_the_time_between_request_and_response_is_said(write: Write, client: Client, late: timedelta) -> None:
    now = timezone.now()
    event = write(
        flow=Flow.SSO_PAGE,
        occurred_at=now,
        requested_at=now - late,
        checks=[{"check": "response", "outcome": "passed", "refusal": "", "expected": "", "received": ""}],
    )
    words = {0: "0 seconds after", 1: "1 second after", 180: "3 minutes after"}
    assert words[int(late.total_seconds())] in _entry(client, event)


def test_a_reference_in_small_letters_leads_to_the_same_entry(write: Write, client: Client) -> None:
    event = write()
    assert event.reference in page_of(client, path=f"{LOG}{event.reference.lower()}/")
    assert client.get(f"{LOG}SSO-22222222/").status_code == 404
