"""Whom a response answers is found before it is examined, so that what can't be read is not lost either."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from sso.log.events import Attempt
from sso.models import Connection, ConnectionTest, Flow, PendingLogin
from sso.refusals import Refusal
from sso.saml.envelope import MAX_ENCODED_LENGTH
from sso.signing_in import pending, sign_in
from sso.signing_in.arrived import examined
from tests.cast import Arrivals, Newest, SignedIn
from tests.saml.messages import encode


def _with_entity(xml: str) -> str:
    return encode("<!DOCTYPE r [<!ENTITY e 'x'>]>" + xml)


# What arrives, made of an honest answer to the request; and why it can't be accepted.
UNREADABLE: dict[str, tuple[Callable[[str], str], Refusal]] = {
    "another shape": (
        lambda xml: encode(xml.replace("</saml:Subject>", "</saml:Subject><saml:Advice/>")),
        Refusal.UNEXPECTED_STRUCTURE,
    ),
    "a DTD": (_with_entity, Refusal.FORBIDDEN_XML),
    "too large": (lambda xml: encode(xml + " " * MAX_ENCODED_LENGTH), Refusal.TOO_LARGE),
    "cut off": (lambda xml: encode(xml[:900]), Refusal.NOT_A_RESPONSE),
    "XML as it is": (lambda xml: xml, Refusal.NOT_BASE64),
    "UTF-16": (lambda xml: base64.b64encode(xml.encode("utf-16")).decode(), Refusal.NOT_A_RESPONSE),
    "nothing": (lambda _xml: "", Refusal.NOT_A_RESPONSE),
}


def _xml(arrivals: Arrivals, email: str, asked: str) -> str:
    return base64.b64decode(arrivals.of(email, in_response_to=asked)).decode()


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_answer_that_cannot_be_read_ends_the_test_with_its_report(
    name: str, arrivals: Arrivals, admin: User, signed_in: SignedIn, last_event: Newest
) -> None:
    client = signed_in(admin)
    client.post("/settings/security/sso/test/")
    test = ConnectionTest.objects.get()
    made, refusal = UNREADABLE[name]
    asked = PendingLogin.objects.get().request_id
    response = arrivals.post(made(_xml(arrivals, admin.email, asked)), client)
    assert response["Location"] == f"/settings/security/sso/test/{test.public_id}/"
    test.refresh_from_db()
    assert test.finished_at is not None
    assert not test.passed
    event = last_event()
    assert (event.refusal, event.flow, test.event_id) == (refusal, Flow.TEST, event.pk)


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_answer_that_cannot_be_read_stands_on_the_line_of_its_request(
    name: str, arrivals: Arrivals, agent: User, last_event: Newest
) -> None:
    browser = Client()
    asked = arrivals.ask(browser)
    made, refusal = UNREADABLE[name]
    assert arrivals.post(made(_xml(arrivals, agent.email, asked)), browser).status_code == 403
    event, row = last_event(), PendingLogin.objects.get()
    assert (event.refusal, event.flow, event.requested_at) == (refusal, Flow.SSO_PAGE, row.created_at)
    assert row.answered_at is not None
    assert row.consumed_at is None


def test_without_the_browsers_cookie_junk_belongs_to_nobodys_request(
    arrivals: Arrivals, agent: User, last_event: Newest
) -> None:
    arrivals.ask(Client())
    assert arrivals.post("junk", Client()).status_code == 403
    assert last_event().requested_at is None
    assert PendingLogin.objects.get().answered_at is None


def test_a_secret_of_another_company_finds_no_request_here(
    arrivals: Arrivals, globex: Organization, last_event: Newest
) -> None:
    elsewhere = Connection.objects.create(organization=globex, enabled_at=timezone.now())
    browser = Client()
    Arrivals(elsewhere).ask(browser)
    assert arrivals.post("junk", browser).status_code == 403
    assert last_event().requested_at is None


def test_a_request_that_was_answered_is_not_answered_again_by_junk(
    arrivals: Arrivals, agent: User, last_event: Newest
) -> None:
    browser = Client()
    asked = arrivals.ask(browser)
    secret = browser.cookies.copy()
    assert arrivals.post(arrivals.of(agent.email, in_response_to=asked), browser).status_code == 303
    browser.cookies.update(secret)
    assert arrivals.post("junk", browser).status_code == 403
    assert last_event().requested_at is None


def test_a_configuration_that_changes_at_every_look_is_told_to_start_again(
    arrivals: Arrivals, agent: User, monkeypatch: pytest.MonkeyPatch, last_event: Newest
) -> None:
    looks = []

    def while_it_changes(*arguments: Any) -> Attempt:
        looks.append(arguments)
        Connection.objects.update(version=F("version") + 1)
        return examined(*arguments)

    monkeypatch.setattr(sign_in, "examined", while_it_changes)
    assert arrivals.post(arrivals.of(agent.email)).status_code == 403
    assert last_event().refusal == Refusal.UNKNOWN_REQUEST
    assert len(looks) == 3


def test_of_several_open_requests_the_newest_is_meant(arrivals: Arrivals, last_event: Newest) -> None:
    browser = Client()
    arrivals.ask(browser)
    newest = arrivals.ask(browser)
    arrivals.post("junk", browser)
    row = pending.find(arrivals.connection, newest)
    assert row is not None
    assert row.answered_at is not None
