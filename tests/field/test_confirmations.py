"""Several bearer confirmations: met with passport-saml, WSO2, Sustainsys and SimpleSAMLphp. One that holds is enough."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Newest
from tests.field.filling import Field, replaced
from tests.field.told import START_AGAIN, admin_reads, person_reads

CASE = "two-bearer-confirmations"
THEIRS = 'NotOnOrAfter="{NOW+300s}" Recipient="https://other-sp.acme.example/acs" InResponseTo="{REQUEST_ID}"'
OURS = 'NotOnOrAfter="{NOW+300s}" Recipient="{ACS}" InResponseTo="{REQUEST_ID}"'

# The first of the two: none of them holds, and the second does.
HONEST = {
    "for another service": THEIRS,
    "over for long": OURS.replace("+300s", "-4000s"),
    "over, for another service": THEIRS.replace("+300s", "-4000s"),
    "answers another service's request": THEIRS.replace("{REQUEST_ID}", "_theirs"),
    "without end and address": 'Recipient="{ACS}" Address="192.0.2.7"',
    "without anything": "",
}


@pytest.mark.parametrize("first", HONEST)
def test_one_confirmation_that_holds_is_enough(first: str, field: Field, last_event: Newest) -> None:
    browser = Client()
    sent = field.case(CASE, field.ask(browser), replaced(THEIRS, HONEST[first]))
    assert field.post(sent, browser).status_code == 303
    assert last_event().email == "adam@acme.example"


@pytest.mark.parametrize("method", ["holder-of-key", "sender-vouches"])
def test_what_is_right_in_another_kind_of_confirmation_counts_for_nothing(
    method: str, field: Field, last_event: Newest
) -> None:
    browser = Client()
    ours = f'cm:bearer"><saml:SubjectConfirmationData {OURS}'
    sent = field.case(CASE, field.ask(browser), replaced(ours, ours.replace("cm:bearer", f"cm:{method}")))
    assert field.post(sent, browser).status_code == 403
    event = last_event()
    assert event.refusal == "wrong_recipient"
    assert admin_reads(event).row.received == "https://other-sp.acme.example/acs"


def test_what_is_right_in_two_of_them_is_not_put_together(field: Field, last_event: Newest) -> None:
    browser = Client()
    sent = field.case(CASE, field.ask(browser), replaced(OURS, OURS.replace("+300s", "-4000s")))
    page = field.post(sent, browser)
    assert START_AGAIN in person_reads(page)
    # What is said is of the one that is nearest: it is for us, and over.
    told = admin_reads(last_event())
    assert told.row.title == "Response expired"
    assert "4000 seconds late" in told.row.received or "4001 seconds late" in told.row.received


def test_it_is_used_up_for_as_long_as_any_of_them_lasts(field: Field, last_event: Newest) -> None:
    first = OURS.replace("+300s", "+3000s").replace("NotOnOrAfter", 'NotBefore="{NOW+2000s}" NotOnOrAfter')
    browser = Client()
    sent = field.case(CASE, field.ask(browser), replaced(THEIRS, first))
    assert field.post(sent, browser).status_code == 303
    used = field.connection.consumed_assertions.get()
    assert (used.expires_at - used.consumed_at).total_seconds() > 3000
