"""Pages for what cannot be served: in our own look, with a reference, without the database."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from accounts.models import User
from justcall_sso.errors import not_found
from justcall_sso.urls import handler400, handler403, handler404, handler500
from justcall_sso.urls import urlpatterns as real_urls
from tests.cast import SignedIn
from tests.in_browser import LookAt

if TYPE_CHECKING:
    from playwright.sync_api import Page

REFERENCE = re.compile(r"REQ-[0-9A-HJKMNP-TV-Z]{10}")


def _raise(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("broken/", _raise(RuntimeError("the cat"))),
    path("database-away/", _raise(OperationalError("connection refused by 10.1.2.3"))),
    path("connection-closed/", _raise(InterfaceError("connection already closed"))),
    path("not-allowed/", _raise(PermissionError())),
    *real_urls,
]
__all__ = ["handler400", "handler403", "handler404", "handler500"]


@pytest.fixture
def client() -> Client:
    """No database is asked for: a page that used it would fail."""
    return Client(raise_request_exception=False)


@override_settings(ROOT_URLCONF=__name__)
def test_a_bug_becomes_a_page_with_a_reference_and_no_internals(client: Client) -> None:
    response = client.get("/broken/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong on our side" in page
    assert response["X-Request-ID"] in page
    assert REFERENCE.fullmatch(response["X-Request-ID"])
    assert "the cat" not in page


@pytest.mark.parametrize("address", ["/database-away/", "/connection-closed/"])
@override_settings(ROOT_URLCONF=__name__)
def test_a_database_that_is_away_is_said_as_503_with_a_reference(client: Client, address: str) -> None:
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["X-Request-ID"] in page
    assert "10.1.2.3" not in page


def test_an_unknown_address_gets_our_own_404(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "We couldn’t find that page" in response.content.decode()


def test_a_foreign_host_gets_our_own_400(client: Client) -> None:
    response = client.get("/health/ready/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "We couldn’t read that request" in response.content.decode()


@pytest.mark.parametrize("path", ["/no/such/page/", "/settings/team/"])
def test_whoever_is_signed_in_keeps_their_header_and_can_sign_out(
    agent: User, signed_in: SignedIn, path: str
) -> None:
    response = signed_in(agent).get(path)
    page = response.content.decode()
    assert response.status_code in (403, 404)
    assert "Agnes Agent" in page
    assert 'action="/logout/"' in page
    # An agent has none.
    assert ">Settings<" not in page
    assert response["X-Request-ID"] in page
    assert "no-store" in response["Cache-Control"]


def test_the_header_has_the_settings_of_whoever_may_open_them(
    owner: User, agent: User, supervisor: User, signed_in: SignedIn
) -> None:
    shown = {
        user.first_name: 'href="/settings/team/">Settings' in signed_in(user).get(path).content.decode()
        for user in (owner, agent, supervisor)
        for path in ("/", "/no/such/page/")
    }
    assert shown == {"Olivia": True, "Agnes": False, "Sam": False}


def test_an_operator_keeps_a_header_without_a_company(db: None, signed_in: SignedIn) -> None:
    operator = User.objects.create_superuser("ops@justcall.example", "x")
    page = signed_in(operator).get("/no/such/page/").content.decode()
    assert "ops@justcall.example" in page
    assert ">Settings<" not in page


def test_a_database_that_goes_away_leaves_the_page_without_a_header(rf: RequestFactory) -> None:
    class Away:
        @property
        def is_authenticated(self) -> bool:
            raise OperationalError("connection refused by 10.1.2.3")

    request = rf.get("/no/such/page/")
    request.user = Away()  # type: ignore[assignment]
    page = not_found(request)
    assert page.status_code == 404
    assert "We couldn’t find that page" in page.content.decode()
    assert "/logout/" not in page.content.decode()
    del request.user
    assert not_found(request).status_code == 404


@pytest.mark.django_db
def test_a_form_without_our_token_gets_our_own_page() -> None:
    response = Client(enforce_csrf_checks=True).post("/operator/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "This page was open for too long" in response.content.decode()


@pytest.mark.browser
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_404_page_has_no_accessibility_faults(
    new_page: Callable[..., Page], axe: Callable[[Page], None], color_scheme: str
) -> None:
    page = new_page(color_scheme=color_scheme, width=390)
    page.goto("/no/such/page/")
    axe(page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_404_page_of_a_member_has_no_accessibility_faults(owner: User, look_at: LookAt) -> None:
    look_at(owner, "/no/such/page/")
