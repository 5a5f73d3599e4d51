"""Attribute values with structure: met with Spring Security SAML, gosaml2 and passport-saml. Nobody reads them."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Newest
from tests.field.filling import Field, replaced
from tests.field.told import ADMIN_CAN_FIX_IT, admin_reads, person_reads

CASE = "attribute-with-structured-value"
ADDRESS = '<a:Address xmlns:a="urn:acme:hr"><a:Street>Main 1</a:Street></a:Address>'
EMAIL = ">adam@acme.example</saml:AttributeValue>"


@pytest.mark.parametrize(
    "value",
    [
        ADDRESS,
        f"work: {ADDRESS} since May",
        '<addresses xmlns=""><address id="1"/><address id="1"/></addresses>',
        '<vc:vcard xmlns:vc="urn:ietf:params:xml:ns:vcard-4.0"><vc:n xml:lang="de">A &amp; B</vc:n></vc:vcard>',
        '<saml1:NameIdentifier xmlns:saml1="urn:oasis:names:tc:SAML:1.0:assertion">adam</saml1:NameIdentifier>',
        '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">x7</saml:NameID>',
    ],
)
def test_a_value_that_nobody_reads_may_have_any(value: str, field: Field, last_event: Newest) -> None:
    browser = Client()
    sent = field.case(CASE, field.ask(browser), replaced(ADDRESS, value))
    assert field.post(sent, browser).status_code == 303
    event = last_event()
    assert event.email == "adam@acme.example"
    assert event.attributes["urn:example:address"] == ["x7" if "NameID" in value else ""]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("<saml:Assertion/>", "Assertion"),
        ('<x xmlns=""><saml:Attribute Name="email"/></x>', "Attribute"),
        ('<x xmlns=""><d:Object xmlns:d="http://www.w3.org/2000/09/xmldsig#"/></x>', "Object"),
        ('<x xmlns=""><e:EncryptedKey xmlns:e="http://www.w3.org/2001/04/xmlenc#"/></x>', "EncryptedKey"),
    ],
)
def test_nothing_that_is_read_may_hide_in_one(
    value: str, found: str, field: Field, last_event: Newest
) -> None:
    assert field.post(field.case(CASE, edit=replaced(ADDRESS, value))).status_code == 403
    assert admin_reads(last_event()).row.received == f"{found} in AttributeValue"


@pytest.mark.parametrize(
    ("there", "written", "name"),
    [
        (EMAIL, f">adam@acme.example{ADDRESS}</saml:AttributeValue>", "email"),
        (EMAIL, f">{ADDRESS}</saml:AttributeValue>", "email"),
        (">Adam</saml:AttributeValue>", f">{ADDRESS}</saml:AttributeValue>", "firstName"),
        ('Name="urn:example:address"', 'Name="urn:oid:2.5.4.4"', "urn:oid:2.5.4.4"),
    ],
)
def test_one_of_ours_is_asked_for_as_text(
    there: str, written: str, name: str, field: Field, last_event: Newest
) -> None:
    page = field.post(field.case(CASE, edit=replaced(there, written)))
    assert ADMIN_CAN_FIX_IT in person_reads(page)
    told = admin_reads(last_event())
    assert told.row.title == "Attribute with a structured value"
    assert told.row.expected == f"{name} as plain text"
    assert told.row.received == f"the attribute {name} has a structured value, with Address in it"
    assert told.cure.startswith(
        "Applications → Applications → JustCall → Parameters → Let this attribute have plain"
    )
