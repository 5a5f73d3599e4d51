"""An assertion is used once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from sso import forgetting
from sso.management.commands.housekeeping import stale
from sso.models import ConsumedAssertion
from sso.refusals import Refusal
from tests.cast import Arrivals, Newest


def test_a_replay_is_refused(arrivals: Arrivals, agent: User, last_event: Newest) -> None:
    saml_response = arrivals.of(agent.email)
    assert arrivals.post(saml_response).status_code == 303
    client = Client()
    response = arrivals.post(saml_response, client)
    assert response.status_code == 403
    assert last_event().refusal == Refusal.REPLAYED
    assert client.get("/").status_code == 302
    assert ConsumedAssertion.objects.count() == 1


@pytest.mark.parametrize(
    ("seconds", "refusal"), [(59, Refusal.REPLAYED), (60, Refusal.EXPIRED)], ids=["within", "over"]
)
def test_a_use_is_remembered_as_long_as_the_clock_skew_lets_a_copy_in(
    arrivals: Arrivals, agent: User, last_event: Newest, seconds: int, refusal: Refusal
) -> None:
    made = timezone.now().replace(microsecond=0)
    with time_machine.travel(made, tick=False):
        saml_response = arrivals.of(agent.email, now=made)
        assert arrivals.post(saml_response).status_code == 303
    with time_machine.travel(made + timedelta(minutes=3, seconds=seconds), tick=False):
        list(forgetting.forget(stale(timezone.now())))
        assert arrivals.post(saml_response).status_code == 403
    assert last_event().refusal == refusal
