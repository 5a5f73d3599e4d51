"""The e-mail to Owner and Admins when a cause is met for the first time on a day."""

from __future__ import annotations

import smtplib
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts import outbox
from accounts.models import Organization, OutgoingEmail, User
from sso.log.first_causes import UNSIGNED, cause_of, tell_admins
from sso.models import FirstCause, Flow
from sso.refusals import CATALOGUE, EmployeeClass, Refusal
from tests.cast import Arrivals, Write
from tests.log.pages import LOG
from tests.outbox import deliver

WRONG = {"audiences": ("https://wrong.example/",)}


class BrokenMail(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


BROKEN = f"{__name__}.BrokenMail"
pytestmark = pytest.mark.django_db(transaction=True)


def _events(arrivals: Arrivals) -> list[str]:
    return list(arrivals.connection.events.order_by("pk").values_list("reference", flat=True))


def test_the_first_refusal_of_a_cause_is_mailed_to_owner_and_admins_and_the_second_is_not(
    arrivals: Arrivals, owner: User, admin: User, agent: User, supervisor: User, settings: Any
) -> None:
    settings.PUBLIC_BASE_URL = "https://sso.justcall.example"
    User.objects.create_user(
        "gone@acme.example", organization=owner.organization, role="admin", is_active=False
    )
    for _time in range(2):
        assert arrivals.post(arrivals.of(agent.email, **WRONG)).status_code == 403
    (letter,) = deliver()
    first, _second = _events(arrivals)
    assert sorted(letter.to) == sorted([owner.email, admin.email])
    assert letter.subject == f"Sign-in refused: Invalid audience ({first})"
    body = str(letter.body)
    assert "stranger" not in body
    assert "Company: Acme." in body
    assert "OneLogin → Applications → Applications → JustCall → Configuration → Audience (EntityID)" in body
    assert f"https://sso.justcall.example{LOG}{first}/" in body


def test_it_carries_nothing_of_what_arrived(arrivals: Arrivals, admin: User, agent: User) -> None:
    arrivals.post(arrivals.of(agent.email, **WRONG))
    (letter,) = deliver()
    text = f"{letter.subject}{letter.body}"
    for secret in (agent.email, "Agnes", "wrong.example", arrivals.connection.public_id):
        assert secret not in text


def test_every_cause_has_its_own_mail_and_every_day_too(arrivals: Arrivals, admin: User, agent: User) -> None:
    arrivals.post(arrivals.of(agent.email, **WRONG))
    arrivals.post(arrivals.of(agent.email, issuer="https://other.example/"))
    assert len(deliver()) == 2
    yesterday = timezone.now() - timedelta(days=1)
    FirstCause.objects.update(day=yesterday.date())
    arrivals.post(arrivals.of(agent.email, **WRONG))
    assert len(deliver()) == 3


def test_another_company_is_told_by_itself(
    arrivals: Arrivals, admin: User, stranger: User, globex: Organization, write: Write
) -> None:
    arrivals.post(arrivals.of("agnes@acme.example", **WRONG))
    event = write(organization=globex, connection=None, refusal="wrong_audience")
    tell_admins(event, Refusal.WRONG_AUDIENCE, is_signed=True, is_asked_for=False)
    assert sorted(letter.to for letter in deliver()) == [[admin.email], [stranger.email]]


def test_a_sign_in_that_succeeds_and_a_test_are_no_news(
    arrivals: Arrivals, admin: User, agent: User, write: Write
) -> None:
    arrivals.post(arrivals.of(agent.email))
    tell_admins(write(flow=Flow.TEST), Refusal.WRONG_AUDIENCE, is_signed=True, is_asked_for=True)
    assert deliver() == []


def test_the_persons_own_timing_is_no_news(arrivals: Arrivals, admin: User, agent: User) -> None:
    response = arrivals.of(agent.email)
    arrivals.post(response)
    arrivals.post(response)
    assert arrivals.connection.events.latest("pk").refusal == Refusal.REPLAYED
    assert deliver() == []


def test_a_stranger_with_junk_can_send_one_mail_a_day_at_most(arrivals: Arrivals, admin: User) -> None:
    from tests.saml.messages import IdentityProvider

    forger = Arrivals(arrivals.connection, IdentityProvider())
    someone = "ceo@acme.example"
    for _time in range(3):
        arrivals.post("junk")
        arrivals.post(arrivals.idp.response(arrivals.message(name_id=someone), sign="none"))
        forger.post(forger.of(someone))
    assert len(set(arrivals.connection.events.values_list("refusal", flat=True))) >= 3
    (letter,) = deliver()
    assert "it may come from a stranger" in str(letter.body)


def test_an_answer_to_a_request_of_this_browser_is_told_by_its_cause(arrivals: Arrivals, admin: User) -> None:
    browser = Client()
    asked = arrivals.ask(browser)
    unsigned = arrivals.idp.response(arrivals.message(name_id="x", in_response_to=asked), sign="none")
    arrivals.post(unsigned)
    assert FirstCause.objects.get().cause == UNSIGNED
    arrivals.post(unsigned, browser)
    assert FirstCause.objects.latest("pk").cause == Refusal.NOT_SIGNED
    assert all("it may come from a stranger" in str(letter.body) for letter in deliver())


@pytest.mark.parametrize("refusal", list(CATALOGUE))
def test_what_is_told_of_each_cause(refusal: Refusal) -> None:
    entry = CATALOGUE[refusal]
    mendable = (
        entry.employee_class in {EmployeeClass.ADMIN, EmployeeClass.NOT_SET_UP} and not entry.is_warning
    )
    # That single sign-on is off, its admins know; a request that nobody answered is no refusal.
    told = mendable and refusal not in {Refusal.SSO_OFF, Refusal.NO_RESPONSE}
    # A wrong clock is theirs to mend, though the person may try again.
    told = told or refusal is Refusal.NOT_YET_VALID
    assert cause_of(refusal, is_signed=True, is_asked_for=False) == (refusal.value if told else "")
    assert cause_of(refusal, is_signed=False, is_asked_for=True) == (refusal.value if told else "")
    assert cause_of(refusal, is_signed=False, is_asked_for=False) in {"", UNSIGNED}


def test_a_mail_server_that_is_away_is_no_fault_and_the_housekeeping_sends_it_later(
    arrivals: Arrivals, admin: User, agent: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = BROKEN
    response = arrivals.post(arrivals.of(agent.email, **WRONG))
    assert response.status_code == 403
    assert "Reference" in response.content.decode()
    deliver()
    assert "an e-mail has not left yet" in caplog.text
    assert FirstCause.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = working
    OutgoingEmail.objects.update(due_at=timezone.now())
    call_command("housekeeping")
    call_command("housekeeping")
    (letter,) = mail.outbox
    assert letter.to == [admin.email]
    assert FirstCause.objects.get().mailed_at is not None


def test_what_could_not_be_sent_for_a_day_is_no_news(arrivals: Arrivals, admin: User, write: Write) -> None:
    tell_admins(
        write(24 * 60 + 1, refusal="wrong_audience"),
        Refusal.WRONG_AUDIENCE,
        is_signed=True,
        is_asked_for=False,
    )
    assert deliver() == []
    assert FirstCause.objects.get().mailed_at is None


def test_what_was_forgotten_before_its_email_left_is_no_news(
    arrivals: Arrivals, admin: User, write: Write
) -> None:
    outbox.put("first_cause", {"first_cause": 0}, timezone.now())
    assert deliver() == []


def test_thirty_two_at_once_send_one_mail(arrivals: Arrivals, admin: User, agent: User) -> None:
    together = threading.Barrier(32)
    answers: list[int] = []
    message = arrivals.of(agent.email, **WRONG)

    def arrive() -> None:
        try:
            together.wait()
            answers.append(arrivals.post(message).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=arrive) for _number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [403] * 32
    assert len(_events(arrivals)) == 32
    assert len(deliver()) == 1
    assert FirstCause.objects.count() == 1
