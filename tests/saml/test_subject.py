"""Who an assertion names: the NameID by which somebody is known again, and what makes it unusable."""

from __future__ import annotations

import pytest

from sso.identity import NameIdKind
from sso.refusals import Refusal
from sso.saml.attributes import MAX_NAME_ID_LENGTH, letters_outside_ascii, read_email
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.messages import EMAIL_FORMAT, PERSISTENT, Message

UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
ROWS = (("email", ("nora@acme.example",)), ("firstName", ("Nora",)), ("lastName", ("New",)))


@pytest.mark.parametrize(
    ("format_", "sent", "kept"),
    [
        (EMAIL_FORMAT, "Nora@ACME.example", "nora@acme.example"),
        (UNSPECIFIED, "Nora@ACME.example", "nora@acme.example"),
        (UNSPECIFIED, "Nora.17", "Nora.17"),
        (None, "Nora.17", "Nora.17"),
        (PERSISTENT, "00U1aB", "00U1aB"),
        # Whatever it looks like: a persistent NameID is opaque (SAML core 8.3.7).
        (PERSISTENT, "Nora@ACME.example", "Nora@ACME.example"),
    ],
)
def test_somebody_is_known_again_whatever_the_case_of_an_address(
    format_: str | None, sent: str, kept: str
) -> None:
    found = examined(IDP.response(Message(name_id=sent, name_id_format=format_, attributes=ROWS)))
    assert refusals_of(found) == []
    assert found.acceptance is not None
    assert found.acceptance.identity.name_id == kept
    assert found.acceptance.identity.email == "nora@acme.example"


@pytest.mark.parametrize(
    ("sent", "refusals"),
    [
        ("n" * MAX_NAME_ID_LENGTH, []),
        ("n" * (MAX_NAME_ID_LENGTH + 1), [Refusal.NAME_ID_NOT_EMAIL]),
        ("no\u200bra", [Refusal.NAME_ID_NOT_EMAIL]),
        ("no\nra", [Refusal.NAME_ID_NOT_EMAIL]),
    ],
)
def test_a_name_id_is_printable_and_of_a_length_that_is_kept(sent: str, refusals: list[Refusal]) -> None:
    found = examined(IDP.response(Message(name_id=sent, name_id_format=PERSISTENT, attributes=ROWS)))
    assert refusals_of(found) == refusals


@pytest.mark.parametrize(
    ("format_", "sent", "kind"),
    [
        (EMAIL_FORMAT, "nora@acme.example", NameIdKind.ADDRESS),
        (None, "nora@acme.example", NameIdKind.ADDRESS),
        (PERSISTENT, "nora@acme.example", NameIdKind.PERSISTENT),
        (PERSISTENT, "00u1", NameIdKind.ANY),
        (None, "00u1", NameIdKind.ANY),
    ],
)
def test_a_name_id_that_looks_like_an_address_has_a_kind(
    format_: str | None, sent: str, kind: NameIdKind
) -> None:
    found = examined(IDP.response(Message(name_id=sent, name_id_format=format_, attributes=ROWS)))
    assert found.acceptance is not None
    assert found.acceptance.identity.name_id_kind is kind


def test_a_link_remembers_every_kind_it_has_been() -> None:
    address, persistent, any_, both = (
        NameIdKind.ADDRESS,
        NameIdKind.PERSISTENT,
        NameIdKind.ANY,
        NameIdKind.BOTH,
    )
    assert any_.and_also(address) is address.and_also(address) is address
    assert address.and_also(persistent) is persistent.and_also(address) is both.and_also(address) is both
    assert any_.and_also(any_) is any_


@pytest.mark.parametrize(
    ("address", "letters"),
    [
        ("nora@acme.example", []),
        ("nöra", []),
        ("nora\u200b@acme.example", []),
        ("nöröa@acme.example", ["ö (Latin small letter o with diaeresis)"]),
        ("éèàùçô@acme.example", 5),
        ("\ue000ü@acme.example", ["ü (Latin small letter u with diaeresis)"]),
        ("\u4e00@acme.example", ["\u4e00 (Cjk unified ideograph-4e00)"]),
    ],
)
def test_the_letters_of_an_address_that_are_not_ascii_are_named(
    address: str, letters: list[str] | int
) -> None:
    found = letters_outside_ascii(address)
    assert (len(found) if isinstance(letters, int) else found) == letters


@pytest.mark.parametrize(
    ("format_", "name_id", "rows", "refusals"),
    [
        (PERSISTENT, "jürgen@acme.example", ROWS, []),
        (UNSPECIFIED, "jürgen@acme.example", ROWS, []),
        (EMAIL_FORMAT, "jürgen@acme.example", ROWS, [Refusal.EMAIL_NOT_ASCII]),
        (EMAIL_FORMAT, "jürgen@acme.example", ROWS[1:], [Refusal.EMAIL_NOT_ASCII] * 2),
        (UNSPECIFIED, "jürgen@acme.example", ROWS[1:], [Refusal.EMAIL_NOT_ASCII]),
        (PERSISTENT, "jürgen@acme.example", ROWS[1:], [Refusal.EMAIL_MISSING]),
    ],
)
def test_letters_outside_ascii_matter_where_the_email_is_read(
    format_: str, name_id: str, rows: tuple[tuple[str, tuple[str, ...]], ...], refusals: list[Refusal]
) -> None:
    found = examined(IDP.response(Message(name_id=name_id, name_id_format=format_, attributes=rows)))
    assert refusals_of(found) == refusals


def test_a_letter_whose_lower_case_is_ascii_is_not_read_as_that() -> None:
    assert read_email("nora\u212a@acme.example") is None
