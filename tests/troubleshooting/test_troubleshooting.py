"""Troubleshoot single sign-on: every form of a message, tenancy, and that looking changes nothing."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Throttle, User
from sso.models import Connection, Flow, SignInEvent
from sso.refusals import Refusal
from sso.saml.pasted.messages import MAX_BYTES
from sso.signing_in import pending
from tests.cast import Arrivals, Newest, SignedIn, connect
from tests.recording import record_event
from tests.saml.messages import encode

PAGE = "/settings/security/sso/troubleshoot/"


def counts() -> dict[str, int]:
    models = (model for model in apps.get_models() if model is not Throttle)
    return {model._meta.label: model._default_manager.count() for model in models}


@pytest.fixture
def client(admin: User, signed_in: SignedIn) -> Client:
    return signed_in(admin)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def paste(client: Client, message: str, **fields: str) -> HttpResponse:
    return client.post(PAGE, {"message": message, **fields})  # type: ignore[return-value]


def har(arrivals: Arrivals, saml_response: str) -> str:
    request = {
        "method": "POST",
        "url": arrivals.connection.acs_url,
        "postData": {"text": urlencode({"SAMLResponse": saml_response})},
    }
    return json.dumps(
        {"log": {"entries": [{}, {"startedDateTime": "2026-01-05T09:00:00Z", "request": request}]}}
    )


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
    assert "jc-note-success" in page


def test_a_request_we_never_sent_is_a_failure(arrivals: Arrivals, client: Client, globex: Any) -> None:
    theirs = pending.start(connect(globex), timezone.now()).request_id
    for request_id in ("_never", theirs):
        page = text_of(paste(client, arrivals.of("nora@acme.example", in_response_to=request_id)))
        assert "not one that JustCall sent for this company" in page
        assert "No matching request" in page


def test_a_request_of_long_ago_is_not_held_against_the_message(arrivals: Arrivals, client: Client) -> None:
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    field = arrivals.of("nora@acme.example", in_response_to="_long-ago", now=made)
    page = text_of(paste(client, field, judge="made"))
    assert "too long ago to be known" in page
    assert "jc-note-success" in page


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
    assert now.count("16 of 16 checks passed.") == 2
    assert now.count('id="check-time"') == now.count('id="check-time-when-made"') == 1
    assert "Second check refused" not in now
    then = text_of(paste(client, field, judge="made"))
    assert "jc-note-success" in then
    assert "It goes by the clock of this moment" in then
    assert "Judge it at the time it was made" not in then
    other = f"{made + timedelta(minutes=1):%Y-%m-%dT%H:%M}"
    assert "jc-note-success" in text_of(paste(client, field, judge="other", at=other))


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


@pytest.mark.parametrize("typed", ["{}", "{lower}", " {bare} ", "Reference {} · 14:09 UTC"])
def test_a_reference_shows_what_was_found_then(
    arrivals: Arrivals, client: Client, last_event: Newest, typed: str
) -> None:
    arrivals.post(arrivals.of("nora@acme.example", audiences=("https://wrong.example/",)))
    reference = last_event().reference
    text = typed.format(reference, lower=reference.lower(), bare=reference.removeprefix("SSO-"))
    response = paste(client, text)
    assert response.status_code == 302
    assert response["Location"] == f"{PAGE}?reference={reference}"
    page = text_of(client.get(response["Location"]))
    assert "https://wrong.example/" in page
    assert f"{reference}: Invalid audience" in page
    assert f'href="/settings/security/log/{reference}/"' in page
    assert "nora@acme.example" in page
    assert "Judge it at the time" not in page.split('id="paste-title"')[0]


def test_a_sign_in_from_the_tile_is_told_in_the_words_of_the_companys_guide(
    arrivals: Arrivals, client: Client, last_event: Newest
) -> None:
    Connection.objects.update(guide="okta")
    arrivals.post(arrivals.of("nora@acme.example", audiences=("https://wrong.example/",)))
    page = text_of(client.get(PAGE, {"reference": last_event().reference}))
    assert "Okta tile" in page
    assert "OneLogin tile" not in page


@pytest.mark.parametrize("typed", ["\0", "SSO-\0", "SSO-7K2M9QX\0", "é" * 500, ""])
def test_what_is_no_reference_is_unknown(client: Client, arrivals: Arrivals, typed: str) -> None:
    response = client.get(PAGE, {"reference": typed})
    assert response.status_code == (404 if typed else 200)


def test_a_reference_of_another_company_is_as_unknown_as_any(
    arrivals: Arrivals, client: Client, stranger: User, signed_in: SignedIn, last_event: Newest
) -> None:
    arrivals.post(arrivals.of("nora@acme.example"))
    reference = last_event().reference
    theirs = signed_in(stranger).get(PAGE, {"reference": reference})
    unknown = signed_in(stranger).get(PAGE, {"reference": "SSO-22222222"})
    assert theirs.status_code == unknown.status_code == 404
    assert reference in text_of(theirs)
    words = "No sign-in of your company has the reference"
    assert words in text_of(theirs)
    assert words in text_of(unknown)
    assert "nora@acme.example" not in text_of(theirs)
    assert client.get(PAGE, {"reference": reference}).status_code == 200


def test_a_message_is_judged_by_ones_own_configuration(
    arrivals: Arrivals, globex: Any, stranger: User, signed_in: SignedIn
) -> None:
    connect(globex)
    page = text_of(paste(signed_in(stranger), arrivals.of("nora@acme.example")))
    assert "Invalid audience" in page
    assert "would be created" not in page


def test_a_refusal_before_any_message_is_explained_by_its_reference(
    connection: Connection, client: Client
) -> None:
    event = record_event(
        flow=Flow.SSO_PAGE,
        now=timezone.now(),
        organization=connection.organization,
        connection=connection,
        refusal=Refusal.PLAN_LAPSED,
    )
    page = text_of(client.get(PAGE, {"reference": event.reference}))
    assert "Plan without single sign-on" in page
    assert "What to do" in page


def test_a_record_of_another_release_is_shown_as_far_as_it_is_known(
    connection: Connection, client: Client
) -> None:
    SignInEvent.objects.create(
        reference="SSO-22223333",
        organization=connection.organization,
        connection=connection,
        flow=Flow.TILE,
        refusal="of_tomorrow",
        checks=[
            {"check": "of_tomorrow"},
            {"check": "time", "outcome": "passed", "refusal": "", "expected": "", "received": ""},
        ],
    )
    page = text_of(client.get(PAGE, {"reference": "SSO-22223333"}))
    assert "of_tomorrow" in page
    assert text_of(client.get(PAGE)).count("of_tomorrow") == 1


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "There is nothing in it"),
        ("<samlp:AuthnRequest/>", "This is a SAMLRequest"),
        ("<samlp:LogoutResponse/>", "This is a LogoutResponse"),
        ("<soap:Envelope/>", "The element is Envelope."),
        ("<html>", "This is a web page"),
        ("SSO-1", "A reference is SSO-"),
    ],
)
def test_what_it_is_instead_is_said(client: Client, connection: Connection, pasted: str, words: str) -> None:
    response = paste(client, pasted)
    assert response.status_code == 422
    assert words in text_of(response)


def test_a_private_key_is_not_shown_again(client: Client, connection: Connection) -> None:
    page = text_of(paste(client, "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"))
    assert "We have not kept any of it" in page
    assert "MIIEvQIBADANBg" not in page


def test_no_message_is_sent_back_but_a_mistyped_reference_is(arrivals: Arrivals, client: Client) -> None:
    field = "".join(arrivals.of("nora@acme.example").split())
    for pasted, fields in [(field, {}), (field[:401], {}), (field, {"judge": "other"})]:
        page = text_of(paste(client, pasted, **fields))
        assert field[:40] not in page
    assert "paste it once more" in page
    page = text_of(paste(client, "SSO-12"))
    assert "> SSO-12</textarea>" in page
    assert "paste it once more" not in page


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_nothing_pasted_becomes_markup(arrivals: Arrivals, client: Client, hostile: str) -> None:
    escaped = hostile.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    rows = (("email", ("nora@acme.example",)), (escaped, (escaped,)))
    field = arrivals.of("nora@acme.example", attributes=rows, audiences=(escaped,))
    pages = [
        paste(client, field),
        paste(client, hostile),
        paste(client, har(arrivals, field).replace(arrivals.connection.acs_url, json.dumps(hostile)[1:-1])),
        client.get(PAGE, {"reference": hostile}),
    ]
    for page in pages:
        assert hostile not in text_of(page)
        assert page.status_code < 500


def test_an_upload_is_limited_and_never_on_the_disk(
    client: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise AssertionError("an upload touched the disk")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", refuse)
    large = SimpleUploadedFile("large.har", b"x" * (MAX_BYTES + 200_000))
    response = client.post(PAGE, {"message_file": large})
    assert response.status_code == 422
    assert "more than 5 MB" in text_of(response)
    fits = SimpleUploadedFile("large.har", b'{"log": {"entries": []' + b" " * (MAX_BYTES - 30) + b"}}")
    assert "has no SAMLResponse" in text_of(client.post(PAGE, {"message_file": fits}))


def test_too_much_to_paste_is_told_to_be_uploaded(client: Client, connection: Connection) -> None:
    response = paste(client, "x" * 3_000_000)
    assert response.status_code == 413
    assert "Save it in a file" in text_of(response)


def test_it_is_limited(arrivals: Arrivals, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sso.troubleshooting.views._MESSAGES", 1)
    field = arrivals.of("nora@acme.example")
    assert paste(client, field).status_code == 200
    assert paste(client, field).status_code == 429
    # Before it is looked at, whatever it is.
    assert paste(client, '{"log": {"entries": []}}').status_code == 429


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


def test_without_a_configuration_references_still_work(acme: Any, client: Client) -> None:
    event = record_event(
        flow=Flow.SSO_PAGE, now=timezone.now(), organization=acme, refusal=Refusal.UNKNOWN_DOMAIN
    )
    assert client.get(PAGE, {"reference": event.reference}).status_code == 200
    response = paste(client, encode("<samlp:Response></samlp:Response>"))
    assert response.status_code == 422
    assert "Enable SSO" in text_of(response)


def test_no_message_is_logged(arrivals: Arrivals, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    field = arrivals.of("nora@acme.example")
    paste(client, field)
    client.get(PAGE, {"reference": "SSO-22222222"})
    assert "".join(field.split())[:40] not in caplog.text
    assert "SSO-22222222" not in caplog.text
