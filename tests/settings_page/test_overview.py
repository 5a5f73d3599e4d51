"""What the top of the page says of a live connection: does it work, and for how many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from sso.models import Connection
from sso.refusals import Refusal
from tests.cast import Arrivals
from tests.in_browser import LookAt
from tests.recording import refuse

PATH = "/settings/security/sso/"


def test_a_draft_has_none(configured: Connection, admin: User, signed_in: Callable[[User], Client]) -> None:
    assert 'id="overview"' not in signed_in(admin).get(PATH).content.decode()


def test_people_who_are_kept_out_are_said_first(
    live: Connection, arrivals: Arrivals, agent: User, admin: User, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(admin).get(PATH).content.decode()
    assert "People are kept out" not in page
    arrivals.post(arrivals.of(agent.email, audiences=("https://wrong.example/",)))
    page = signed_in(admin).get(PATH).content.decode()
    assert "People are kept out" in page
    assert "1 × Invalid audience" in page
    arrivals.post(arrivals.of(agent.email))
    page = signed_in(admin).get(PATH).content.decode()
    assert "People are kept out" not in page
    assert "1 of 2 have signed in with single sign-on" in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_reads_well(live: Connection, admin: User, look_at: LookAt) -> None:
    now = timezone.now()
    for number in range(40):
        for _each in range(number % 7 + 1):
            refuse(live, None, now - timedelta(days=number))
        if number % 5 == 0:
            refuse(live, Refusal.NO_SEAT, now - timedelta(days=number))
    look_at(admin, PATH)
