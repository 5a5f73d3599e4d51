"""How names and times are read."""

from __future__ import annotations

from sso.saml.attributes import near_misses, person_name
from sso.saml.instants import read_instant


def test_a_name_is_shown_on_one_line_without_tricks() -> None:
    assert person_name(["  Zo\u0308e\n\u202eevil\u202c  "]) == "Zöe evil"
    assert len(person_name(["x" * 500])) == 100
    assert person_name([]) == ""


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


def test_times_are_read_in_utc_only() -> None:
    assert read_instant("2026-11-23T10:00:00.123456789Z") == read_instant("2026-11-23T10:00:00Z")
    assert read_instant("2026-11-23T10:00:00") is None
    assert read_instant("2026-11-23T10:00:00+01:00") is None
