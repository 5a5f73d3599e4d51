"""The login page: one email leads to the company's single sign-on or to the password, and tells nobody who exists."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.domains import claim
from accounts.models import Organization, User
from sso.models import Connection, PendingLogin, SignInEvent
from tests.cast import Arrivals, SignedIn, connect
from tests.words import PASSWORD

LOGIN = "/login/"


def test_an_email_of_a_company_with_single_sign_on_leads_there_and_keeps_the_way(arrivals: Arrivals) -> None:
    client = Client()
    answer = client.post(LOGIN, {"email": " Nora@ACME.example ", "next": "/settings/team/?page=2"})
    assert answer.status_code == 200
    assert f'content="0; url={arrivals.connection.sso_url}?SAMLRequest=' in answer.content.decode()
    assert PendingLogin.objects.get().relay_path == "/settings/team/?page=2"
    # What was typed is told to nobody else.
    assert "nora" not in answer.content.decode().lower()


@pytest.mark.parametrize("why", ["no_connection", "off", "plan", "pending", "elsewhere", "nonsense"])
def test_any_other_email_leads_to_the_password_with_the_email_kept(
    acme: Organization, globex: Organization, agent: User, why: str
) -> None:
    email = agent.email
    if why == "off":
        connect(acme)
        Connection.objects.update(enabled_at=None)
    elif why == "plan":
        connect(acme)
        Organization.objects.update(plan="pro")
    elif why == "pending":
        connect(globex)
        claim(globex, "pending.example")
        email = "nora@pending.example"
    elif why in ("elsewhere", "nonsense"):
        connect(acme)
        email = {"elsewhere": "x@nowhere.example", "nonsense": "nonsense"}[why]
    client = Client()
    page = client.post(LOGIN, {"email": email, "next": "/settings/"}).content.decode()
    assert f'name="email" value="{email}"' in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert 'name="next" value="/settings/"' in page
    assert not PendingLogin.objects.exists()
    assert not SignInEvent.objects.exists()


def test_the_password_step_signs_in_and_leads_on(agent: User) -> None:
    client = Client()
    form = {"email": agent.email, "password": PASSWORD, "next": "/settings/"}
    assert client.post("/login/password/", form)["Location"] == "/settings/"
    assert client.get("/").status_code == 200


def test_a_form_that_brings_the_password_at_once_is_taken_by_the_login_page_too(
    arrivals: Arrivals, agent: User
) -> None:
    client = Client()
    assert client.post(LOGIN, {"email": agent.email, "password": PASSWORD})["Location"] == "/"
    assert not PendingLogin.objects.exists()


def test_a_password_that_fails_mentions_single_sign_on_and_keeps_the_email(agent: User) -> None:
    page = Client().post("/login/password/", {"email": agent.email, "password": "wrong"}).content.decode()
    assert "If your company uses single sign-on, use “Sign in with SSO”." in page
    # Once for the password, once for single sign-on.
    assert page.count(f'name="email" value="{agent.email}"') == 2


def test_the_email_goes_along_to_single_sign_on_and_back(arrivals: Arrivals, agent: User) -> None:
    page = Client().post(LOGIN, {"email": "x@nowhere.example"}).content.decode()
    assert 'action="/login/sso/"' in page
    page = Client().post("/login/sso/", {"email": "x@nowhere.example"}).content.decode()
    assert 'action="/login/password/"' in page
    page = Client().post("/login/password/", {"email": "x@nowhere.example"}).content.decode()
    assert 'name="email" value="x@nowhere.example"' in page


def test_the_page_leads_to_the_password_and_to_the_start_of_single_sign_on(db: None) -> None:
    page = Client().get(f"{LOGIN}?next=/settings/").content.decode()
    assert 'href="/login/password/?next=/settings/"' in page
    assert 'href="/login/sso/?next=/settings/"' in page
    assert "password" not in re.findall(r'<input[^>]* name="(\w+)"', page)


@pytest.mark.parametrize("path", [LOGIN, "/login/sso/"])
def test_the_company_of_before_is_offered_first_and_can_be_forgotten(
    arrivals: Arrivals, agent: User, path: str
) -> None:
    client = Client()
    arrivals.post(arrivals.of(agent.email), client)
    client.cookies.pop("sessionid", None)
    page = client.get(f"{path}?next=/settings/").content.decode()
    assert page.index("Continue with Acme") < page.index("Work email")
    assert 'href="/login/sso/acme/?next=/settings/"' in page
    # One focus only: Enter goes on with it.
    assert len(re.findall(r"\sautofocus", page)) == 1
    assert re.search(r'<a class="btn btn-primary w-100"[^>]*autofocus>', page)
    assert client.post(path, {"forget": "1"})["Location"] == path
    page = client.get(path).content.decode()
    assert "Continue with Acme" not in page
    assert re.search(r'<input type="email"[^>]*autofocus', page)


def test_whoever_is_signed_in_goes_on(agent: User, signed_in: SignedIn) -> None:
    client = signed_in(agent)
    for path in (LOGIN, "/login/password/"):
        assert client.get(f"{path}?next=/settings/")["Location"] == "/settings/"
        assert client.get(f"{path}?next=//evil.example/")["Location"] == "/"


def test_no_email_and_a_hostile_way_on_are_refused(arrivals: Arrivals) -> None:
    answer = Client().post(LOGIN, {"email": "", "next": "//evil.example/"})
    assert answer.status_code == 422
    assert "Enter your work email." in answer.content.decode()
    assert "evil" not in answer.content.decode()
    Client().post(LOGIN, {"email": "nora@acme.example", "next": "//evil.example/"})
    assert PendingLogin.objects.get().relay_path == "/"


def test_a_form_without_our_token_is_refused(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in (LOGIN, "/login/password/"):
        assert client.post(path, {"email": "nora@acme.example"}).status_code == 403


def test_emails_are_limited_and_the_limit_tells_nothing(
    arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sso.signing_in.views.login._EMAILS", 3)
    emails = [
        "a@nowhere.example",
        "b@acme.example",
        "c@nowhere.example",
        "d@acme.example",
        "e@nowhere.example",
    ]
    answers = [Client().post(LOGIN, {"email": email}) for email in emails]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert "Too many tries" in answers[-1].content.decode()
    assert PendingLogin.objects.count() == 1
    assert Client(REMOTE_ADDR="192.0.2.9").post(LOGIN, {"email": emails[0]}).status_code == 200


def test_starts_from_one_address_are_limited_here_as_well(
    arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sso.signing_in.sending._STARTS", 1)
    answers = [Client().post(LOGIN, {"email": "nora@acme.example"}).status_code for _ in range(2)]
    assert answers == [200, 429]
    assert PendingLogin.objects.count() == 1


def test_an_operator_is_asked_for_the_password_whatever_company_has_their_domain(
    arrivals: Arrivals, db: None
) -> None:
    User.objects.create_superuser("ops@acme.example", PASSWORD)
    client = Client()
    to = client.get("/operator/admin/", follow=True).redirect_chain[-1][0]
    assert to == "/login/password/?next=/operator/admin/"
    form = {"email": "ops@acme.example", "password": PASSWORD, "next": "/operator/admin/"}
    assert client.post(to, form)["Location"] == "/operator/admin/"


LOOKS = [("light", 1280, True), ("dark", 390, True), ("light", 390, False)]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("color_scheme", "width", "javascript"), LOOKS)
def test_a_person_signs_in_by_email_and_password_with_the_keyboard(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    agent: User,
    color_scheme: str,
    width: int,
    javascript: bool,
) -> None:
    page = new_page(color_scheme, width, javascript)
    page.goto("/settings/")
    expect(page.get_by_label("Work email")).to_be_focused()
    if javascript:
        axe(page)
    page.keyboard.type(agent.email)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Work email")).to_have_value(agent.email)
    if javascript:
        axe(page)
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Sign in with SSO")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("color_scheme", "width", "javascript"), LOOKS)
def test_enter_goes_on_with_the_company_of_before(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    acme: Organization,
    agent: User,
    app_server: str,
    color_scheme: str,
    width: int,
    javascript: bool,
) -> None:
    connection = connect(acme)
    client = Client()
    arrivals = Arrivals(connection)
    arrivals.post(arrivals.of(agent.email), client)
    # The identity provider of this test is a page of our own, so that nothing leaves the machine.
    Connection.objects.update(sso_url=f"{app_server}/login/sso/")
    page = new_page(color_scheme, width, javascript)
    cookie = client.cookies["last_company"]
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.coded_value.strip('"'), "url": f"{app_server}/login/"}]
    )
    page.goto(LOGIN)
    if javascript:
        axe(page)
    expect(page.get_by_role("link", name="Continue with Acme")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/sso/?SAMLRequest=*")


def test_the_offer_of_a_company_ends_after_half_a_year(arrivals: Arrivals, agent: User) -> None:
    import time_machine

    client = Client()
    arrivals.post(arrivals.of(agent.email), client)
    with time_machine.travel(timezone.now() + timedelta(days=181), tick=False):
        assert "Continue with" not in client.get(LOGIN).content.decode()
