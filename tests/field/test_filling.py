"""A template of the field is a message like any other, once it is filled in and signed."""

from __future__ import annotations

import base64

from tests.cast import Newest
from tests.field.filling import Field, replaced

CASE = "persistent-name-id-new-email"


def test_a_template_that_is_filled_in_and_signed_signs_its_person_in(
    field: Field, last_event: Newest
) -> None:
    assert field.post(field.case(CASE)).status_code == 303
    assert last_event().email == "pia.long@acme.example"


def test_what_is_changed_after_signing_is_noticed(field: Field, last_event: Newest) -> None:
    signed = base64.b64decode(field.case(CASE)).replace(b"pia.long@", b"pia@")
    assert field.post(base64.b64encode(signed).decode()).status_code == 403
    assert last_event().refusal == "signature_invalid"


def test_an_edit_is_made_before_signing(field: Field, last_event: Newest) -> None:
    assert field.post(field.case(CASE, edit=replaced("pia.long@", "pia@"))).status_code == 303
    assert last_event().email == "pia@acme.example"
