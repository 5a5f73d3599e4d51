"""The watch over the whole suite (tests/secret_watch.py) finds what it is to find."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.db import connection as database
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.invitations import invite
from accounts.models import AuditEntry, Organization, User
from accounts.roles import Role
from sso.models import SignInEvent
from sso.signing_in import pending
from sso.trial import starting
from tests.cast import Arrivals
from tests.outbox import deliver
from tests.processes import apps
from tests.saml.certificate_forms import private_key_of, rsa_key
from tests.secret_watch import WATCH, PageWatch
from tests.words import PASSWORD

log = logging.getLogger("justcall.anything")
KEY_PEM = private_key_of(rsa_key()).decode()


def _made(secret: str, acme: Organization, owner: User, arrivals: Arrivals) -> str:
    """One of the secrets that this service makes, made as the service makes it."""
    now = timezone.now()
    match secret:
        case "invitation":
            invite(acme, "ivy@acme.example", Role.AGENT, actor=owner, now=now)
            return str(deliver()[-1].body).split("/invitations/")[1].split("/")[0]
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
