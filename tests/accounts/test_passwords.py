"""Signing in with a password, being locked out, and choosing a new one."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from accounts.passwords import FAILURES_ALLOWED, LOCKED_FOR, sign_in_with_password
from accounts.throttle import network_of
from tests.hashers import QuickArgon2
from tests.outbox import deliver
from tests.processes import in_thread
from tests.words import PASSWORD

# The mail thread has a database connection of its own, and sees what is committed.
_committed = pytest.mark.django_db(transaction=True)


def _try(email: str, password: str = PASSWORD, **more: str) -> tuple[Client, int, str]:
    client = Client()
    response = client.post("/login/", {"email": email, "password": password, **more})
    return client, response.status_code, response.get("Location", response.content.decode())


def test_a_member_signs_in_and_goes_where_they_wanted(agent: User) -> None:
    client, status, location = _try(agent.email, next="/settings/")
    assert (status, location) == (302, "/settings/")
    assert client.get("/").status_code == 200


def test_the_case_of_the_email_does_not_matter_and_argon2_keeps_the_password(agent: User) -> None:
    assert _try(f"  {agent.email.upper()} ")[1] == 302
    assert agent.password.startswith("argon2")


@pytest.mark.parametrize("kind", ["unknown", "wrong", "deactivated", "without_password"])
def test_every_failure_looks_the_same(agent: User, kind: str) -> None:
    email, password = agent.email, PASSWORD
    if kind == "unknown":
        email = "nobody@acme.example"
    elif kind == "wrong":
        password = "wrong"
    elif kind == "deactivated":
        User.objects.filter(pk=agent.pk).update(is_active=False)
    else:
        agent.set_unusable_password()
        agent.save()
    client, status, page = _try(email, password)
    assert status == 422
    # Django puts what was typed back, and nothing else may differ.
    page = re.sub(r'value="[^"]*"', "", page)
    assert page == re.sub(r'value="[^"]*"', "", _try("other@acme.example", "x")[2])
    assert client.get("/").status_code == 302


def test_five_failures_lock_for_thirty_minutes_and_tell_the_person_once(agent: User) -> None:
    now = timezone.now()
    for _number in range(FAILURES_ALLOWED):
        assert sign_in_with_password(agent.email, "wrong", now) is None
    assert sign_in_with_password(agent.email, PASSWORD, now + timedelta(minutes=29)) is None
    assert [message.to for message in deliver()] == [[agent.email]]
    assert sign_in_with_password(agent.email, PASSWORD, now + LOCKED_FOR) == agent
    agent.refresh_from_db()
    assert (agent.failed_passwords, agent.locked_until) == (0, None)


@_committed
def test_the_right_password_among_many_tries_at_once_finds_the_lock_of_the_fifth_failure(
    agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashing, failed = threading.Event(), threading.Event()
    verify = QuickArgon2.verify

    def slow_for_the_right_one(hasher: QuickArgon2, password: str, encoded: str) -> bool:
        if password == PASSWORD:
            hashing.set()
            assert failed.wait(20)
        return verify(hasher, password, encoded)

    monkeypatch.setattr(QuickArgon2, "verify", slow_for_the_right_one)
    now = timezone.now()
    with ThreadPoolExecutor(16) as pool:
        right = pool.submit(in_thread, sign_in_with_password, agent.email, PASSWORD, now)
        assert hashing.wait(20)
        # It read the member before any failure was counted.
        wrong = [pool.submit(in_thread, sign_in_with_password, agent.email, "wrong", now) for _ in range(15)]
        assert [each.result(60) for each in wrong] == [None] * 15
        failed.set()
        assert right.result(60) is None
    agent.refresh_from_db()
    assert (agent.failed_passwords, agent.locked_until) == (0, now + LOCKED_FOR)
    assert [message.to for message in deliver()] == [[agent.email]]


def test_a_success_forgets_the_failures_before_it(agent: User) -> None:
    now = timezone.now()
    for _round in range(2):
        for _number in range(FAILURES_ALLOWED - 1):
            sign_in_with_password(agent.email, "wrong", now)
        assert sign_in_with_password(agent.email, PASSWORD, now) == agent


def test_one_address_that_guesses_is_slowed_down(agent: User) -> None:
    for number in range(50):
        _try(f"somebody{number}@acme.example", "guess")
    _client, status, page = _try(agent.email)
    assert status == 429
    assert "Too many tries" in page


def test_a_network_of_one_subscriber_counts_as_one_address(agent: User) -> None:
    statuses = []
    for number in range(51):
        client = Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
        form = {"email": f"somebody{number}@acme.example", "password": "guess"}
        statuses.append(client.post("/login/", form).status_code)
    assert statuses[-2:] == [422, 429]
    # Next door nobody has guessed.
    elsewhere = Client(REMOTE_ADDR="2001:db8:1:3::1")
    assert elsewhere.post("/login/", {"email": agent.email, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%" + "x" * 300, "fe80::/64"),
        ("", ""),
        ("x" * 300, "x" * 60),
    ],
)
def test_an_address_is_counted_by_what_one_subscriber_has(address: str, network: str) -> None:
    assert network_of(address) == network


def test_signing_out_ends_the_session_and_needs_a_post(agent: User) -> None:
    client = _try(agent.email)[0]
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert client.get("/").status_code == 302


def _reset_link(email: str) -> str:
    Client().post("/password-reset/", {"email": email})
    found = re.search(r"http://localhost:8000(/password-reset/\S+)", str(deliver()[-1].body))
    assert found
    return found[1]


@_committed
def test_a_reset_link_comes_by_email_and_sets_a_new_password(agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(locked_until=timezone.now() + LOCKED_FOR)
    client = Client()
    form = client.get(_reset_link(agent.email.upper()))["Location"]
    new = "another-long-password"
    response = client.post(form, {"new_password1": new, "new_password2": new})
    assert response.status_code == 302
    assert _try(agent.email, new)[1] == 302
    assert "not valid any more" in client.get(form, follow=True).content.decode()


@_committed
def test_a_reset_link_lives_for_a_day(agent: User) -> None:
    import time_machine

    link = _reset_link(agent.email)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert "not valid any more" in Client().get(link, follow=True).content.decode()


@_committed
def test_a_new_password_ends_the_sessions_elsewhere(agent: User) -> None:
    elsewhere = _try(agent.email)[0]
    client = Client()
    form = client.get(_reset_link(agent.email))["Location"]
    client.post(form, {"new_password1": "another-long-password", "new_password2": "another-long-password"})
    assert elsewhere.get("/").status_code == 302


@_committed
def test_a_reset_link_goes_to_the_address_of_an_international_domain(acme: Organization) -> None:
    nora = User.objects.create_user("nora@bücher.example", organization=acme)
    Client().post("/password-reset/", {"email": "Nora@Bücher.example"})
    assert [message.to for message in deliver()] == [[nora.email]] == [["nora@xn--bcher-kva.example"]]


@pytest.mark.parametrize("path", ["/login/", "/login/sso/", "/password-reset/"])
def test_an_address_whose_domain_cannot_be_one_is_said_at_its_field(db: None, path: str) -> None:
    page = Client().post(path, {"email": f"nora@{'ü' * 60}.example", "password": "x"})
    assert page.context["form"].errors["email"] == [
        "The part after the @ is not a domain name. Check its spelling."
    ]
    assert "The part after the @" in page.content.decode()


@_committed
@pytest.mark.parametrize("email", ["nobody@acme.example", "deactivated"])
def test_asking_for_a_link_tells_nothing(agent: User, email: str) -> None:
    if email == "deactivated":
        User.objects.filter(pk=agent.pk).update(is_active=False)
        email = agent.email
    response = Client().post("/password-reset/", {"email": email})
    assert (response.status_code, response["Location"]) == (302, "/password-reset/sent/")
    assert not deliver()


@pytest.mark.django_db
def test_a_password_of_other_parameters_is_hashed_anew_at_the_next_sign_in(
    settings: Any, agent: User
) -> None:
    """As production hashes: Argon2id with 19 MiB, two passes and one lane."""
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    User.objects.filter(pk=agent.pk).update(password=Argon2PasswordHasher().encode(PASSWORD, "s" * 22))
    assert sign_in_with_password(agent.email, PASSWORD, timezone.now()) == agent
    agent.refresh_from_db()
    assert agent.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
