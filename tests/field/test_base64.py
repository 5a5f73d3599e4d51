"""What arrives in place of base64: home-made forms and proxies. Each is named as what it is."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.cast import Newest
from tests.field.filling import Field, replaced
from tests.field.told import ADMIN_CAN_FIX_IT, admin_reads, person_reads

PLAIN = "attribute-with-structured-value"
# Letters whose base64 has + and / in it.
LETTERS = replaced(">Main 1<", ">ûïþ¿~~~???ûûû Straße<")


@pytest.mark.parametrize(
    ("written", "received", "cure"),
    [
        (
            lambda sent: base64.b64decode(sent).decode(),
            "the XML as it is, not in base64",
            "Encode the XML in base64 before it is put into the form's field SAMLResponse.",
        ),
        (
            lambda sent: quote(sent, safe=""),
            "base64 that is percent-encoded once too often, with %2",
            "Put the base64 into the form as it is: the browser percent-encodes it.",
        ),
        (
            lambda sent: sent.replace("+", " "),
            "base64 with a blank in place of each +",
            "Write each + as %2B where the form is sent by a program",
        ),
        (
            lambda sent: sent.replace("+", "-").replace("/", "_").rstrip("="),
            "base64url, with - and _ in place of + and /",
            "It must use the plain alphabet, with + and /.",
        ),
    ],
)
def test_it_is_named_with_its_own_cure(
    written: Callable[[str], str], received: str, cure: str, field: Field, last_event: Newest
) -> None:
    sent = field.case(PLAIN, edit=LETTERS)
    assert "+" in sent
    page = field.post(written(sent))
    assert ADMIN_CAN_FIX_IT in person_reads(page)
    told = admin_reads(last_event())
    assert told.row.title == "Not in base64"
    assert told.row.expected == "the XML in base64, once"
    assert told.row.received.startswith(received)
    assert cure in told.cure
