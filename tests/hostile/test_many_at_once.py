"""Copies at once, over two processes, and processes that die."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client

from accounts.models import User
from accounts.sessions import sign_out_everywhere
from sso.models import Connection, ConsumedAssertion
from sso.refusals import Refusal
from tests.cast import Arrivals
from tests.processes import App, apps, until_somebody_waits
from tests.recording import count_refusals

COPIES = 32
processes = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class TestManyAtOnce:
    """Two processes of the app, one database, and everything at the same moment."""

    pytestmark = processes

    def _post_all(
        self, two_apps: list[App], connection: Connection, messages: list[str], cookie: str = ""
    ) -> Counter[int]:
        with ThreadPoolExecutor(len(messages)) as pool:
            answers = pool.map(
                lambda app, message: app.post(connection, message, cookie).status, cycle(two_apps), messages
            )
            return Counter(answers)

    def test_of_32_copies_one_signs_in(self, arrivals: Arrivals, agent: User, two_apps: list[App]) -> None:
        copies = [arrivals.of(agent.email)] * COPIES
        assert self._post_all(two_apps, arrivals.connection, copies) == {303: 1, 403: COPIES - 1}
        assert count_refusals() == {"": 1, Refusal.REPLAYED: COPIES - 1}
        assert ConsumedAssertion.objects.count() == 1
        assert Session.objects.count() == 1

    def test_a_request_is_answered_once_by_32_different_assertions(
        self, arrivals: Arrivals, agent: User, two_apps: list[App]
    ) -> None:
        browser = Client()
        asked = arrivals.ask(browser)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
        answers = [arrivals.of(agent.email, in_response_to=asked) for _ in range(COPIES)]
        assert self._post_all(two_apps, arrivals.connection, answers, cookie) == {303: 1, 403: COPIES - 1}
        assert count_refusals() == {"": 1, Refusal.UNKNOWN_REQUEST: COPIES - 1}
        # The assertions of the refused answers are not used up: a refusal changes nothing.
        assert ConsumedAssertion.objects.count() == Session.objects.count() == 1

    def test_twenty_first_sign_ins_of_one_person_make_one_member(
        self, arrivals: Arrivals, agent: User, two_apps: list[App]
    ) -> None:
        first_times = [arrivals.of("nora@acme.example") for _ in range(20)]
        assert self._post_all(two_apps, arrivals.connection, first_times) == {303: 20}
        assert User.objects.filter(email="nora@acme.example").count() == 1
        assert arrivals.connection.identities.count() == 1

    def test_the_last_seat_is_taken_once(self, arrivals: Arrivals, agent: User, two_apps: list[App]) -> None:
        company = arrivals.connection.organization
        company.seat_limit = company.seats_taken() + 1
        company.save(update_fields=["seat_limit"])
        newcomers = [arrivals.of(f"new{number}@acme.example") for number in range(8)]
        assert self._post_all(two_apps, arrivals.connection, newcomers) == {303: 1, 403: 7}
        assert count_refusals() == {"": 1, Refusal.NO_SEAT: 7}
        assert company.seats_taken() == company.seat_limit

    def test_two_name_ids_for_one_member_at_once_make_one_link(
        self, arrivals: Arrivals, agent: User, two_apps: list[App]
    ) -> None:
        rows = (("email", (agent.email,)),)
        both = [
            arrivals.of(agent.email, name_id=name, name_id_format=None, attributes=rows)
            for name in ("id-1", "id-2") * 4
        ]
        statuses = self._post_all(two_apps, arrivals.connection, both)
        assert set(statuses) == {303, 403}
        assert arrivals.connection.identities.count() == 1

    def test_a_session_of_one_process_is_known_to_the_other_and_ends_in_both(
        self, arrivals: Arrivals, agent: User, two_apps: list[App]
    ) -> None:
        first, second = two_apps
        session = first.post(arrivals.connection, arrivals.of(agent.email)).session
        assert second.get("/", session).status == 200
        sign_out_everywhere(agent, actor=agent)
        assert [app.get("/", session).status for app in two_apps] == [302, 302]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestKilled:
    """A process that dies in mid sign-in loses nothing that was answered, and admits nobody twice."""

    def test_in_mid_sign_in_nothing_is_used_up_and_the_next_process_admits_once(
        self, arrivals: Arrivals, agent: User
    ) -> None:
        message = arrivals.of(agent.email)
        with apps(2) as (dying, other), ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Connection.objects.select_for_update().get()
                answer = pool.submit(dying.post, arrivals.connection, message)
                until_somebody_waits()
                dying.kill()
                assert isinstance(answer.exception(30), OSError)
            assert not ConsumedAssertion.objects.exists()
            assert not Session.objects.exists()
            statuses = [other.post(arrivals.connection, message).status for _ in range(2)]
        assert statuses == [303, 403]
        assert count_refusals() == {"": 1, Refusal.REPLAYED: 1}

    def test_under_load_every_assertion_admits_once_at_most(self, arrivals: Arrivals, agent: User) -> None:
        messages = [arrivals.of(agent.email) for _ in range(40)]

        def status(app: App, message: str) -> int:
            try:
                return app.post(arrivals.connection, message).status
            except OSError:
                return 0

        with apps(2) as (dying, other), ThreadPoolExecutor(12) as pool:
            before = [pool.submit(status, dying, message) for message in messages]
            before[8].result(60)
            dying.kill()
            first = [answer.result(60) for answer in before]
            second = [status(other, message) for message in messages]
        for at_first, afterwards in zip(first, second, strict=True):
            assert (at_first, afterwards) in {(303, 403), (0, 303), (0, 403)}
        assert 0 in first
        assert 303 in first
        assert set(count_refusals()) == {"", Refusal.REPLAYED}
        assert ConsumedAssertion.objects.count() == len(messages)
