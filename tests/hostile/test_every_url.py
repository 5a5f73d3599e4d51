"""Who reaches what, over every URL there is (tests/hostile/routes.py): nobody, each role, and another company."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.audit import Action
from accounts.invitations import token_hash
from accounts.models import INVITATION_LIFETIME, Organization, Throttle, User
from sso.models import ConfigurationCandidate, Connection
from tests.cast import SignedIn, connect
from tests.hostile.routes import FILLERS, GUARDED, PUBLIC, ROUTES, SETTINGS, Route

pytestmark = pytest.mark.usefixtures("connection", "agent", "owner")
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]
# A form with fields nobody asked for, some of which could do harm if they were taken.
FORM = {
    "role": "admin",
    "name": "Acme",
    "email": "new@acme.example",
    "organization": "1",
    "organization_id": "1",
    "is_staff": "on",
    "enabled_at": "2026-01-01",
    "guide": "okta",
}


def _asks(client: Client, method: str, path: str) -> Any:
    return client.post(path, FORM) if method == "POST" else client.generic(method, path)


def _rows() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of ours, by model and key."""
    return {
        model._meta.label: {row["id"]: row for row in model._default_manager.values()}
        for app in ("accounts", "sso")
        for model in apps.get_app_config(app).get_models()
        if model is not Throttle
    }


# Also the beginning of a name that is hexadecimal.
MARKER = "acedbadfeed0"
# A request nobody answered has nothing to show but its time.
MOMENT = datetime(2003, 2, 3, 4, 5, 6, tzinfo=UTC)
MARKS = [MARKER, "Feb 2003", "2003-02-03"]
WINDOW = MARKER.ljust(32, "0")


def _mark(company: Organization, owner: User) -> None:
    """Something of everything a company can have, each with the marker in it."""
    for fill in FILLERS.values():
        fill(company)
    connection = company.connections.get()
    company.members.update(last_name=MARKER)
    company.invitations.create(
        email=f"{MARKER}@acme.example",
        token_hash=token_hash(MARKER),
        expires_at=timezone.now() + INVITATION_LIFETIME,
    )
    company.sign_in_events.update(email=f"{MARKER}@acme.example", attributes={"email": [MARKER]})
    audit.record(company, owner, Action.MEMBER_SIGNED_OUT_EVERYWHERE, subject=MARKER)
    connection.pending_logins.create(
        request_id=MARKER, browser_hash="", created_at=MOMENT, expires_at=MOMENT, relay_path=f"/{MARKER}"
    )
    ConfigurationCandidate.objects.create(
        connection=connection, sso_url=f"https://{MARKER}.example/", idp_entity_id=MARKER
    )
    connection.tests.update(
        public_id=MARKER.ljust(32, "1"),
        window=WINDOW,
        finished_at=timezone.now(),
        event=company.sign_in_events.get(),
    )
    connection.idp_entity_id = f"https://{MARKER}.example/"
    connection.save()


@pytest.fixture
def two_companies(acme: Organization, globex: Organization, owner: User) -> None:
    """Both use single sign-on; Acme has something of everything, with the marker in it."""
    connect(globex)
    _mark(acme, owner)


def _ids(route: Route) -> str:
    return route.name


@pytest.mark.parametrize("route", GUARDED, ids=_ids)
def test_nobody_signed_in_is_sent_to_the_sign_in_page(route: Route, acme: Organization) -> None:
    path = route.path(acme)
    before = _rows()
    answers = [_asks(Client(), method, path) for method in METHODS]
    assert {answer.status_code for answer in answers} <= {302, 405}
    redirects = [answer["Location"] for answer in answers if answer.status_code == 302]
    assert redirects
    assert all(location.startswith("/login/?next=/") for location in redirects)
    assert _rows() == before


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", ["agent", "supervisor"])
@pytest.mark.parametrize("route", SETTINGS, ids=_ids)
def test_a_member_without_the_permission_is_refused(
    route: Route,
    role: str,
    method: str,
    acme: Organization,
    agent: User,
    supervisor: User,
    signed_in: SignedIn,
) -> None:
    client = signed_in({"agent": agent, "supervisor": supervisor}[role])
    path = route.path(acme)
    before = _rows()
    response = _asks(client, method, path)
    assert response.status_code in (403, 405)
    assert _rows() == before


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", GUARDED, ids=_ids)
def test_the_owner_of_another_company_sees_and_changes_nothing(
    route: Route,
    method: str,
    two_companies: None,
    acme: Organization,
    globex: Organization,
    stranger: User,
    signed_in: SignedIn,
) -> None:
    client = signed_in(stranger)
    path = route.path(acme)
    before = _rows()
    response = _asks(client, method, path)
    if route.parameters:
        assert response.status_code in (404, 405)
    assert response.status_code < 500
    page = b"".join(response).decode()
    connection = acme.connections.get()
    for secret in (connection.public_id, "agnes@acme.example", "olivia@acme.example", "SSO-22ZZ33YY", *MARKS):
        assert secret not in page
    after = _rows()
    for model, rows in before.items():
        for key, row in rows.items():
            if not _belongs_to(row, globex, stranger):
                assert after[model].get(key) == row, model


