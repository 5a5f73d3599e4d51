"""Whether somebody is a member cannot be told from outside: the same words, status and work."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.db import connection as database
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from pytest_django import Settings

from accounts import members
from accounts.models import Organization, User
from tests.cast import Arrivals
from tests.hashers import QuickArgon2
from tests.outbox import deliver
from tests.words import PASSWORD

WRONG = "wrong-horse-battery-staple"


@dataclass(frozen=True)
class Seen:
    """What an onlooker has of an answer: no more than this may be equal."""

    status: int
    words: str
    location: str
    cookies: tuple[str, ...]
    queries: int
    hashes: int


@pytest.fixture
def observe(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Seen]:
    hashes: list[str] = []

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def count(*arguments: Any, **named: Any) -> Any:
            hashes.append("one")
            return real(*arguments, **named)

        return count

    for name in ("encode", "verify"):
        monkeypatch.setattr(QuickArgon2, name, counted(getattr(QuickArgon2, name)))

    def watch(path: str, form: dict[str, str]) -> Seen:
        hashes.clear()
        client = Client()
        with CaptureQueriesContext(database) as queries:
            response = client.post(path, form)
        return Seen(
            response.status_code,
            _without_what_was_typed(response, form),
            response.get("Location", ""),
            tuple(sorted(response.cookies)),
            len(queries),
            len(hashes),
        )

    return watch


def _without_what_was_typed(response: HttpResponse | Any, form: dict[str, str]) -> str:
    text: str = response.content.decode()
    for value in form.values():
        text = text.replace(value, "…")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r"SSO-\w{8}", "SSO-…", text)


def test_a_password_that_fails_looks_the_same_for_everybody(
    owner: User, agent: User, supervisor: User, acme: Organization, observe: Callable[..., Seen]
) -> None:
    members.deactivate(agent, actor=owner)
    User.objects.filter(pk=supervisor.pk).update(locked_until=timezone.now() + timedelta(minutes=5))
    User.objects.create_user("sso-only@acme.example", organization=acme)
    tries = {
        "nobody": ("nobody@acme.example", WRONG),
        "nowhere": ("nobody@nowhere.example", WRONG),
        "wrong": (owner.email, WRONG),
        "deactivated": (agent.email, PASSWORD),
        "deactivated and wrong": (agent.email, WRONG),
        "locked": (supervisor.email, PASSWORD),
        "locked and wrong": (supervisor.email, WRONG),
        "without a password": ("sso-only@acme.example", WRONG),
    }
    # The first try of all makes the counter's row.
    observe("/login/", {"email": "first@acme.example", "password": WRONG})
    seen = {
        who: observe("/login/", {"email": email, "password": word}) for who, (email, word) in tries.items()
    }
    assert len(set(seen.values())) == 1, seen
    assert next(iter(seen.values())).hashes == 1


@pytest.mark.django_db(transaction=True)
def test_the_failure_that_locks_looks_like_the_others_and_its_mail_leaves_later(
    owner: User, observe: Callable[..., Seen]
) -> None:
    form = {"email": owner.email, "password": WRONG}
    observe("/login/", form)
    seen = [observe("/login/", form) for _ in range(5)]
    assert len(set(seen)) == 1
    deliver()
    assert [message.to for message in mail.outbox] == [[owner.email]]


@pytest.mark.django_db(transaction=True)
def test_a_reset_looks_the_same_for_everybody_and_only_active_members_get_mail(
    owner: User, agent: User, acme: Organization, observe: Callable[..., Seen]
) -> None:
    members.deactivate(agent, actor=owner)
    sso_only = User.objects.create_user("sso-only@acme.example", organization=acme)
    observe("/password-reset/", {"email": "first@acme.example"})
    emails = [
        owner.email,
        owner.email.upper(),
        agent.email,
        sso_only.email,
        "nobody@acme.example",
        "a@nowhere.example",
    ]
    seen = [observe("/password-reset/", {"email": email}) for email in emails]
    assert len(set(seen)) == 1
    deliver()
    assert sorted(message.to[0] for message in mail.outbox) == sorted([owner.email] * 2 + [sso_only.email])


def test_the_login_page_does_not_tell_who_exists(
    acme: Organization, initech: Organization, globex: Organization, observe: Callable[..., Seen], owner: User
) -> None:
    # Acme has no connection, Globex one that is off, Initech no plan for it.
    globex.connections.create()
    initech.connections.create(enabled_at=timezone.now())
    observe("/login/", {"email": "first@nowhere.example"})
    emails = [
        owner.email,
        "x@acme.example",
        "x@globex.example",
        "x@initech.example",
        "x@nowhere.example",
    ]
    seen = {email: observe("/login/", {"email": email}) for email in emails}
    assert len(set(seen.values())) == 1, seen
    assert next(iter(seen.values())).hashes == 0


def test_a_start_that_misses_looks_the_same_whatever_it_missed(
    acme: Organization, initech: Organization, globex: Organization, observe: Callable[..., Seen], owner: User
) -> None:
    # Acme has no connection, Globex one that is off, Initech no plan for it.
    globex.connections.create()
    initech.connections.create(enabled_at=timezone.now())
    observe("/login/sso/", {"email": "first@nowhere.example"})
    emails = [owner.email, "x@acme.example", "x@globex.example", "x@initech.example", "x@nowhere.example"]
    seen = {email: observe("/login/sso/", {"email": email}) for email in emails}
    assert len(set(seen.values())) == 1, seen


@pytest.mark.parametrize("path", ["/login/", "/login/sso/"])
def test_a_start_that_hits_does_not_tell_who_is_a_member(
    arrivals: Arrivals, agent: User, observe: Callable[..., Seen], path: str
) -> None:
    # The first start of all opens the window of the limit.
    tried = ("first@acme.example", agent.email, "nobody@acme.example")
    _first, *seen = [observe(path, {"email": email}) for email in tried]
    assert [(each.status, each.queries, len(each.cookies)) for each in seen] == [
        (200, seen[0].queries, 1)
    ] * 2


def test_the_direct_address_does_not_tell_which_companies_there_are(
    acme: Organization, globex: Organization
) -> None:
    globex.connections.create()
    pages = [Client().get(f"/login/sso/{slug}/") for slug in ("acme", "globex", "nowhere")]
    texts = {
        re.sub(r"SSO-\w{8}|\d\d:\d\d|\d{4}-\d\d-\d\dT[^\"]+", "", page.content.decode()) for page in pages
    }
    assert len(texts) == 1
    assert {page.status_code for page in pages} == {403}


def test_a_reset_link_does_not_tell_whose_it_is_and_lets_no_deactivated_member_back(
    owner: User, agent: User
) -> None:
    def link(user: User) -> str:
        return f"{urlsafe_base64_encode(force_bytes(user.pk))}/{default_token_generator.make_token(user)}"

    sent_before = link(agent)
    members.deactivate(agent, actor=owner)
    bad = [
        sent_before,
        f"{sent_before.split('/')[0]}/set-password",
        "MQ/x-y",
        "OTk5OTk5/x-y",
        "____/x",
        "%C3%A4/x-y",
    ]
    pages = {Client().get(f"/password-reset/{each}/").content.decode() for each in bad}
    assert len(pages) == 1
    assert Client().get(f"/password-reset/{link(owner)}/").status_code == 302


def test_a_reset_link_works_once_and_ends_sessions(owner: User) -> None:
    inside = Client()
    inside.force_login(owner)
    path = f"/password-reset/{urlsafe_base64_encode(force_bytes(owner.pk))}/{default_token_generator.make_token(owner)}/"
    client = Client()
    form_at = client.get(path)["Location"]
    # The token is out of the address before the page has anything to refer from.
    assert form_at.endswith("/set-password/")
    new = "another-horse-battery-staple"
    assert client.post(form_at, {"new_password1": new, "new_password2": new}).status_code == 302
    assert inside.get("/").status_code == 302
    assert Client().get(path).status_code == 200


class _Slow(PBKDF2PasswordHasher):
    """Slow enough for the clock of a busy machine."""

    iterations = 40_000


def test_the_clock_does_not_tell_either(acme: Organization, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}._Slow"]
    User.objects.create_user("known@acme.example", PASSWORD, organization=acme)

    def seconds(email: str) -> float:
        client = Client()
        started = time.perf_counter()
        client.post("/login/", {"email": email, "password": WRONG})
        return time.perf_counter() - started

    seconds("known@acme.example")
    known, unknown = zip(
        *((seconds("known@acme.example"), seconds("nobody@acme.example")) for _ in range(7)), strict=True
    )
    # Coarse, for it must not fail by chance: without the hash for nobody it is several times.
    assert 1 / 3 < median(known) / median(unknown) < 3
