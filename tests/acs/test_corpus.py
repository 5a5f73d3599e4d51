"""The corpus over HTTP: each message posted to the ACS URL of a real connection, and what it leaves behind."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session

from sso.models import SignInEvent
from tests.saml.corpus.case import Case, all_cases
from tests.saml.corpus.delivery import TOLD_AT_THE_DOOR, deliver, set_the_stage
from tests.saml.corpus.locks import posted_field

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

CASES = all_cases()


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_a_message_signs_in_exactly_its_person_or_leaves_one_refusal_and_nothing_else(case: Case) -> None:
    delivered = deliver(case)
    assert delivered.is_right(case), delivered


SAMPLE = [case for case in CASES if not case.after and case.request is None][::40]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.path)
def test_a_sample_is_answered_the_same_by_a_listening_server(case: Case, live_server: LiveServer) -> None:
    with time_machine.travel(case.now, tick=False):
        connection = set_the_stage(case)
        server = HTTPConnection(urlsplit(live_server.url).netloc, timeout=10)
        server.request(
            "POST",
            urlsplit(connection.acs_url).path,
            urlencode({"SAMLResponse": posted_field(case)}),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        answer = server.getresponse()
        page = answer.read().decode()
        event = SignInEvent.objects.get()
    if case.signs_in:
        assert (answer.status, event.refusal, event.email) == (303, "", case.signs_in.email)
        assert f"{django_settings.SESSION_COOKIE_NAME}=" in (answer.getheader("Set-Cookie") or "")
    else:
        assert (answer.status, event.refusal) == (403, TOLD_AT_THE_DOOR.get(case.path, case.refused[0]))
        assert event.reference in page
        assert not Session.objects.exists()


def test_the_messages_are_addressed_to_the_address_of_the_tests() -> None:
    assert all(case.connection.acs_url.startswith(django_settings.PUBLIC_BASE_URL) for case in CASES)
