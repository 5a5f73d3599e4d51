"""White space around an audience or issuer, as pretty-printers leave it: met with Jellyfin's SSO plugin."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Newest
from tests.field.filling import FIELD_ISSUER, Field, replaced
from tests.field.told import admin_reads

CASE = "audience-with-line-breaks"
AUDIENCE = "<saml:Audience>\n  {ENTITY_ID}\n  </saml:Audience>"
ISSUER = f"{FIELD_ISSUER}</saml:Issuer>"


def _audience(text: str) -> tuple[str, str]:
    return AUDIENCE, f"<saml:Audience>{text}</saml:Audience>"


@pytest.mark.parametrize(
    ("there", "written"),
    [
        (AUDIENCE, AUDIENCE),
        _audience("{ENTITY_ID} "),
        _audience("\t{ENTITY_ID}&#13;\n"),
        _audience("{ENTITY_ID}</saml:Audience><saml:Audience>\nhttps://other-sp.acme.example/\n"),
        (ISSUER, f"\n    {FIELD_ISSUER}\n  </saml:Issuer>".replace("\n    ", "\n    ", 1)),
    ],
)
def test_it_is_no_part_of_the_value(there: str, written: str, field: Field, last_event: Newest) -> None:
    browser = Client()
    sent = field.case(CASE, field.ask(browser), replaced(there, written))
    assert field.post(sent, browser).status_code == 303
    assert last_event().email == "adam@acme.example"


@pytest.mark.parametrize(
    ("there", "written", "refusal"),
    [
        (*_audience("{ENTITY_ID}&#160;"), "wrong_audience"),
        (*_audience("\n{ENTITY_ID}\nx"), "wrong_audience"),
        (*_audience("\n  https://other-sp.acme.example/\n"), "wrong_audience"),
        (*_audience("{ENTITY_ID}\n{ENTITY_ID}"), "wrong_audience"),
        (ISSUER, f"{FIELD_ISSUER}&#8203;</saml:Issuer>", "wrong_issuer"),
        (ISSUER, f"\n{FIELD_ISSUER}/2\n</saml:Issuer>", "wrong_issuer"),
    ],
)
def test_within_it_and_other_blanks_are_a_difference(
    there: str, written: str, refusal: str, field: Field, last_event: Newest
) -> None:
    browser = Client()
    sent = field.case(CASE, field.ask(browser), replaced(there, written))
    assert field.post(sent, browser).status_code == 403
    assert last_event().refusal == refusal


def test_a_comment_in_it_is_refused_as_ever(field: Field, last_event: Newest) -> None:
    sent = field.case(CASE, edit=replaced("{ENTITY_ID}", "{ENTITY_ID}<!-- -->"))
    assert field.post(sent).status_code == 403
    assert last_event().refusal == "forbidden_xml"


def test_what_is_compared_is_shown_without_it(field: Field, last_event: Newest) -> None:
    sent = field.case(CASE, field.ask(Client()), replaced("{ENTITY_ID}", "https://other-sp.acme.example/"))
    field.post(sent)
    row = admin_reads(last_event()).row
    assert row.received == "https://other-sp.acme.example/"
    assert not any("blank" in sentence for sentence in row.differences)
