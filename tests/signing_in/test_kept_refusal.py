"""The page of a refusal has an address of its own, which tells nothing to anybody but the browser that was refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lxml import html as lxml_html
from playwright.sync_api import Page, expect

from accounts.models import Organization, User
from sso.models import Connection, SignInEvent
from tests.cast import Arrivals, SignedIn, Write, connect
from tests.signing_in.test_refused_page import ways_on, words


def refused(arrivals: Arrivals, agent: User, client: Client | None = None, **says: Any) -> Any:
    return arrivals.post(arrivals.of(agent.email, **({"audiences": ("x",)} | says)), client)


def own_address() -> str:
    return f"/login/refused/{SignInEvent.objects.latest('pk').reference}/"


def test_the_page_is_the_same_when_it_is_loaded_anew(arrivals: Arrivals, agent: User) -> None:
    client = Client()
    asked = arrivals.ask(client, "/settings/team/?q=ö")
    first = refused(arrivals, agent, client, in_response_to=asked)
    assert f'data-address="{own_address()}"' in first.content.decode()
    # Without JavaScript it goes there by itself.
    assert f'<meta http-equiv="refresh" content="0; url={own_address()}">' in first.content.decode()
    again: Any = client.get(own_address())
    assert again.status_code == 200
    assert ways_on(again) == ways_on(first)
    assert SignInEvent.objects.get().reference in again.content.decode()
    assert "data-address" not in again.content.decode()
    assert "refresh" not in again.content.decode()
    assert SignInEvent.objects.count() == 1


def test_its_cookie_is_for_that_page_alone_and_for_an_hour(arrivals: Arrivals, agent: User) -> None:
    (cookie,) = refused(arrivals, agent).cookies.values()
    assert cookie.key.startswith("refused_")
    assert (cookie["path"], cookie["max-age"]) == ("/login/refused/", 3600)
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE


def test_another_browser_learns_nothing_from_a_reference(
    arrivals: Arrivals, agent: User, admin: User, signed_in: SignedIn
) -> None:
    client = Client()
    refused(arrivals, agent, client)
    there, nowhere = own_address(), "/login/refused/SSO-22222222/"
    for stranger in (Client(), signed_in(admin)):
        known, unknown = (stranger.get(path) for path in (there, nowhere))
        assert known.status_code == unknown.status_code == 404
        assert known.content.decode().count("SSO-") == 0
    assert client.get(there).status_code == 200
    assert client.get(there.lower()).status_code == 404


def test_the_cookie_of_one_page_opens_no_other(arrivals: Arrivals, agent: User, write: Write) -> None:
    client = Client()
    refused(arrivals, agent, client)
    mine, theirs = own_address(), f"/login/refused/{write(refusal='wrong_audience').reference}/"
    (cookie,) = client.cookies.values()
    for number in range(8):
        client.cookies[f"refused_{number}"] = cookie.value
    assert (client.get(mine).status_code, client.get(theirs).status_code) == (200, 404)


@pytest.mark.parametrize(
    "planted", ["", "x", "x:y:z", "Ii8i:1xXCnN:ANkuSCxprmCYmDYP6jAI5Zo", "\x00", "x" * 4000]
)
def test_a_planted_cookie_opens_nothing(arrivals: Arrivals, agent: User, write: Write, planted: str) -> None:
    reference = write(refusal="wrong_audience").reference
    client = Client()
    for number in range(8):
        client.cookies[f"refused_{number}"] = planted
    assert client.get(f"/login/refused/{reference}/").status_code == 404


def test_after_an_hour_it_is_over(arrivals: Arrivals, agent: User) -> None:
    import time_machine

    client = Client()
    refused(arrivals, agent, client)
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert client.get(own_address()).status_code == 404


def test_an_entry_that_is_forgotten_meanwhile_is_not_found(arrivals: Arrivals, agent: User) -> None:
    client = Client()
    refused(arrivals, agent, client)
    address = own_address()
    SignInEvent.objects.all().delete()
    assert client.get(address).status_code == 404


def test_a_configuration_that_is_deleted_meanwhile_leaves_the_page(arrivals: Arrivals, agent: User) -> None:
    client = Client()
    refused(arrivals, agent, client)
    address = own_address()
    arrivals.connection.delete()
    page: Any = client.get(address)
    assert ways_on(page)[0] == ("Try again", "/login/sso/")


def test_many_refusals_leave_a_few_cookies(arrivals: Arrivals, agent: User) -> None:
    client = Client()
    for number in range(30):
        refused(arrivals, agent, client, audiences=(f"x{number}",))
    assert 1 <= len(client.cookies) <= 8
    assert client.get(own_address()).status_code == 200


def test_a_fault_of_ours_is_shown_again_as_a_page(arrivals: Arrivals, agent: User, write: Write) -> None:
    from sso.signing_in import kept_refusal

    event = write(refusal="our_fault")
    client = Client()
    answer = client.get("/login/")
    kept_refusal.keep(answer, event, "/")
    client.cookies.update(answer.cookies)
    page = client.get(kept_refusal.address_of(event))
    assert page.status_code == 200
    assert "Something went wrong on our side." in page.content.decode()
    assert "Tell your admin" not in page.content.decode()


def test_what_goes_on_by_itself_keeps_its_way(arrivals: Arrivals, agent: User) -> None:
    client = Client()
    message = arrivals.of(agent.email)
    arrivals.post(message, client)
    page = arrivals.post(message, Client())
    assert "/login/sso/again/" in page.content.decode()
    assert "data-address" not in page.content.decode()
    assert not page.cookies


def letter_of(page: str) -> tuple[str, str]:
    tree = lxml_html.document_fromstring(page)
    (area,) = tree.iter("textarea")
    (link,) = [
        str(each.get("href")) for each in tree.iter("a") if str(each.get("href")).startswith("mailto:")
    ]
    return str(area.text), link


def test_the_admin_can_be_told_with_the_reference_and_nobody_is_named(
    arrivals: Arrivals, agent: User, owner: User, admin: User
) -> None:
    text, link = letter_of(refused(arrivals, agent).content.decode())
    reference = SignInEvent.objects.get().reference
    assert f"The reference is {reference}." in text
    assert text.endswith(f"{settings.PUBLIC_BASE_URL}/settings/security/log/{reference}/")
    assert "@" not in text
    assert urlsplit(link).path == ""
    said = parse_qs(urlsplit(link).query)
    assert said == {"subject": ["I can't sign in to JustCall"], "body": [text]}
    for person in (owner, admin):
        assert person.first_name not in text + link


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ({"audiences": ("x",)}, True),
        ({"name_id": "x@nowhere.example", "attributes": ()}, True),
        ({"not_on_or_after": "-3"}, True),
    ],
)
def test_whoever_has_an_admin_can_tell_them(
    arrivals: Arrivals, agent: User, says: dict[str, Any], told: bool
) -> None:
    assert (
        "Tell your admin"
        in refused(
            arrivals, agent, **({"audiences": (arrivals.connection.entity_id,)} | says)
        ).content.decode()
    ) is told


def test_where_no_company_is_known_there_is_no_admin_to_tell(arrivals: Arrivals) -> None:
    Connection.objects.update(enabled_at=None)
    page = Client().get("/login/sso/acme/").content.decode()
    assert "Tell your admin" not in page
    assert "mailto:" not in page


def test_the_password_is_offered_to_whoever_exists_or_not(arrivals: Arrivals, agent: User) -> None:
    pages = [refused(arrivals, agent), arrivals.post(arrivals.of("nobody@acme.example", audiences=("x",)))]
    assert len({words(page) for page in pages}) == 1
    assert ("Sign in with your password", "/login/password/") in ways_on(pages[0])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("color_scheme", "width", "javascript"),
    [("light", 1280, True), ("dark", 390, True), ("light", 390, False)],
)
def test_the_page_survives_a_reload_and_leads_to_the_password(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    acme: Organization,
    agent: User,
    color_scheme: str,
    width: int,
    javascript: bool,
) -> None:
    connection = connect(acme)
    page = new_page(color_scheme, width, javascript)
    saml_response = Arrivals(connection).of(agent.email, audiences=("x",))
    page.goto("/login/")
    page.set_content(
        f'<form method="post" action="{connection.acs_url}">'
        f'<input name="SAMLResponse" value="{saml_response}"><button>Go</button></form>'
    )
    page.get_by_role("button", name="Go").click()
    page.wait_for_url("**/login/refused/SSO-*/")
    for _ in range(2):
        expect(page.get_by_role("heading", level=1)).to_have_text("We couldn't sign you in")
        expect(page.locator("#reference")).to_contain_text(SignInEvent.objects.get().reference)
        page.reload()
    page.get_by_text("Tell your admin").click()
    if javascript:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Sign in with your password").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert SignInEvent.objects.count() == 1
