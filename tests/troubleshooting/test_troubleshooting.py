"""Troubleshoot single sign-on: every form of a message, tenancy, and that looking changes nothing."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Throttle, User
from sso.models import Connection
from sso.saml.requests import new_request_id
from sso.signing_in import pending
from tests.cast import Arrivals, Newest, SignedIn, connect
from tests.recording import count_all_rows
from tests.saml.messages import encode
from tests.troubleshooting.page import PAGE, har, paste, text_of


def counts() -> dict[str, int]:
    return {label: rows for label, rows in count_all_rows().items() if label != Throttle._meta.label}


@pytest.mark.parametrize("form", ["base64", "xml", "form body", "har", "upload"])
def test_every_form_of_a_message_gets_the_check_list(arrivals: Arrivals, client: Client, form: str) -> None:
    field = arrivals.of("nora@acme.example", audiences=("https://wrong.example/",))
    if form == "upload":
        upload = SimpleUploadedFile("sign-in.har", har(arrivals, field).encode())
        response: Any = client.post(PAGE, {"message": "", "message_file": upload})
    else:
        pasted = {
            "base64": field,
            "xml": base64.b64decode("".join(field.split())).decode(),
            "form body": urlencode({"SAMLResponse": field, "RelayState": "/"}),
            "har": har(arrivals, field),
        }[form]
        response = paste(client, pasted)
    page = text_of(response)
    assert response.status_code == 200
    assert "https://wrong.example/" in page
    assert "Audience (EntityID)" in page
    assert "nora@acme.example would be created as Agent" in page
    assert "Nobody was signed in, and nothing was kept or changed." in page
    assert ("Entry 2 of 2" in page) == (form in ("har", "upload"))


def test_looking_changes_nothing(arrivals: Arrivals, client: Client, last_event: Newest) -> None:
    field = arrivals.of("nora@acme.example")
    session = dict(client.session)
    before = counts()
    assert "would be created as Agent" in text_of(paste(client, field))
    assert "17 of 17 checks passed" in text_of(paste(client, field))
    assert counts() == before
    assert dict(client.session) == session
    assert arrivals.connection.certificates.get().last_used_at is None
    # And the message can still be used once by whom it belongs to.
    assert arrivals.post(field).status_code == 303
    assert last_event().succeeded


def test_a_message_that_was_used_says_so_as_information(arrivals: Arrivals, client: Client) -> None:
    browser = Client()
    asked = arrivals.ask(browser)
    field = arrivals.of("nora@acme.example", in_response_to=asked)
    assert arrivals.post(field, browser).status_code == 303
    page = text_of(paste(client, field))
    assert "answered" in page
    assert "already, at" in page
    assert "alert-success" in page


def test_a_request_we_never_sent_is_a_failure(arrivals: Arrivals, client: Client, globex: Any) -> None:
    theirs = pending.start(connect(globex), timezone.now()).request_id
    for request_id in (new_request_id(), theirs):
        page = text_of(paste(client, arrivals.of("nora@acme.example", in_response_to=request_id)))
        assert "not one that JustCall sent for this company" in page
        assert "No matching request" in page


def test_a_request_of_long_ago_is_not_held_against_the_message(arrivals: Arrivals, client: Client) -> None:
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    field = arrivals.of("nora@acme.example", in_response_to="_long-ago", now=made)
    page = text_of(paste(client, field, judge="made"))
    assert "too long ago to be known" in page
    assert "alert-success" in page


def test_a_request_that_had_run_out_when_it_was_answered_is_a_failure(
    arrivals: Arrivals, client: Client
) -> None:
    asked = pending.start(arrivals.connection, timezone.now() - timedelta(minutes=12)).request_id
    page = text_of(paste(client, arrivals.of("nora@acme.example", in_response_to=asked)))
    assert "No matching request" in page
    assert "not answered yet" in page


def test_an_old_message_is_judged_as_of_the_time_one_chooses(arrivals: Arrivals, client: Client) -> None:
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)
    field = arrivals.of("nora@acme.example", now=made)
    now = text_of(paste(client, field))
    assert "4 hours after it had expired" in now
    assert "Judge it at the time it was made" in now
    assert now.count("16 of 17 checks passed, 1 not reached.") == 2
    assert now.count('id="check-time"') == now.count('id="check-time-when-made"') == 1
    assert "Second check refused" not in now
    then = text_of(paste(client, field, judge="made"))
    assert "alert-success" in then
    assert "It goes by the clock of this moment" in then
    assert "Judge it at the time it was made" not in then
    other = f"{made + timedelta(minutes=1):%Y-%m-%dT%H:%M}"
    assert "alert-success" in text_of(paste(client, field, judge="other", at=other))


@pytest.mark.parametrize("at", ["", "yesterday"])
def test_another_time_must_be_a_time(client: Client, at: str) -> None:
    response = paste(client, "SSO-7K2M9QXD", judge="other", at=at)
    assert response.status_code == 422
    assert "Enter" in text_of(response)


def test_a_good_message_fails_while_single_sign_on_is_off(arrivals: Arrivals, client: Client) -> None:
    Connection.objects.update(enabled_at=None)
    page = text_of(paste(client, arrivals.of("nora@acme.example")))
    assert "Single sign-on is off" in page
    asked = arrivals.ask(Client(), test=arrivals.connection.tests.create(version=1))
    assert "Single sign-on is off" not in text_of(
        paste(client, arrivals.of("nora@acme.example", in_response_to=asked))
    )


def test_indented_xml_is_warned_about(arrivals: Arrivals, client: Client) -> None:
    xml = base64.b64decode("".join(arrivals.of("nora@acme.example").split())).decode()
    assert "indent XML anew" in text_of(paste(client, xml.replace("><", ">\n  <")))


def test_a_response_in_an_address_is_told_to_be_posted(arrivals: Arrivals, client: Client) -> None:
    field = "".join(arrivals.of("nora@acme.example").split())
    url = "https://x.example/?" + urlencode({"SAMLResponse": field})
    assert "by POST only" in text_of(paste(client, url))


def test_what_is_no_response_inside_is_explained(arrivals: Arrivals, client: Client) -> None:
    page = text_of(paste(client, encode("<samlp:Response></samlp:Response>")))
    assert "Not a SAML response" in page


def test_a_message_is_judged_by_ones_own_configuration(
    arrivals: Arrivals, globex: Any, stranger: User, signed_in: SignedIn
) -> None:
    connect(globex)
    page = text_of(paste(signed_in(stranger), arrivals.of("nora@acme.example")))
    assert "Invalid audience" in page
    assert "would be created" not in page


def test_only_owner_and_admins_open_it(
    connection: Connection, agent: User, owner: User, signed_in: SignedIn
) -> None:
    assert Client().get(PAGE)["Location"].startswith("/login/")
    for send in (signed_in(agent).get, signed_in(agent).post):
        assert send(PAGE).status_code == 403
    response = signed_in(owner).get(PAGE)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_a_message_needs_the_token_of_the_page(owner: User, connection: Connection) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert strict.post(PAGE, {"message": "SSO-7K2M9QXD"}).status_code == 403
