"""The corpus over HTTP: each message posted to the ACS URL of a real connection, and what it leaves behind."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings

from tests.saml.corpus.case import Case, all_cases
from tests.saml.corpus.delivery import deliver

CASES = all_cases()


@pytest.mark.django_db
@pytest.mark.parametrize("case", [case for case in CASES if case.is_good], ids=lambda case: case.path)
def test_an_honest_message_signs_in_its_person_and_nobody_else(case: Case) -> None:
    delivered = deliver(case)
    person = case.signs_in
    assert person is not None
    assert (delivered.status, delivered.refused, delivered.events) == (303, "", 1)
    assert delivered.user is not None
    user = delivered.user
    assert (user.email, user.role, user.organization.slug) == (person.email, person.role, "acme")
    assert (user.first_name, user.last_name) == (person.first_name, person.last_name)
    assert [link.name_id for link in user.sso_identities.all()] == [person.name_id]
    assert delivered.event is not None
    assert delivered.event.user == user


@pytest.mark.django_db
@pytest.mark.parametrize("case", [case for case in CASES if not case.is_good], ids=lambda case: case.path)
def test_a_hostile_message_leaves_one_event_and_nothing_else(case: Case) -> None:
    delivered = deliver(case)
    assert (delivered.status, delivered.refused) == (403, case.refused[0])
    assert delivered.is_clean_refusal


def test_the_messages_are_addressed_to_the_address_of_the_tests() -> None:
    assert all(case.connection.acs_url.startswith(django_settings.PUBLIC_BASE_URL) for case in CASES)
