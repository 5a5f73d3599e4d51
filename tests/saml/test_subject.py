"""Who an assertion names: the NameID by which somebody is known again, and what makes it unusable."""

from __future__ import annotations

import pytest

from sso.refusals import Refusal
from sso.saml.attributes import MAX_NAME_ID_LENGTH
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
