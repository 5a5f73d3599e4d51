"""JustCall's values that a cure pastes stand beside it, ready to be copied."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from sso.connection.own_values import own_values
from sso.guides.derived import PASTED_THERE
from sso.models import Connection
from sso.refusals import Refusal
from tests.cast import Arrivals, SignedIn


def test_each_value_a_cure_names_is_there(connection: Connection) -> None:
    names = sorted({name for pasted in PASTED_THERE.values() for name in pasted})
    assert names == ["acs_url", "acs_url_validator", "certificate", "entity_id", "login_url"]
    key = connection.sp_keys.first()
    assert key is not None
    values = own_values(connection, names)
    assert [value.label for value in values] == [
        "ACS URL",
        "ACS URL Validator",
        "Certificate for encryption",
        "Entity ID",
        "Your company's sign-in address",
    ]
    texts = [value.text for value in values]
    assert texts[0] == connection.acs_url
    assert texts[1].startswith("^")
    assert texts[2:4] == [key.certificate_pem, connection.entity_id]
    assert texts[4].endswith("/login/sso/acme/")
    assert [value.is_long for value in values] == [False, False, True, False, False]


def test_a_value_that_nobody_asks_for_is_left_out(connection: Connection) -> None:
    connection.guide = "okta"
    connection.sp_keys.all().delete()
    assert own_values(connection, ["acs_url_validator", "login_url", "certificate"]) == []
    with pytest.raises(KeyError):
        own_values(connection, ["other"])


def test_a_page_offers_it_with_copy(arrivals: Arrivals, admin: User, signed_in: SignedIn) -> None:
    arrivals.post(arrivals.of("nora@acme.example", audiences=("https://other.example/",)))
    client: Client = signed_in(admin)
    event = arrivals.connection.events.get()
    assert event.refusal == Refusal.WRONG_AUDIENCE
    copied = f'data-copy-text="{arrivals.connection.entity_id}"'
    for path in (f"log/{event.reference}/", "sso/", f"sso/troubleshoot/?reference={event.reference}"):
        page = client.get(f"/settings/security/{path}").content.decode()
        assert copied in page
    assert client.get("/settings/security/sso/troubleshoot/").content.decode().count(copied) == 1