@pytest.mark.parametrize(
    "asked",
    [
        ("sso_test_status", {"window": WINDOW}),
        ("sso_troubleshoot", {"reference": "SSO-22ZZ33YY"}),
        ("sign_in_log", {"reference": "SSO-22ZZ33YY"}),
        ("sign_in_log", {"result": "no_response"}),
        ("sign_in_log_csv", {"result": "no_response"}),
    ],
    ids=str,
)
def test_nor_does_a_query_show_it_what_another_company_has(
    asked: tuple[str, dict[str, str]],
    two_companies: None,
    owner: User,
    stranger: User,
    signed_in: SignedIn,
) -> None:
    name, query = asked
    of_the_owner, of_the_stranger = (
        b"".join(signed_in(person).get(reverse(name), query, follow=True)).decode()
        for person in (owner, stranger)
    )
    assert any(mark in of_the_owner for mark in MARKS)
    assert not any(mark in of_the_stranger for mark in MARKS)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", GUARDED, ids=_ids)
def test_the_own_owner_reaches_it_and_nothing_breaks(
    route: Route, method: str, acme: Organization, owner: User, signed_in: SignedIn
) -> None:
    response = _asks(signed_in(owner), method, route.path(acme))
    assert response.status_code in (200, 302, 303, 405, 409, 422)
    assert "no-store" in response["Cache-Control"]


# Where an identity provider may post, or may post by mistake.
DOORS = {"sso_acs", "sso_acs_without_slash", "sso_metadata", "sso_metadata_without_slash", "sso_start_at"}


@pytest.mark.parametrize("route", [route for route in ROUTES if route.name not in DOORS], ids=_ids)
def test_a_post_without_the_token_of_our_page_is_refused(
    route: Route, acme: Organization, owner: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    path = route.path(acme)
    before = _rows()
    response = client.post(path, FORM)
    assert response.status_code == 403
    assert "csrf_failure.html" in {template.name for template in response.templates}
    assert _rows() == before


def test_the_acs_alone_is_open_to_other_sites_and_answers_with_a_refusal(acme: Organization) -> None:
    client = Client(enforce_csrf_checks=True)
    (acs,) = [route for route in ROUTES if route.name == "sso_acs"]
    response = client.post(acs.path(acme), {"SAMLResponse": "x"}, headers={"Origin": "https://evil.example"})
    assert "We couldn't sign you in" in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("route", ROUTES, ids=_ids)
def test_every_answer_has_the_headers_that_forbid(
    route: Route, acme: Organization, owner: User, signed_in: SignedIn
) -> None:
    path = route.path(acme)
    answers = [_asks(Client(), method, path) for method in ("GET", "POST")]
    answers += [_asks(signed_in(owner), method, path) for method in ("GET", "POST")]
    for answer in answers:
        policy = answer["Content-Security-Policy"]
        for directive in (
            "default-src 'none'",
            "script-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ):
            assert directive in policy
        assert "unsafe" not in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Referrer-Policy"] in ("same-origin", "strict-origin")
        given = [cookie for cookie in answer.cookies.values() if cookie.value]
        assert all(cookie["httponly"] for cookie in given)


@pytest.mark.parametrize("who", ["nobody", "agent", "owner"])
def test_the_operators_pages_are_for_operators(
    who: str, agent: User, owner: User, signed_in: SignedIn
) -> None:
    client = Client() if who == "nobody" else signed_in({"agent": agent, "owner": owner}[who])
    pages = ["", "accounts/user/", f"accounts/user/{owner.pk}/change/", "accounts/organization/add/"]
    pages += ["sso/signinevent/", "sso/connection/", "auth/group/", "jsi18n/", "password_change/", "x/"]
    for page in pages:
        response = client.get(f"/operator/admin/{page}", follow=True)
        if who == "nobody":
            # The one sign-in page, which counts failures and locks.
            assert response.redirect_chain[-1][0].startswith("/login/password/?next=/operator/admin/")
        else:
            assert response.status_code in (403, 404)
    assert (
        client.post("/operator/admin/login/", {"username": owner.email, "password": "x"}).status_code == 405
    )


def test_an_operator_signs_in_like_everybody_and_gets_to_the_operators_pages(db: None) -> None:
    User.objects.create_superuser("operator@justcall.example", "correct-horse-battery-staple")
    client = Client()
    page = client.get("/operator/admin/", follow=True)
    signed = client.post(
        "/login/",
        {
            "email": "operator@justcall.example",
            "password": "correct-horse-battery-staple",
            "next": page.context["next"],
        },
        follow=True,
    )
    assert signed.status_code == 200
    assert signed.redirect_chain[-1][0] == "/operator/admin/"


def test_the_list_of_open_pages_names_only_what_there_is() -> None:
    assert {route.name for route in ROUTES} >= PUBLIC


def _belongs_to(row: dict[str, Any], company: Organization, person: User) -> bool:
    ours = Connection.objects.filter(organization=company).values_list("pk", flat=True)
    return (
        row.get("organization_id") == company.pk
        or (row["id"] == company.pk and "slug" in row)
        or row.get("connection_id") in set(ours)
        or row.get("user_id") == person.pk
    )
