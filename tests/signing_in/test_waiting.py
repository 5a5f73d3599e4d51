"""Who waits for whom: an admin's change and sign-ins for each other, sign-ins of known people for nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from sso.connection.setup import turn_off
from sso.signing_in.statements import use_up
from tests.cast import Arrivals
from tests.processes import in_thread, until_somebody_waits


@pytest.mark.django_db(transaction=True)
class TestWaiting:
    def test_a_known_person_does_not_wait_for_somebody_who_takes_a_seat(
        self, arrivals: Arrivals, agent: User, acme: Organization
    ) -> None:
        if database.vendor == "sqlite":
            pytest.skip("SQLite has one writer")
        now = timezone.now()
        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            # As far as a first sign-in has come when it counts the seats.
            assert use_up(arrivals.connection, "first", now, now, of_now=True)
            Organization.objects.select_for_update(no_key=True).get(pk=acme.pk)
            answer = pool.submit(in_thread, arrivals.post, arrivals.of(agent.email))
            assert answer.result(10).status_code == 303

    def test_an_admin_waits_until_a_sign_in_is_done(
        self, arrivals: Arrivals, agent: User, owner: User
    ) -> None:
        now = timezone.now()
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                assert use_up(arrivals.connection, "first", now, now, of_now=True)
                off = pool.submit(in_thread, turn_off, arrivals.connection, owner)
                until_somebody_waits()
                assert not off.done()
            off.result(10)
        arrivals.connection.refresh_from_db()
        assert not arrivals.connection.is_enabled
