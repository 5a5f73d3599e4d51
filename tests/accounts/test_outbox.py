"""E-mails are written with what they speak of, leave beside the request, and none is lost."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import mail_server, outbox
from accounts.mail_thread import LAST_SECONDS
from accounts.models import OutgoingEmail, User
from accounts.outbox import CLAIMED_FOR, Letter, Occasion
from tests.accounts.mail_relay import Relay, SilentServer
from tests.outbox import deliver
from tests.processes import ROOT, database_url_of_the_tests, in_thread

_committed = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_kind_of_our_own(db: None) -> Iterator[None]:
    outbox.announce(
        "note",
        Occasion(
            lambda facts: Letter(
                "accounts/emails/sign_in_locked", {"failures": 5, "minutes": 30}, [facts["to"]]
            ),
            worth_sending=timedelta(days=1),
        ),
    )
    yield
    del outbox._OCCASIONS["note"]


def _put(to: str = "agnes@acme.example") -> OutgoingEmail:
    return outbox.put("note", {"to": to}, timezone.now())


@_committed
def test_it_leaves_by_itself_once_the_transaction_is_committed() -> None:
    with transaction.atomic():
        _put()
        assert outbox.THREAD.wait_until_idle(20)
        assert mail.outbox == []
    assert outbox.THREAD.wait_until_idle(20)
    assert [letter.to for letter in mail.outbox] == [["agnes@acme.example"]]
    assert not OutgoingEmail.objects.exists()


@_committed
def test_what_is_rolled_back_sends_nothing() -> None:
    with transaction.atomic():
        _put()
        transaction.set_rollback(True)
    assert deliver() == []


@_committed
def test_many_senders_at_once_send_each_one_once() -> None:
    everybody = sorted(f"agent{number}@acme.example" for number in range(20))
    for address in everybody:
        outbox.put("note", {"to": address}, timezone.now(), wakes=False)
    with ThreadPoolExecutor(8) as pool:
        rounds = [pool.submit(in_thread, outbox.send_due) for _ in range(8)]
        assert sum(each.result(60).sent for each in rounds) == 20
    assert sorted(letter.to[0] for letter in mail.outbox) == everybody


def test_what_somebody_claimed_and_died_over_is_sent_when_the_claim_is_over() -> None:
    _put()
    assert outbox._claim(timezone.now()) is not None
    assert deliver() == []
    with time_machine.travel(timezone.now() + CLAIMED_FOR, tick=False):
        assert len(deliver()) == 1


def test_pauses_grow_and_it_is_given_up_when_it_is_not_worth_sending_any_more(
    relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    relay.stop()
    _put()
    minutes = []
    while (email := OutgoingEmail.objects.get()).given_up_at is None:
        before = email.due_at
        with time_machine.travel(before, tick=False):
            outbox.send_due()
        email.refresh_from_db()
        minutes.append((email.due_at - before) // timedelta(minutes=1))
    assert minutes[:6] == [1, 4, 16, 64, 240, 240]
    assert "an e-mail is given up" in caplog.text
    assert (email.sealed_facts, email.is_refused) == ("", False)
    assert email.given_up_at is not None
    assert email.given_up_at - email.created_at > timedelta(days=1)
    assert outbox.send_due().again_at is None


def test_a_mail_server_that_is_away_is_tried_once_a_round_and_asked_again_in_a_minute(relay: Relay) -> None:
    relay.stop()
    _put()
    _put()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert outbox.send_due() == outbox.Round(0, now + timedelta(minutes=1))
    assert sorted(OutgoingEmail.objects.values_list("tries", flat=True)) == [0, 1]


def test_an_address_that_is_refused_keeps_no_mail_from_the_others_and_is_given_up(relay: Relay) -> None:
    relay.refuses = {"nobody@acme.example"}
    _put("nobody@acme.example")
    _put()
    deliver()
    assert relay.recipients == ["agnes@acme.example"]
    email = OutgoingEmail.objects.get()
    assert (email.is_refused, email.sealed_facts) == (True, "")


def test_an_address_that_is_refused_for_now_is_tried_again(relay: Relay) -> None:
    relay.refuses, relay.refusal = {"agnes@acme.example"}, "450 greylisted"
    email = _put()
    deliver()
    email.refresh_from_db()
    assert (email.given_up_at, email.last_error) == (None, "SMTPRecipientsRefused")
    relay.refuses = set()
    with time_machine.travel(email.due_at):
        deliver()
    assert relay.recipients == ["agnes@acme.example"]


def test_a_fault_of_ours_in_one_keeps_no_mail_from_the_others(caplog: pytest.LogCaptureFixture) -> None:
    outbox.put("of a release to come", {}, timezone.now())
    _put()
    assert len(deliver()) == 1
    assert "an e-mail could not be composed" in caplog.text
    assert OutgoingEmail.objects.get().last_error == "KeyError"


def test_facts_are_sealed_sealed_again_with_a_new_key_and_wait_for_a_key_that_is_missing(
    settings: Settings,
) -> None:
    (old,), new = settings.KEY_ENCRYPTION_KEYS, Fernet.generate_key().decode()
    email = _put()
    assert "agnes" not in email.sealed_facts
    settings.KEY_ENCRYPTION_KEYS = [new]
    assert deliver() == []
    settings.KEY_ENCRYPTION_KEYS = [new, old]
    call_command("reseal_keys", stdout=StringIO())
    settings.KEY_ENCRYPTION_KEYS = [new]
    OutgoingEmail.objects.update(due_at=timezone.now())
    assert len(deliver()) == 1


def test_the_log_names_the_request_that_wrote_it(
    admin: User, relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    from justcall_sso.log_format import TextLog

    relay.stop()
    client = Client()
    client.force_login(admin)
    response = client.post("/settings/team/", {"email": "nora@acme.example", "role": "agent"})
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(TextLog().format(record))  # type: ignore[method-assign]
    logging.getLogger("justcall.mail").addHandler(handler)
    deliver()
    logging.getLogger("justcall.mail").removeHandler(handler)
    assert [line.partition(" ")[2] for line in lines] == [
        f"WARNING justcall.mail: an e-mail has not left yet [{response['X-Request-ID']}]"
    ]


@_committed
def test_nobody_waits_for_a_mail_server_that_hangs(admin: User, hanging: SilentServer) -> None:
    client = Client()
    client.force_login(admin)
    began = time.monotonic()
    for number in range(5):
        form = {"email": f"nora{number}@acme.example", "role": "agent"}
        assert client.post("/settings/team/", form).status_code == 302
        assert Client().post("/password-reset/", {"email": admin.email}).status_code == 302
    assert hanging.called.wait(10)
    assert time.monotonic() - began < 5


def test_the_whole_exchange_with_a_mail_server_has_a_deadline(
    hanging: SilentServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_server, "DEADLINE", 0.5)
    _put()
    began = time.monotonic()
    outbox.send_due()
    assert 0.4 < time.monotonic() - began < 5
    email = OutgoingEmail.objects.get()
    assert (email.tries, email.given_up_at) == (1, None)
    assert email.last_error


def test_an_email_leaves_within_the_deadline_and_the_connection_is_closed(relay: Relay) -> None:
    _put()
    deliver()
    assert relay.recipients == ["agnes@acme.example"]
    deadlines = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for deadline in deadlines:
        deadline.join(5)
    assert not [deadline for deadline in deadlines if deadline.is_alive()]


_A_PROCESS = """
import sys, time
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from accounts import outbox
settings.EMAIL_BACKEND, settings.EMAIL_HOST = "accounts.mail_server.Backend", "127.0.0.1"
settings.EMAIL_PORT = int(sys.argv[1])
outbox.put("sign_in_locked", {"user": int(sys.argv[2])}, timezone.now())
print("written", flush=True)
sys.stdin.readline()
"""


@_committed
@pytest.mark.parametrize("way", ["ends", "is killed"])
def test_a_process_that_ends_while_the_mail_server_hangs_ends_soon_and_loses_nothing(
    agent: User, settings: Settings, way: str
) -> None:
    server = SilentServer()
    process = subprocess.Popen(
        [sys.executable, "-c", _A_PROCESS, str(server.port), str(agent.pk)],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database_url_of_the_tests(),
            "PATH": "/usr/bin:/bin",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert server.called.wait(30)
    began = time.monotonic()
    if way == "ends":
        process.stdin.write(b"end\n")
        process.stdin.close()
    else:
        process.kill()
    process.wait(30)
    assert time.monotonic() - began < LAST_SECONDS + 3
    server.stop()
    assert deliver() == []
    with time_machine.travel(timezone.now() + CLAIMED_FOR):
        assert [letter.to for letter in deliver()] == [[agent.email]]


def test_housekeeping_sends_what_waits_and_says_what_is_left(relay: Relay) -> None:
    relay.refuses = {"nobody@acme.example"}
    _put("nobody@acme.example")
    _put()
    outbox.put("of a release to come", {}, timezone.now())
    out = StringIO()
    call_command("housekeeping", stdout=out)
    said: dict[str, Any] = {
        line.strip().partition(" ")[2]: line.split()[0] for line in out.getvalue().splitlines()
    }
    assert (said["e-mails sent"], said["e-mails waiting"], said["e-mails given up"]) == ("1", "1", "1")
