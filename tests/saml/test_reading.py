"""How names and times are read."""

from __future__ import annotations

import pytest
from lxml import etree

from sso.saml.attributes import (
    meant_by,
    near_misses,
    person_name,
    read_as,
    read_attributes,
    read_email,
)
from sso.saml.instants import read_instant
from tests.saml.messages import SAML


def test_a_name_is_shown_on_one_line_without_tricks() -> None:
    assert person_name(["  Zo\u0308e\n\u202eevil\u202c  "]) == "Zöe evil"
    assert len(person_name(["x" * 500])) == 100
    assert person_name(["x" * 99 + " y"]) == "x" * 99
    assert person_name(["a\x7fb\u2028c\u2029d"]) == "a b c d"
    assert person_name(["Nora", "Eleanor"]) == "Nora"
    assert person_name([]) == ""


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (" nora ", "nora"),
        ("", ""),
        ("nora<x/>.evil", ""),
        ("<x>nora</x>", ""),
        (f'<s:NameID xmlns:s="{SAML}"> id </s:NameID>', "id"),
    ],
)
def test_a_value_is_read_whole_or_not_at_all(content: str, value: str) -> None:
    attribute = f'<s:Attribute Name="n"><s:AttributeValue>{content}</s:AttributeValue></s:Attribute>'
    statement = f"<s:AttributeStatement>{attribute}</s:AttributeStatement>"
    xml = f'<s:Assertion xmlns:s="{SAML}">{statement}</s:Assertion>'
    assert read_attributes(etree.fromstring(xml)) == {"n": [value]}


def test_a_near_miss_is_named() -> None:
    found = (
        "Email",
        "mail",
        "User.email",
        "id",
        "phone",
        "email",
        "givenName",
        "first_name",
        "sn",
        "FirstName",
    )
    assert near_misses(found, "email") == ["Email", "mail", "User.email"]
    assert near_misses(found, "firstName") == ["givenName", "first_name", "FirstName"]
    assert near_misses(found, "lastName") == ["sn"]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (
            "email",
            "mail EmailAddress email_addr User.Email user_email work-email primaryEmail userPrincipalName E-Mail",
        ),
        (
            "firstName",
            "FirstName givenname urn:x:givenName FName forename first User.FirstName userFirstName",
        ),
        ("lastName", "LastName surname familyName LName sn last User.LastName userLastName"),
    ],
)
def test_what_somebody_may_have_meant_by_a_name(wanted: str, names: str) -> None:
    assert {name: meant_by(name) for name in names.split()} == dict.fromkeys(names.split(), wanted)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("email", "email"),
        ("firstName", "firstName"),
        ("urn:oid:2.5.4.42", "firstName"),
        ("lastName", "lastName"),
        ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "lastName"),
        ("urn:oid:2.5.4.4", "lastName"),
        ("Email", ""),
    ],
)
def test_a_name_that_is_read_is_no_near_miss(name: str, wanted: str) -> None:
    assert read_as(name) == wanted
    assert not (wanted and meant_by(name))


@pytest.mark.parametrize(
    ("local", "domain", "is_one"),
    [
        ("n" * 64, "acme.example", True),
        ("n" * 65, "acme.example", False),
        ("n", ".".join(["d" * 61] * 4) + ".abcd", True),
        ("n", ".".join(["d" * 61] * 4) + ".abcde", False),
    ],
)
def test_an_address_has_254_characters_at_most_and_64_before_the_at(
    local: str, domain: str, is_one: bool
) -> None:
    address = f"{local}@{domain}"
    assert read_email(address) == (address if is_one else None)


def test_times_are_read_in_utc_only() -> None:
    assert read_instant("2026-11-23T10:00:00.123456789Z") == read_instant("2026-11-23T10:00:00Z")
    assert read_instant("2026-11-23T10:00:00") is None
    assert read_instant("1969-12-31T23:59:59Z") is None
    assert read_instant("2026-11-23T10:00:00+01:00") is None
