"""The employee's page: one sentence by class, a way on that starts anew, nothing that tells causes apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from lxml import html as lxml_html

from accounts.models import Organization, User
from sso.models import Connection, PendingLogin, SignInEvent
from sso.refusals import CATALOGUE, Refusal
from tests.cast import Arrivals, connect
from tests.saml.messages import IdentityProvider

FORGER = IdentityProvider("rsa-forger")


def words(response: HttpResponse) -> str:
    """The page without what is different every time: reference, time, and the company it belongs to."""
    page = response.content.decode()
    page = re.sub(r"SSO-\w{8}", "SSO-", page)
    page = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+", "", page)
    return re.sub(r"\d\d:\d\d UTC", "", page)


def looks(response: HttpResponse) -> tuple[int, str, dict[str, str]]:
    """All a sender gets to see."""
    every_time_another = {"X-Request-ID", "Expires"}
    headers = {name: value for name, value in response.headers.items() if name not in every_time_another}
    headers["Content-Security-Policy"] = re.sub(r"nonce-[^']+", "", headers["Content-Security-Policy"])
    return response.status_code, words(response), headers


def ways_on(response: HttpResponse) -> list[tuple[str, str]]:
    page = lxml_html.document_fromstring(response.content.decode())
    (content,) = page.iterfind(".//*[@id='content']")
    links = [link for link in content.iter("a") if "btn" in link.get("class", "").split()]
    return [("".join(map(str, link.itertext())).strip(), link.get("href", "")) for link in links]


def test_a_forgery_and_a_response_for_another_company_look_the_same(
    arrivals: Arrivals, agent: User, globex: Organization
) -> None:
    theirs = Arrivals(connect(globex, FORGER))
    message = arrivals.message(name_id=agent.email, attributes=(("email", (agent.email,)),))
    seen = [
        arrivals.post(FORGER.response(message)),
        arrivals.post(arrivals.idp.response(message, sign="nothing")),
        # Signed by the identity provider of the other company, for the other company, about a person of this one.
        arrivals.post(FORGER.response(theirs.message(name_id=agent.email))),
        # Signed by our own, for another company.
        arrivals.post(arrivals.of(agent.email, audiences=(theirs.connection.entity_id,))),
        arrivals.post("no response at all"),
    ]
    assert len({str(looks(response)) for response in seen}) == 1


def test_whoever_may_not_be_spoken_for_looks_the_same_whether_they_exist_or_not(
    arrivals: Arrivals, globex: Organization, stranger: User
) -> None:
    # A member of the other company under an address of this one: only its log says more.
    User.objects.create_user("moved@acme.example", organization=globex)
    emails = [stranger.email, "nobody@globex.example", "x@nowhere.example", "moved@acme.example"]
    seen = [arrivals.post(arrivals.of(email)) for email in emails]
    assert len({str(looks(response)) for response in seen}) == 1
    Connection.objects.update(create_members=False)
    assert looks(arrivals.post(arrivals.of("new@acme.example"))) == looks(seen[0])


def test_pages_of_different_classes_differ_in_their_sentences_only(arrivals: Arrivals, agent: User) -> None:
    admins, theirs, again = (
        arrivals.post(arrivals.of(agent.email, audiences=("x",))),
        arrivals.post(arrivals.of("x@nowhere.example")),
        arrivals.post(arrivals.of(agent.email, not_on_or_after="-3")),
    )
    assert {response.status_code for response in (admins, theirs, again)} == {403}
    assert looks(admins)[2] == looks(theirs)[2] | {"Content-Length": looks(admins)[2]["Content-Length"]}
    lengths = [len(response.content) for response in (admins, theirs, again)]
    assert max(lengths) - min(lengths) < 60


def test_trying_again_starts_anew_and_keeps_where_the_person_wanted_to_go(
    arrivals: Arrivals, agent: User
) -> None:
    client = Client()
    asked = arrivals.ask(client, "/settings/team/?page=2")
    refused = arrivals.post(arrivals.of(agent.email, in_response_to=asked, audiences=("x",)), client)
    (label, url), password = ways_on(refused)
    assert password == (
        "Sign in with your password",
        "/login/password/?next=%2Fsettings%2Fteam%2F%3Fpage%3D2",
    )
    assert label == "Try again"
    assert url == "/login/sso/acme/?next=%2Fsettings%2Fteam%2F%3Fpage%3D2"
    started = client.get(url)
    assert started.status_code == 302
    assert started["Location"].startswith(arrivals.connection.sso_url)
    assert "SAMLRequest" in parse_qs(urlsplit(started["Location"]).query)
    anew = PendingLogin.objects.latest("pk")
    assert (anew.relay_path, anew.consumed_at) == ("/settings/team/?page=2", None)
    assert anew.request_id != asked
    assert (
        arrivals.post(arrivals.of(agent.email, in_response_to=anew.request_id), client)["Location"]
        == "/settings/team/?page=2"
    )


def test_another_browser_is_not_told_where_the_first_one_wanted_to_go(
    arrivals: Arrivals, agent: User
) -> None:
    asked = arrivals.ask(Client(), "/settings/team/")
    assert ways_on(arrivals.post(arrivals.of(agent.email, in_response_to=asked))) == [
        ("Try again", "/login/sso/acme/"),
        ("Sign in with your password", "/login/password/"),
    ]


@pytest.mark.parametrize(
    ("relay_state", "query"), [("/settings/", "?next=%2Fsettings%2F"), ("//evil.example/", ""), ("", "")]
)
def test_from_the_tile_the_deep_link_is_kept_if_it_is_our_own(
    arrivals: Arrivals, agent: User, relay_state: str, query: str
) -> None:
    refused = arrivals.post(arrivals.of(agent.email, audiences=("x",)), RelayState=relay_state)
    assert ways_on(refused) == [
        ("Try again", f"/login/sso/acme/{query}"),
        ("Sign in with your password", f"/login/password/{query}"),
    ]


@pytest.mark.parametrize("state", ["plan", "off"])
def test_where_starting_again_cannot_succeed_the_password_is_offered(
    arrivals: Arrivals, agent: User, state: str
) -> None:
    client = Client()
    asked = arrivals.ask(client, "/settings/")
    if state == "plan":
        Organization.objects.update(plan="pro")
    else:
        Connection.objects.update(enabled_at=None)
    refused = arrivals.post(arrivals.of(agent.email, in_response_to=asked), client)
    assert ways_on(refused) == [("Sign in with your password", "/login/password/?next=%2Fsettings%2F")]


def test_an_unknown_company_and_one_that_is_off_look_the_same(arrivals: Arrivals) -> None:
    unknown: Any = Client().get("/login/sso/nobody/?next=/settings/")
    Connection.objects.update(enabled_at=None)
    off: Any = Client().get("/login/sso/acme/?next=/settings/")
    assert looks(unknown) == looks(off)
    assert ways_on(off) == [
        ("Try again", "/login/sso/?next=%2Fsettings%2F"),
        ("Sign in with your password", "/login/password/?next=%2Fsettings%2F"),
    ]
    assert "IT admin" not in off.content.decode()


@pytest.mark.parametrize(
    ("says", "whom"),
    [
        ({"audiences": ("x",)}, "Send this to your IT admin."),
        ({"name_id": "x@nowhere.example", "attributes": ()}, "Send this to your IT admin."),
        ({"not_on_or_after": "-3"}, "If it happens again, send this to your IT admin."),
    ],
)
def test_the_reference_says_whom_to_give_it_to(
    arrivals: Arrivals, agent: User, says: dict[str, object], whom: str
) -> None:
    page = arrivals.post(arrivals.of(agent.email, **says)).content.decode()
    event = SignInEvent.objects.get()
    assert f">{whom}<" in page
    assert event.reference in page
    assert f"{event.occurred_at:%H:%M} UTC" in page
    assert 'role="alert"' in page
    assert '<h1 id="refused" tabindex="-1" autofocus>' in page


def test_a_fault_of_ours_is_a_page_with_a_reference_that_the_log_knows(
    arrivals: Arrivals, agent: User, last_event: Callable[[], SignInEvent]
) -> None:
    from tests.causes.provoking import CAUSES
    from tests.causes.scene import Scene

    scene = Scene(arrivals.connection.organization, agent, agent, arrivals.connection, arrivals)
    cause = CAUSES[Refusal.OUR_FAULT]
    assert cause.before is not None
    assert cause.message is not None
    cause.before(scene)
    client = Client(raise_request_exception=False)
    response = arrivals.post(cause.message(scene), client)
    assert response.status_code == 500
    event = last_event()
    assert event.refusal == Refusal.OUR_FAULT
    page = response.content.decode()
    assert event.reference in page
    assert CATALOGUE[Refusal.OUR_FAULT].employee_class.sentence in page
    assert "_auth_user_id" not in client.session
