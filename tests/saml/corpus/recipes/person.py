"""Honest messages about who somebody is: names in any script, values in any number and type, members and roles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.saml.corpus.case import Member, Organization, Person
from tests.saml.corpus.dialects import type_of_values
from tests.saml.corpus.recipe import NORA, Recipe, good, swap
from tests.saml.messages import PERSISTENT, PLAIN_NAMES

_EMAIL = ("email", ("nora@acme.example",))
_MORE = "</saml:AttributeStatement>"


def _named(path: str, why: str, first: str, last: str, *, shown: tuple[str, str] | None = None) -> Recipe:
    attributes = (_EMAIL, ("firstName", (first,)), ("lastName", (last,)))
    shown_first, shown_last = shown or (first, last)
    return good(
        path,
        why,
        says={"attributes": attributes},
        person=replace(NORA, first_name=shown_first, last_name=shown_last),
    )


def _with(path: str, why: str, *rows: tuple[str, tuple[str, ...]], **how: Any) -> Recipe:
    return good(path, why, **({"says": {"attributes": (*PLAIN_NAMES, *rows)}} | how))


def _member(path: str, why: str, person: Person, *members: Member, **how: Any) -> Recipe:
    return good(path, why, organization=Organization(members=members), person=person, **how)


RECIPES = (
    _named("names/umlauts", "Letters with marks.", "Zoë", "Müller-Straßmann"),
    _named("names/cyrillic", "Names in Cyrillic; only addresses are ASCII.", "Нора", "Новикова"),
    _named("names/chinese", "Names in Chinese.", "诺拉", "王"),
    _named("names/arabic", "Names from right to left.", "نورا", "الجديدة"),
    _named("names/emoji", "Outside the basic plane.", "Nora 🎧", "New"),
    _named(
        "names/decomposed",
        "A letter and its mark as two characters become one.",
        "Zoe\u0308",
        "New",
        shown=("Zoë", "New"),
    ),
    _named(
        "names/apostrophe_and_markup",
        "Characters that mean something in HTML.",
        "D&apos;Arcy",
        "&lt;b&gt;New&lt;/b&gt;",
        shown=("D'Arcy", "<b>New</b>"),
    ),
    _named("names/overlong", "Names are cut at 100 characters.", "N" * 300, "New", shown=("N" * 100, "New")),
    _named(
        "names/line_break_and_direction_marks",
        "A name is shown on one line, without marks that turn it round.",
        "No\u202era",
        "N\new",
        shown=("No ra", "N ew"),
    ),
    good(
        "names/missing",
        "Without names somebody is in, with a warning.",
        says={"attributes": (_EMAIL,)},
        person=replace(NORA, first_name="", last_name="", warnings=("names_missing",)),
    ),
    good(
        "names/empty_first_name",
        "An empty first name.",
        says={"attributes": (_EMAIL, ("firstName", ("",)), ("lastName", ("New",)))},
        person=replace(NORA, first_name="", warnings=("names_missing",)),
    ),
    _with(
        "attributes/several_values",
        "An attribute with several values.",
        ("memberOf", ("Sales", "Support", "All")),
    ),
    _with("attributes/empty_values", "Empty values, and none.", ("department", ("",)), ("title", ())),
    _with("attributes/repeated_name", "The same name twice.", ("Role", ("a",)), ("Role", ("b",))),
    _with(
        "attributes/nil_value",
        "A value that says it is nil.",
        edit=swap(
            _MORE, '<saml:Attribute Name="x"><saml:AttributeValue xsi:nil="true"/></saml:Attribute>' + _MORE
        ),
    ),
    _with(
        "attributes/typed_values",
        "Values of other types.",
        edit=swap(
            _MORE,
            '<saml:Attribute Name="n"><saml:AttributeValue xsi:type="xs:integer">7</saml:AttributeValue>'
            '</saml:Attribute><saml:Attribute Name="b"><saml:AttributeValue xsi:type="xs:boolean">true'
            "</saml:AttributeValue></saml:Attribute>" + _MORE,
        ),
    ),
    _with("attributes/any_type", "Values of xs:anyType.", edit=type_of_values("anyType")),
    _with("attributes/untyped", "Values without a type.", says={"typed": False}),
    _with(
        "attributes/two_statements",
        "Two AttributeStatements.",
        edit=swap(
            _MORE,
            _MORE
            + '<saml:AttributeStatement><saml:Attribute Name="x"><saml:AttributeValue>1</saml:AttributeValue>'
            "</saml:Attribute></saml:AttributeStatement>",
        ),
    ),
    good(
        "attributes/empty_statement",
        "AWS IAM Identity Center with nothing mapped but the Subject: a statement without attributes.",
        says={"attributes": ()},
        edit=swap("</saml:AuthnStatement>", "</saml:AuthnStatement><saml:AttributeStatement/>"),
        person=replace(NORA, first_name="", last_name="", warnings=("email_as_name_id", "names_missing")),
    ),
    _with(
        "attributes/many",
        "Five hundred groups.",
        ("groups", tuple(f"cn=team-{n},dc=acme" for n in range(500))),
    ),
    good("email/upper_case", "Upper case is the same person.", says={"name_id": "Nora@ACME.example"}),
    good(
        "email/same_address_under_two_names",
        "email and the claim name the same address.",
        says={"attributes": (*PLAIN_NAMES, ("urn:oid:0.9.2342.19200300.100.1.3", ("NORA@acme.example",)))},
    ),
    good(
        "email/same_address_twice",
        "The address twice in one attribute.",
        says={"attributes": (("email", ("nora@acme.example", "Nora@Acme.example")), *PLAIN_NAMES[1:])},
    ),
    good(
        "email/plus_and_apostrophe",
        "All that a local part may hold.",
        says={
            "name_id": "nora.o'new+sso@acme.example",
            "attributes": (("email", ("nora.o'new+sso@acme.example",)), *PLAIN_NAMES[1:]),
        },
        person=replace(NORA, email="nora.o'new+sso@acme.example", name_id="nora.o'new+sso@acme.example"),
    ),
    good(
        "email/differs_from_a_persistent_name_id",
        "A persistent NameID that looks like another address.",
        says={"name_id": "AbC@directory.example", "name_id_format": PERSISTENT},
        person=replace(NORA, name_id="AbC@directory.example"),
    ),
    good("name_id/no_format", "A NameID without Format.", says={"name_id_format": None}),
    _member("members/known", "A member signs in.", NORA, Member("nora@acme.example")),
    _member(
        "members/linked",
        "A member who has been here before.",
        NORA,
        Member("nora@acme.example", linked="nora@acme.example"),
    ),
    _member(
        "members/case_variant_is_one_person",
        "Upper case does not make a second member.",
        NORA,
        Member("nora@acme.example", linked="nora@acme.example"),
        says={"name_id": "NORA@acme.example"},
    ),
    _member(
        "members/role_attribute_is_not_mapped",
        "A role in an attribute raises nobody.",
        NORA,
        Member("nora@acme.example"),
        says={"attributes": (*PLAIN_NAMES, ("role", ("owner",)), ("Role", ("admin",)))},
    ),
    _member(
        "members/owner_stays_owner",
        "An attribute cannot demote the Owner.",
        replace(NORA, role="owner"),
        Member("nora@acme.example", role="owner"),
        says={"attributes": (*PLAIN_NAMES, ("role", ("agent",)))},
    ),
    good(
        "members/new_with_a_role_attribute",
        "Somebody new gets the default role, whatever the message says.",
        says={"attributes": (*PLAIN_NAMES, ("role", ("owner",)))},
    ),
    good(
        "members/invited",
        "Somebody invited takes the invitation up.",
        organization=Organization(invited=("nora@acme.example",), create_members=False),
        person=replace(NORA, role="supervisor"),
    ),
)
