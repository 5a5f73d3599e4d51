"""Sign in with SSO: from an email address, or directly at a company."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.domains import GRACE, claim
from accounts.invitations import invite
from accounts.models import EmailDomain, Organization, User
from accounts.roles import Role
from sso.models import PendingLogin, SignInEvent
from tests.cast import Arrivals, connect


def test_an_email_of_a_verified_domain_leads_to_its_company(arrivals: Arrivals) -> None:
    client = Client()
    response = client.post("/login/sso/", {"email": " Nora@Acme.Example ", "next": "/settings/"})
    assert response.status_code == 200
    page = response.content.decode()
    url = re.search(r'content="0; url=([^"]+)"', page)
    assert url is not None
    assert url.group(1).startswith(arrivals.connection.sso_url + "?SAMLRequest=")
    pending = PendingLogin.objects.get()
    assert pending.relay_path == "/settings/"
    (cookie,) = client.cookies.values()
    assert (cookie["samesite"], cookie["secure"], cookie["httponly"]) == ("None", True, True)
    assert cookie["path"] == urlsplit(arrivals.connection.acs_url).path.rstrip("/")
    assert cookie.value not in page


def test_a_company_with_an_international_domain_has_one_person_for_both_spellings(
    arrivals: Arrivals, acme: Organization, owner: User
) -> None:
    domain = claim(acme, "bücher.example")
    EmailDomain.objects.filter(pk=domain.pk).update(verified_at=timezone.now())
    invite(acme, "nora@bücher.example", Role.SUPERVISOR, actor=owner, now=timezone.now())
    for spelling in ("nora@bücher.example", "nora@xn--bcher-kva.example"):
        page = Client().post("/login/sso/", {"email": spelling}).content.decode()
        assert arrivals.connection.sso_url in page
    assert arrivals.post(arrivals.of("nora@xn--bcher-kva.example")).status_code == 303
    nora = User.objects.get(email__startswith="nora@")
    assert (nora.email, nora.role) == ("nora@xn--bcher-kva.example", "supervisor")


def test_the_whole_way_of_an_sp_initiated_sign_in(arrivals: Arrivals, agent: User) -> None:
    client = Client()
    client.post("/login/sso/", {"email": agent.email})
    asked = PendingLogin.objects.get().request_id
    assert arrivals.post(arrivals.of(agent.email, in_response_to=asked), client).status_code == 303
    assert client.get("/").status_code == 200
    assert "Continue with Acme" in client.get("/login/sso/").content.decode()
    client.post("/login/sso/", {"forget": "1"})
    assert "Continue with Acme" not in client.get("/login/sso/").content.decode()


def test_a_company_has_an_address_of_its_own(arrivals: Arrivals) -> None:
    response = Client().get("/login/sso/acme/?next=/settings/")
    assert response.status_code == 302
    assert response["Location"].startswith(arrivals.connection.sso_url)
    assert Client().get("/login/sso/nobody/").status_code == 403


@pytest.mark.parametrize("email", ["x@nowhere.example", "x@initech.example", "x@globex.example", "nonsense"])
def test_every_miss_has_one_answer(
    arrivals: Arrivals, globex: Organization, initech: Organization, email: str
) -> None:
    connect(initech)  # the plan has none
    off = connect(globex)
    off.enabled_at = None
    off.save(update_fields=["enabled_at"])
    response = Client().post("/login/sso/", {"email": email})
    page = response.content.decode()
    assert response.status_code == 200
    assert "We couldn&#x27;t start single sign-on for this email." in page
    assert SignInEvent.objects.get().reference in page
    assert PendingLogin.objects.count() == 0


@pytest.mark.parametrize("state", ["pending", "lapsed"])
def test_a_domain_that_is_not_verified_leads_nowhere(
    arrivals: Arrivals, acme: Organization, state: str
) -> None:
    if state == "pending":
        claim(acme, "pending.example")
    else:
        acme.domains.create(
            name="lapsed.example", last_checked_at=timezone.now(), created_at=timezone.now() - GRACE * 2
        )
    page = Client().post("/login/sso/", {"email": f"nora@{state}.example"}).content.decode()
    assert "We couldn&#x27;t start single sign-on for this email." in page
    assert not PendingLogin.objects.exists()


def test_a_domain_leads_to_the_company_that_verified_it_and_not_to_one_that_merely_claimed_it(
    arrivals: Arrivals, acme: Organization, globex: Organization
) -> None:
    claim(acme, "shared.example")
    globex.domains.create(name="shared.example", verified_at=timezone.now())
    form = {"email": "nora@shared.example"}
    Client().post("/login/sso/", form)
    assert not PendingLogin.objects.exists()
    theirs = connect(globex)
    Client().post("/login/sso/", form)
    assert PendingLogin.objects.get().connection == theirs


def test_a_browser_does_not_offer_a_company_whose_single_sign_on_is_off(
    arrivals: Arrivals, agent: User
) -> None:
    client = Client()
    arrivals.post(arrivals.of(agent.email), client)
    assert "Continue with Acme" in client.get("/login/sso/").content.decode()
    arrivals.connection.enabled_at = None
    arrivals.connection.save(update_fields=["enabled_at"])
    assert "Continue with Acme" not in client.get("/login/sso/").content.decode()


def test_an_open_redirect_is_not_kept(arrivals: Arrivals) -> None:
    Client().post("/login/sso/", {"email": "nora@acme.example", "next": "//evil.example/"})
    assert PendingLogin.objects.get().relay_path == "/"


def test_misses_are_limited_and_hits_are_not(arrivals: Arrivals) -> None:
    client = Client()
    for _ in range(30):
        assert client.post("/login/sso/", {"email": "x@nowhere.example"}).status_code == 200
    assert client.post("/login/sso/", {"email": "x@nowhere.example"}).status_code == 429
    assert client.post("/login/sso/", {"email": ""}).status_code == 422
