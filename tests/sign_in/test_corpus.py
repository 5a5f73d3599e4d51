"""The corpus over HTTP: each message posted to the ACS URL of a real connection, and what it leaves behind."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings

from tests.saml.corpus.case import Case, all_cases
from tests.saml.corpus.delivery import deliver

CASES = all_cases()


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_a_message_signs_in_exactly_its_person_or_leaves_one_refusal_and_nothing_else(case: Case) -> None:
    delivered = deliver(case)
    assert delivered.is_right(case), delivered


def test_the_messages_are_addressed_to_the_address_of_the_tests() -> None:
    assert all(case.connection.acs_url.startswith(django_settings.PUBLIC_BASE_URL) for case in CASES)
