"""Delivers a case over HTTP to the ACS URL of a real connection row, and says what came of it.

Nothing is patched but the clock. The caller gives a database and takes back what was written to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpResponseBase
from django.test import Client

from accounts.models import EmailDomain, Invitation, Organization, User
from accounts.sealing import seal
from sso.models import Connection, LinkedIdentity, PendingLogin, SignInEvent
from sso.signing_in.browser_secret import cookie_name
from sso.signing_in.pending import LIFETIME, hash_of
from tests.saml.corpus import keys
from tests.saml.corpus.case import ROOT, Case, read

SECRET = "the-secret-of-this-browser"
Post = Callable[[str, dict[str, Any]], Any]
# The door has a closer name for it than the gate (sso/signing_out/logout_messages.py).
TOLD_AT_THE_DOOR = {"bad/not_a_response/logout_response": "logout_at_acs"}


@dataclass(frozen=True)
class Delivered:
    """What a message left behind: the answer, whoever is signed in, and the newest sign-in event."""

    status: int
    page: str
    user: User | None
    events: int
    event: SignInEvent | None
    left_behind: bool

    @property
    def refused(self) -> str:
        return self.event.refusal if self.event is not None else ""

    @property
    def is_clean_refusal(self) -> bool:
        """One event, its reference on the page, and members, sessions, links and settings as they were."""
        return (
            self.status == 403
            and self.user is None
            and self.events == 1
            and self.event is not None
            and self.event.reference in self.page
            and not self.left_behind
        )

    def is_right(self, case: Case) -> bool:
        """Whether all of this is what the case asks for: exactly its person, or a clean refusal with its code."""
        if case.signs_in is None:
            return self.is_clean_refusal and self.refused == TOLD_AT_THE_DOOR.get(case.path, case.refused[0])
        person, user = case.signs_in, self.user
        return (
            (self.status, self.refused, self.events) == (303, "", 1)
            and user is not None
            and self.event is not None
            and self.event.user == user
            and (user.email, user.role, user.organization and user.organization.slug)
            == (person.email, person.role, "acme")
            and (user.first_name, user.last_name) == (person.first_name, person.last_name)
            and [link.name_id for link in user.sso_identities.all()] == [person.name_id]
        )


def deliver(case: Case, client: Client | None = None) -> Delivered:
    """Set the stage for a case and post its message, at its time."""
    with time_machine.travel(case.now, tick=False):
        connection = set_the_stage(case)
        browser = client or Client()
        if case.request is not None and case.request.state != "other_browser":
            browser.cookies[cookie_name(case.request.id)] = SECRET
        if case.after:
            assert _post(connection, read(ROOT / case.after), Client()).status_code == 303
        events, before = SignInEvent.objects.count(), _state(connection)
        response = _post(connection, case, browser)
        # Asking a client without a session for its session would start one.
        has_session = settings.SESSION_COOKIE_NAME in browser.cookies
        user_id = browser.session.get(SESSION_KEY) if has_session else None
        return Delivered(
            status=response.status_code,
            page=response.content.decode() if response.status_code != 303 else "",  # type: ignore[attr-defined]
            user=User.objects.get(pk=user_id) if user_id else None,
            events=SignInEvent.objects.count() - events,
            event=SignInEvent.objects.order_by("-pk").first(),
            left_behind=_state(connection) != before,
        )


def _post(connection: Connection, case: Case, client: Client) -> HttpResponseBase:
    # A fault becomes the page a customer would see, and so a status that is counted.
    client.raise_request_exception = False
    path = urlsplit(connection.acs_url).path
    match case.sent:
        case "twice":
            return client.post(path, {"SAMLResponse": [case.field, case.field]})
        case "in the query string":
            return client.post(f"{path}?{urlencode({'SAMLResponse': case.field})}")
        case "under another name":
            return client.post(path, {"samlresponse": case.field})
    return client.post(path, {"SAMLResponse": case.field})


def _state(connection: Connection) -> list[Any]:
    """What a refusal must leave as it was."""
    return [
        list(User.objects.order_by("pk").values()),
        list(LinkedIdentity.objects.order_by("pk").values()),
        list(Invitation.objects.order_by("pk").values()),
        list(Connection.objects.order_by("pk").values()),
        # That something arrived for a request is noted for the log; whether it is used up is what counts.
        list(PendingLogin.objects.order_by("pk").values("pk", "browser_hash", "expires_at", "consumed_at")),
        list(connection.consumed_assertions.values_list("id_hash")),
        list(connection.certificates.values()),
        Session.objects.count(),
    ]


def set_the_stage(case: Case) -> Connection:
    """Acme and Globex with their people, and Acme's connection as the case describes it."""
    now = datetime.now(UTC)
    acme, globex = (
        Organization.objects.create(
            name=name, slug=name.lower(), plan="business", seat_limit=case.organization.seats
        )
        for name in ("Acme", "Globex")
    )
    for domain in case.organization.domains:
        EmailDomain.objects.create(organization=acme, name=domain, verified_at=now, last_checked_at=now)
    connection = _connect(acme, case)
    _people(case, connection, globex, now)
    if case.request is not None:
        _request(case, connection, globex, now)
    return connection


def _connect(organization: Organization, case: Case) -> Connection:
    said = case.connection
    path = urlsplit(said.acs_url).path
    connection = Connection.objects.create(
        organization=organization,
        public_id=path.split("/")[3],
        guide="onelogin",
        idp_entity_id=said.issuer,
        sso_url=said.sso_url,
        allow_idp_initiated=said.allow_tile,
        allow_sha1=said.allow_sha1,
        create_members=case.organization.create_members,
        enabled_at=datetime.now(UTC),
    )
    assert (connection.acs_url, connection.entity_id) == (said.acs_url, said.entity_id)
    for pinned in said.config().certificates:
        connection.certificates.create(
            pem=pinned.pem, sha256=pinned.sha256, not_before=pinned.not_before, not_after=pinned.not_after
        )
    for name in reversed(said.decryption_keys):
        connection.sp_keys.create(
            certificate_pem=keys.certificate_pem(name), sealed_private_key=seal(keys.private_pem(name))
        )
    return connection


def _people(case: Case, connection: Connection, globex: Organization, now: datetime) -> None:
    for member in case.organization.members:
        user = User.objects.create(
            email=member.email,
            organization=connection.organization if member.organization == "acme" else globex,
            role=member.role,
            is_active=member.active,
        )
        if member.linked:
            connection.identities.create(name_id=member.linked, user=user)
    for email in case.organization.invited:
        Invitation.objects.create(
            organization=connection.organization,
            email=email,
            role="supervisor",
            expires_at=now + timedelta(days=7),
        )


def _request(case: Case, connection: Connection, globex: Organization, now: datetime) -> None:
    assert case.request is not None
    state = case.request.state
    if state == "other_connection":
        connection = Connection.objects.create(organization=globex, enabled_at=now)
    asked = now - (LIFETIME if state == "expired" else timedelta(minutes=1))
    connection.pending_logins.create(
        request_id=case.request.id,
        browser_hash=hash_of(SECRET),
        created_at=asked,
        expires_at=asked + LIFETIME,
        consumed_at=now if state == "answered" else None,
    )
