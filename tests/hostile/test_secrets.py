"""Secrets stay where they belong. The watch over the whole suite (tests/secret_watch.py) is tested here, too."""

from __future__ import annotations

import json
import logging
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.signing import dumps
from django.db import connection as database
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.invitations import invite
from accounts.models import AuditEntry, Organization, User
from accounts.roles import Role
from sso.models import Connection, SignInEvent
from sso.signing_in import pending
from sso.signing_in.last_company import remember
from sso.trial import starting
from tests.cast import Arrivals, SignedIn
from tests.hostile.routes import FILLERS, INVITATION_TOKEN
from tests.processes import apps
from tests.saml.certificate_forms import rsa_key
from tests.saml.encrypting import encrypt
from tests.saml.messages import IdentityProvider
from tests.secret_watch import WATCH, PageWatch
from tests.words import PASSWORD

log = logging.getLogger("justcall.anything")
KEY_PEM = (
    rsa_key()
    .private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    .decode()
)


def _made(secret: str, acme: Organization, owner: User, arrivals: Arrivals) -> str:
    """One of the secrets that this service makes, made as the service makes it."""
    now = timezone.now()
    match secret:
        case "invitation":
            invite(acme, "ivy@acme.example", Role.AGENT, actor=owner, now=now)
            return mail.outbox[-1].body.split("/invitations/")[1].split("/")[0]
        case "reset link":
            return default_token_generator.make_token(owner)
        case "request":
            return pending.start(arrivals.connection, now).browser_secret
        case "tile":
            return starting.start_tile(arrivals.connection, owner, now).secret
    client = Client()
    client.force_login(owner)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class TestWatch:
    """It would find what it looks for."""

    @pytest.mark.parametrize(
        "secret",
        [
            f"somebody typed {PASSWORD}",
            KEY_PEM,
            "GET /invitations/abcdefghijklmnopqrstuvwxyz0123456789/ 200",
            "GET /password-reset/MQ/c5x-0123456789abcdef0123456789abcdef/ 200",
            "Cookie: sessionid=abc",
            "<ds:SignatureValue>\nMIIabcdefghijklmnopqrstuvwxyz</ds:SignatureValue>",
            '<saml:Assertion Version="2.0" ID="_0123456789abcdef0123456789abcdef">',
            '<saml2:NameID Format="emailAddress">agnes@acme.example</saml2:NameID>',
            f"the key {settings.SECRET_KEY} is wrong",
            f"the key {settings.KEY_ENCRYPTION_KEYS[0]} is wrong",
        ],
    )
    def test_a_secret_in_a_log_is_found(self, secret: str) -> None:
        log.warning("%s", secret)
        assert len(WATCH.take()) == 1

    def test_a_posted_message_in_a_log_field_or_an_exception_is_found(self, arrivals: Arrivals) -> None:
        message = arrivals.of("agnes@acme.example")
        log.warning("arrived", extra={"form": message})
        try:
            raise ValueError(message)
        except ValueError:
            log.exception("refused")
        assert len(WATCH.take()) == 2

    def test_a_secret_in_an_event_or_an_audit_entry_is_found(self, acme: Organization) -> None:
        SignInEvent.objects.create(reference="SSO-X", flow="tile", attributes={"password": [PASSWORD]})
        AuditEntry.objects.create(organization=acme, action="x", changes={"key": ["", KEY_PEM]})
        assert [found.partition(" carries")[0] for found in WATCH.take()] == [
            "a row of sso_signinevent",
            "a row of accounts_auditentry",
        ]

    def test_so_it_is_however_the_row_is_written(self, acme: Organization) -> None:
        AuditEntry.objects.bulk_create([AuditEntry(organization=acme, action="x", subject=PASSWORD)])
        AuditEntry.objects.update(subject=f"{PASSWORD}!")
        acme.domains.update(name=PASSWORD)
        with database.cursor() as cursor:
            cursor.executemany(
                'UPDATE "accounts_organization" SET name = %s WHERE id = %s',
                [("Acme", acme.pk), (PASSWORD, acme.pk)],
            )
        assert len(WATCH.take()) == 4

    @pytest.mark.parametrize("part", ["text", "html"])
    def test_a_secret_in_an_email_is_found(self, db: None, part: str) -> None:
        said = {"text": "Welcome", "html": "<p>Welcome</p>", part: f"Your password is {PASSWORD}"}
        mail.send_mail("Welcome", said["text"], None, ["a@acme.example"], html_message=said["html"])
        assert len(WATCH.take()) == 1
        mail.outbox.clear()

    @pytest.mark.parametrize("secret", ["invitation", "reset link", "request", "tile", "session"])
    def test_what_was_made_is_found_bare_in_a_log_and_in_a_row(
        self, secret: str, acme: Organization, owner: User, arrivals: Arrivals
    ) -> None:
        made = _made(secret, acme, owner, arrivals)
        assert WATCH.take() == []
        made = _made(secret, acme, owner, arrivals)
        log.warning("%s came", made)
        log.warning("came", extra={"form": {"value": [made]}})
        AuditEntry.objects.create(organization=acme, action="x", subject=made)
        SignInEvent.objects.create(reference="SSO-X", flow="tile", attributes={"key": [made]})
        found = WATCH.take()
        WATCH.look_at_log("a process", f"before\n{made}\nafter")
        assert len(found + WATCH.take()) == 5

    @pytest.mark.parametrize("secret", ["request", "tile", "session"])
    def test_a_cookie_is_found_in_an_email_and_on_a_page(
        self, secret: str, acme: Organization, owner: User, arrivals: Arrivals
    ) -> None:
        made = _made(secret, acme, owner, arrivals)
        mail.send_mail("Welcome", f"Your cookie is {made}", None, ["a@acme.example"])
        request = RequestFactory().get("/")
        for answer in (
            HttpResponse(made),
            StreamingHttpResponse([made]),
            HttpResponse(headers={"Location": f"/?{made}"}),
        ):
            b"".join(PageWatch(lambda _request, answer=answer: answer)(request))  # type: ignore[misc]
        assert len(WATCH.take()) == 4
        mail.outbox.clear()

    @pytest.mark.parametrize("secret", ["invitation", "reset link"])
    def test_a_link_may_be_in_an_email_and_on_its_own_page(
        self, secret: str, acme: Organization, owner: User, arrivals: Arrivals
    ) -> None:
        made = _made(secret, acme, owner, arrivals)
        mail.send_mail("Welcome", f"Your link is {made}", None, ["a@acme.example"])
        PageWatch(lambda _request: HttpResponse(made))(RequestFactory().get("/"))
        assert WATCH.take() == []
        mail.outbox.clear()

    def test_the_log_of_a_process_is_looked_at_when_it_stops(self, transactional_db: None) -> None:
        with apps(1) as (app,):
            app._log.write(PASSWORD)
        assert WATCH.take() == [f"the log of gunicorn carries a secret: {PASSWORD[:24]}…"]

    def test_harmless_words_are_not(self) -> None:
        log.warning("GET /invitations/<token>/ 200 SignatureValue>…< password sessionid")
        assert WATCH.take() == []


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
        path = mail.outbox[-1].body.split("http://localhost:8000")[1].split()[0]
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
    token = mail.outbox[-1].body.split("/invitations/")[1].split("/")[0]
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
