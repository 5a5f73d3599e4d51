"""People whose email or NameID changes: met with Rocket.Chat, Mattermost, FreeScout, Sentry and Sourcegraph."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from sso.models import LinkedIdentity
from tests.cast import Newest
from tests.field.filling import Edit, Field, replaced
from tests.field.told import ADMIN_CAN_FIX_IT, admin_reads, person_reads

CASE = "persistent-name-id-new-email"
PERSISTENT = '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">E1001</saml:NameID>'
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"


def _says(email: str, name_id: str = "E1001", name_format: str = "") -> Edit:
    def edit(template: str) -> str:
        written = (
            f'<saml:NameID Format="{name_format}">{name_id}</saml:NameID>' if name_format else PERSISTENT
        )
        return template.replace("pia.long@acme.example", email).replace(
            PERSISTENT, written.replace("E1001", name_id)
        )

    return edit


def _sign_in(field: Field, edit: Edit) -> None:
    assert field.post(field.case(CASE, edit=edit), Client()).status_code == 303


@pytest.mark.parametrize("name_format", ["", UNSPECIFIED])
def test_the_same_person_with_another_email_is_told_as_that(
    name_format: str, field: Field, last_event: Newest
) -> None:
    _sign_in(field, _says("pia@acme.example", name_format=name_format))
    sent = field.case(CASE, edit=_says("pia.long@acme.example", name_format=name_format))
    assert ADMIN_CAN_FIX_IT in person_reads(field.post(sent))
    told = admin_reads(last_event())
    assert told.row.title == "Same person, another email"
    assert told.row.sentence.startswith("The same person arrives with another email")
    assert told.row.expected == "NameID E1001, email pia@acme.example"
    assert told.row.received == "NameID E1001, email pia.long@acme.example"
    assert "Do not use Reset SSO link: the next sign-in would make a second member." in told.cure
    assert User.objects.count() == 1


def test_as_told_the_person_is_back_with_the_email_of_before(field: Field) -> None:
    _sign_in(field, _says("pia@acme.example"))
    assert field.post(field.case(CASE)).status_code == 403
    _sign_in(field, _says("pia@acme.example"))
    assert User.objects.get().email == "pia@acme.example"


def test_a_colleagues_name_id_is_told_as_a_mix_up(field: Field, agent: User, last_event: Newest) -> None:
    _sign_in(field, _says("pia@acme.example"))
    assert field.post(field.case(CASE, edit=_says(agent.email))).status_code == 403
    told = admin_reads(last_event())
    assert told.row.title == "NameID and email of two members"
    assert "Send NameID and email of one and the same person" in told.cure


@pytest.mark.parametrize(
    ("before", "after", "expected", "received"),
    [
        (
            _says("nora.new@acme.example", "nora.new@acme.example", EMAIL),
            _says("nora.new@acme.example", "E2002"),
            "nora.new@acme.example, an email address",
            "E2002, not an email address",
        ),
        (
            _says("nora.new@acme.example", "E2002"),
            _says("nora.new@acme.example", "nora.new@acme.example", EMAIL),
            "E2002, not an email address",
            "nora.new@acme.example, an email address",
        ),
        (
            _says("nora.new@acme.example", "nora.new@acme.example", UNSPECIFIED),
            _says("nora.new@acme.example", "4711", UNSPECIFIED),
            "nora.new@acme.example, an email address",
            "4711, not an email address",
        ),
    ],
)
def test_a_format_that_was_switched_is_named_as_the_cause(
    before: Edit, after: Edit, expected: str, received: str, field: Field, last_event: Newest
) -> None:
    _sign_in(field, before)
    assert field.post(field.case(CASE, edit=after)).status_code == 403
    told = admin_reads(last_event())
    assert told.row.title == "NameID in another format"
    assert (told.row.expected, told.row.received) == (expected, received)
    assert "Send the NameID in one format, from the tile as when JustCall asks" in told.cure
    # Back again, everything is as before; a link that was reset takes the new one.
    _sign_in(field, before)
    LinkedIdentity.objects.all().delete()
    _sign_in(field, after)
    assert User.objects.count() == 1


def test_another_name_id_of_the_same_kind_is_told_as_another_one(field: Field, last_event: Newest) -> None:
    _sign_in(field, _says("pia@acme.example"))
    assert field.post(field.case(CASE, edit=_says("pia@acme.example", "E1002"))).status_code == 403
    told = admin_reads(last_event())
    assert (told.row.title, told.row.expected, told.row.received) == (
        "Linked to another NameID",
        "E1001",
        "E1002",
    )
    assert "Reset SSO link" in told.cure


@pytest.mark.parametrize(
    ("email", "letters"),
    [
        ("jürgen@acme.example", "ü (Latin small letter u with diaeresis)"),
        ("nоra@acme.example", "о (Cyrillic small letter o)"),
        ("nora@bücher.acme.example", "ü (Latin small letter u with diaeresis)"),
    ],
)
def test_letters_outside_ascii_are_named(email: str, letters: str, field: Field, last_event: Newest) -> None:
    assert field.post(field.case(CASE, edit=_says(email))).status_code == 403
    event = last_event()
    told = admin_reads(event)
    assert event.refusal == "email_not_ascii"
    assert told.row.received == f"{email}, with {letters}"
    assert "in plain letters" in told.cure
    assert not User.objects.exists()


@pytest.mark.parametrize("name_format", [EMAIL, UNSPECIFIED])
def test_they_are_named_in_a_name_id_as_well(name_format: str, field: Field, last_event: Newest) -> None:
    def edit(template: str) -> str:
        said = _says("jürgen@acme.example", "jürgen@acme.example", name_format)(template)
        return replaced('Name="email"', 'Name="other"')(said)

    assert field.post(field.case(CASE, edit=edit)).status_code == 403
    assert last_event().refusal == "email_not_ascii"


def test_an_email_as_name_id_only_has_a_sentence_of_its_own(field: Field, last_event: Newest) -> None:
    def edit(template: str) -> str:
        said = _says("pia@acme.example", "pia@acme.example", EMAIL)(template)
        return replaced('Name="email"', 'Name="Email"')(said)

    _sign_in(field, edit)
    rows = {row["check"]: row for row in last_event().checks}
    assert (rows["email"]["outcome"], rows["email"]["refusal"]) == ("warning", "email_as_name_id")


AGNES = "agnes@acme.example"
BY_ADDRESS = _says(AGNES, AGNES, EMAIL)
BY_PERSISTENT = _says(AGNES, AGNES)
# Another person, whose opaque NameID looks like the address of Agnes.
SOMEBODY_ELSE = _says("pia@acme.example", AGNES)


def _signed_in_as(last_event: Newest) -> str:
    user = last_event().user
    assert user is not None
    return user.email


@pytest.mark.parametrize("first", ["the address", "the opaque one"])
def test_a_persistent_name_id_that_looks_like_an_address_keeps_its_own_place(
    first: str, field: Field, agent: User, last_event: Newest
) -> None:
    people = [(BY_ADDRESS, AGNES), (SOMEBODY_ELSE, "pia@acme.example")]
    for _round in range(2):
        for edit, email in people if first == "the address" else reversed(people):
            _sign_in(field, edit)
            assert _signed_in_as(last_event) == email
    assert sorted(LinkedIdentity.objects.values_list("name_id", "name_id_kind", "user__email")) == [
        (AGNES, "address", AGNES),
        (AGNES, "persistent", "pia@acme.example"),
    ]


def test_one_person_may_have_it_in_both_kinds(field: Field, agent: User, last_event: Newest) -> None:
    for edit in (BY_ADDRESS, BY_PERSISTENT, BY_PERSISTENT, BY_ADDRESS):
        _sign_in(field, edit)
        assert _signed_in_as(last_event) == AGNES
    assert LinkedIdentity.objects.get().name_id_kind == "both"
    # With another email it is still known to be hers, and makes no second member.
    assert field.post(field.case(CASE, edit=_says("agnes.long@acme.example", AGNES))).status_code == 403
    assert last_event().refusal == "email_changed"
    assert User.objects.count() == 1


def test_a_link_of_an_earlier_release_is_for_every_kind_until_it_is_used(
    field: Field, agent: User, last_event: Newest
) -> None:
    field.connection.identities.create(name_id=AGNES, user=agent)
    assert field.post(field.case(CASE, edit=SOMEBODY_ELSE)).status_code == 403
    assert last_event().refusal == "email_changed"
    _sign_in(field, BY_ADDRESS)
    assert LinkedIdentity.objects.get().name_id_kind == "address"
    _sign_in(field, SOMEBODY_ELSE)
    assert _signed_in_as(last_event) == "pia@acme.example"


def test_an_opaque_name_id_is_one_in_every_format(field: Field, last_event: Newest) -> None:
    _sign_in(field, _says("pia@acme.example"))
    _sign_in(field, _says("pia@acme.example", name_format=UNSPECIFIED))
    assert LinkedIdentity.objects.get().name_id_kind == ""


def test_a_persistent_address_never_signs_in_as_whose_address_it_is(
    field: Field, admin: User, agent: User, last_event: Newest
) -> None:
    _sign_in(field, BY_ADDRESS)
    _sign_in(field, _says(admin.email, AGNES))
    assert _signed_in_as(last_event) == admin.email
    _sign_in(field, BY_ADDRESS)
    assert _signed_in_as(last_event) == AGNES
