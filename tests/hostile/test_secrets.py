"""Secrets stay where they belong."""

from __future__ import annotations

import json
import logging
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.signing import dumps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.invitations import invite
from accounts.models import Organization, User
from accounts.roles import Role
from sso.models import Connection, SignInEvent
from sso.signing_in.last_company import remember
from tests.cast import Arrivals, SignedIn
from tests.hostile.routes import FILLERS, INVITATION_TOKEN
from tests.outbox import deliver
from tests.saml.certificate_forms import private_key_of, rsa_key
from tests.saml.encrypting import encrypt
from tests.saml.messages import IdentityProvider
from tests.words import PASSWORD

KEY_PEM = private_key_of(rsa_key()).decode()


class TestScenario:
    """A day with everything in it. The watch looks at each log, row, page and e-mail."""

    def test_sign_ins_refused_and_accepted_tests_and_forms(
        self,
        arrivals: Arrivals,
        agent: User,
        owner: User,
        signed_in: SignedIn,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        idp, stranger = arrivals.idp, IdentityProvider("rsa-stranger")
        message = arrivals.message(name_id=agent.email)
        accepted = arrivals.of(agent.email)
        public = arrivals.connection.sp_keys.get()
        for saml_response in (
            accepted,
            accepted,
            arrivals.of(agent.email, audiences=("https://other.example/",)),
            arrivals.of(agent.email, status=("Responder",), status_message="<b>no</b>"),
            stranger.response(message),
            idp.response(message, sign="nothing"),
            idp.response(message, sign="both"),
            idp.response(message, then=encrypt("aes256-cbc", key=rsa_key(number=3))),
            accepted[:200],
            KEY_PEM,
        ):
            arrivals.post(saml_response)
        assert public.certificate_pem
        client = signed_in(owner)
        for name in ("sso_settings", "team", "domains", "sso_delete"):
            assert client.get(reverse(name)).status_code == 200
        for field in ("sso_url", "idp_entity_id", "certificates"):
            answer = client.post(
                reverse("sso_settings"), {"sso_url": "x", "idp_entity_id": "y"} | {field: KEY_PEM}
            )
            assert answer.status_code == 422
        assert SignInEvent.objects.count() == 10

    def test_passwords_and_the_pages_of_their_mistakes(self, owner: User, db: None) -> None:
        client = Client()
        for email, password in (
            (owner.email, "wrong-horse-battery-staple"),
            ("", PASSWORD),
            ("x" * 300, PASSWORD),
        ):
            assert client.post("/login/", {"email": email, "password": password}).status_code == 422
        invite(owner.organization, "ivy@acme.example", Role.AGENT, actor=owner, now=owner.date_joined)  # type: ignore[arg-type]
        path = deliver()[-1].body.split("http://localhost:8000")[1].split()[0]
        for address in (path, path.rstrip("/"), path + "x/", "/no-such-page" + path):
            client.get(address)
        page = client.post(path, {"first_name": "", "last_name": "", "password": PASSWORD})
        assert page.status_code in (404, 422)

    def test_a_fault_of_ours_says_nothing_of_what_was_posted(
        self, arrivals: Arrivals, agent: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_arguments: object) -> None:
            raise RuntimeError("a fault of ours")

        monkeypatch.setattr("sso.signing_in.sign_in.provisioning.admit", broken)
        client = Client(raise_request_exception=False)
        response = arrivals.post(arrivals.of(agent.email), client, password=PASSWORD)
        assert response.status_code == 500
        assert SignInEvent.objects.get().reference in response.content.decode()


def test_a_redacted_message_has_no_signature_and_no_whole_name_id(arrivals: Arrivals, agent: User) -> None:
    arrivals.post(arrivals.of(agent.email))
    kept = SignInEvent.objects.get().redacted_xml
    assert "SignatureValue" in kept
    assert f">{agent.email}</saml:NameID>" not in kept


def test_what_opens_something_is_kept_as_a_hash_only(
    arrivals: Arrivals, agent: User, owner: User, acme: Organization
) -> None:
    browser = Client()
    arrivals.ask(browser)
    invite(acme, "ivy@acme.example", Role.AGENT, actor=owner, now=owner.date_joined)
    token = deliver()[-1].body.split("/invitations/")[1].split("/")[0]
    FILLERS["invitation.token"](acme)
    (secret,) = browser.cookies.values()
    tables = json.dumps(
        [list(model.objects.values()) for model in (Connection, User)]
        + [list(acme.invitations.values()), list(arrivals.connection.pending_logins.values())],
        default=str,
    )
    for text in (token, secret.value, PASSWORD, INVITATION_TOKEN):
        assert text not in tables


def test_the_last_companys_cookie_cannot_be_made_up(acme: Organization, arrivals: Arrivals) -> None:
    # The header is written by hand: newer Pythons put no control character into a cookie, though a browser can send one.
    def page_with(coded: str) -> Any:
        return Client().get("/login/sso/", headers={"cookie": f"last_company={coded}"})

    for coded in ("acme", dumps("acme"), "acme:x:y", "acme:1:" + "A" * 43, r'"\000"', "\x00", "a" * 4000):
        page = page_with(coded)
        assert page.status_code == 200
        assert page.context["company"] is None
    honest = HttpResponse()
    remember(honest, acme)
    assert page_with(honest.cookies["last_company"].coded_value).context["company"] == acme


_COOKIES = """
import django; django.setup()
from django.conf import settings as s
from django.http import HttpResponse
from sso.signing_in.last_company import remember
from accounts.models import Organization
r = HttpResponse(); remember(r, Organization(slug="acme"))
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,
      s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_HTTPONLY, s.USE_X_FORWARDED_HOST)
print(r.cookies["last_company"].OutputString())
"""


def test_the_cookies_of_a_production_go_over_https_only_and_to_no_script() -> None:
    from tests.production import in_production

    said = in_production("-c", _COOKIES, DJANGO_SETTINGS_MODULE="justcall_sso.settings").stdout.splitlines()
    assert said[0] == "__Host-sessionid __Host-csrftoken True True Lax True True False"
    for flag in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/login/"):
        assert flag in said[1]


def test_no_private_key_is_in_the_repository() -> None:
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        pytest.skip("no repository here")
    listed = subprocess.run(
        ["git", "grep", "-lE", "-e", "-----BEGIN [A-Z ]*PRIVATE KEY-----$"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    # 0: found. 128: git itself failed, and nobody has looked.
    assert listed.returncode == 1, listed.stdout + listed.stderr
