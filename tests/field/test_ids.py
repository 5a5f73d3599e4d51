"""IDs that begin with a digit: met with samlify, CAS, pysaml2, mocksaml and Spring Security SAML."""

from __future__ import annotations

import re
import secrets

import pytest
from django.test import Client

from tests.cast import Newest
from tests.field.filling import Edit, Field
from tests.field.told import ADMIN_CAN_FIX_IT, admin_reads, person_reads

CASE = "id-begins-with-a-digit"


def _with_ids(first: str) -> Edit:
    """IDs that begin with a text, and have something else behind it."""

    def edit(template: str) -> str:
        for old in re.findall(r'\bID="([^"]*)"', template):
            template = template.replace(old, first + secrets.token_hex(4))
        return template

    return edit


@pytest.mark.parametrize("first", ["8", "034ce262-5ed4-49f6-ac0c-b6b54984", "0.", "-", "1_"])
@pytest.mark.parametrize("from_tile", [True, False])
def test_they_sign_in(first: str, from_tile: bool, field: Field, last_event: Newest) -> None:
    browser = Client()
    asked = "" if from_tile else field.ask(browser)

    def edit(template: str) -> str:
        text = _with_ids(first)(template)
        return text.replace(' InResponseTo="{REQUEST_ID}"', "") if from_tile else text

    assert field.post(field.case(CASE, asked, edit), browser).status_code == 303
    assert last_event().email == "adam@acme.example"


def test_the_case_as_it_is_signs_in_once(field: Field, last_event: Newest) -> None:
    browser = Client()
    sent = field.case(CASE, field.ask(browser))
    assert field.post(sent, browser).status_code == 303
    assert field.post(sent, Client()).status_code == 403


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("urn:uuid:8f3c", "the ID urn:…, which contains “:”"),
        ("{8f3c}", "the ID {8f3…, which contains “{”"),
        ("8f/3c", "the ID 8f/3…, which contains “/”"),
    ],
)
def test_other_characters_are_named(first: str, said: str, field: Field, last_event: Newest) -> None:
    page = field.post(field.case(CASE, edit=_with_ids(first)))
    assert ADMIN_CAN_FIX_IT in person_reads(page)
    told = admin_reads(last_event())
    assert told.row.received == said
    assert told.cure.startswith("An ID has letters, digits, “.”, “-” and “_” alone (SAML core 1.3.4).")
    assert "some sign-ins may fail and others not" in told.cure
