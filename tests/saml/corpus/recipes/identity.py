"""Validly signed and for us, and still nobody: NameIDs and addresses that name no one person."""

from __future__ import annotations

from typing import Any

from sso.refusals import Refusal
from tests.saml.corpus.kinds import EMAIL, NAME_ID
from tests.saml.corpus.recipe import Recipe, bad, swap, varied
from tests.saml.messages import CLAIMS, EMAIL_FORMAT, PERSISTENT, PLAIN_NAMES, TRANSIENT
from tests.saml.moves import MALLORY

_NAMES = PLAIN_NAMES[1:]
_NORA = "nora@acme.example"


def _name_id(
    refusal: Refusal, variant: str, why: str, value: str | None, kind: str | None = EMAIL_FORMAT, **how: Any
) -> Recipe:
    return bad(refusal, variant, NAME_ID, why, **({"says": {"name_id": value, "name_id_format": kind}} | how))


def _emails(refusal: Refusal, variant: str, why: str, *values: str, **how: Any) -> Recipe:
    """These values of the email attribute, under a persistent NameID."""
    says = {"name_id": "n1", "name_id_format": PERSISTENT, "attributes": (("email", values), *_NAMES)}
    return bad(refusal, variant, EMAIL, why, **({"says": says} | how))


RECIPES = (
    bad(Refusal.NAME_ID_MISSING, "none", NAME_ID, "A Subject without NameID.", says={"name_id": None}),
    bad(Refusal.NAME_ID_MISSING, "empty", NAME_ID, "An empty NameID.", says={"name_id": ""}),
    bad(Refusal.NAME_ID_MISSING, "blanks", NAME_ID, "A NameID of blanks.", says={"name_id": " \n "}),
    bad(
        Refusal.NAME_ID_MISSING,
        "none_and_no_email",
        NAME_ID,
        "Nobody is named at all.",
        says={"name_id": None, "attributes": ()},
        also=(Refusal.EMAIL_MISSING,),
    ),
    *varied(
        _name_id(
            Refusal.NAME_ID_TRANSIENT, "transient", "A NameID that is new at every sign-in.", _NORA, TRANSIENT
        ),
        ("assertion", "both"),
    ),
    _name_id(
        Refusal.NAME_ID_TRANSIENT,
        "transient_opaque",
        "A transient NameID as Shibboleth makes it.",
        "_a1b2c3",
        TRANSIENT,
    ),
    _name_id(Refusal.NAME_ID_NOT_EMAIL, "user_name", "A user name declared as an email address.", "nora"),
    _name_id(
        Refusal.NAME_ID_NOT_EMAIL,
        "domain_user",
        "A Windows account declared as an email address.",
        "ACME\\nora",
    ),
    _name_id(Refusal.NAME_ID_NOT_EMAIL, "blank_inside", "A blank inside.", "no ra@acme.example"),
    _name_id(
        Refusal.EMAIL_NOT_ASCII,
        "look_alike_as_name_id",
        "A Cyrillic letter that looks Latin.",
        "nоra@acme.example",
    ),
    _name_id(Refusal.NAME_ID_NOT_EMAIL, "zero_width", "A character nobody sees.", "no\u200bra@acme.example"),
    _name_id(Refusal.NAME_ID_NOT_EMAIL, "two_addresses", "Two addresses in one.", f"{_NORA},{MALLORY}"),
    _name_id(Refusal.NAME_ID_NOT_EMAIL, "two_at_signs", "Two at signs.", "nora@acme.example@evil.example"),
    _name_id(
        Refusal.NAME_ID_NOT_EMAIL,
        "overlong_persistent",
        "A persistent NameID of 600 characters.",
        "n" * 600,
        PERSISTENT,
    ),
    _name_id(
        Refusal.NAME_ID_NOT_EMAIL,
        "control_character_persistent",
        "A line break inside a persistent NameID.",
        "n\t1",
        PERSISTENT,
    ),
    _name_id(
        Refusal.NAME_ID_NOT_EMAIL,
        "direction_mark_persistent",
        "A mark that turns the text round.",
        "n\u202e1",
        PERSISTENT,
    ),
    _emails(Refusal.EMAIL_AMBIGUOUS, "two_values", "Two people in one attribute.", _NORA, MALLORY),
    _emails(
        Refusal.EMAIL_AMBIGUOUS, "two_values_other_order", "The same in the other order.", MALLORY, _NORA
    ),
    _emails(
        Refusal.EMAIL_AMBIGUOUS, "good_and_unusable", "An address and something that is none.", _NORA, "nora"
    ),
    bad(
        Refusal.EMAIL_AMBIGUOUS,
        "two_attributes",
        EMAIL,
        "The attribute twice, with two people.",
        says={"attributes": (("email", (_NORA,)), ("email", (MALLORY,)), *_NAMES)},
    ),
    bad(
        Refusal.EMAIL_AMBIGUOUS,
        "attribute_and_claim",
        EMAIL,
        "email and the claim name two people.",
        says={"attributes": ((f"{CLAIMS}emailaddress", (MALLORY,)), *PLAIN_NAMES)},
    ),
    bad(
        Refusal.EMAIL_AMBIGUOUS,
        "in_two_statements",
        EMAIL,
        "Two statements, two people.",
        edit=swap(
            "</saml:AttributeStatement>",
            '</saml:AttributeStatement><saml:AttributeStatement><saml:Attribute Name="email">'
            f"<saml:AttributeValue>{MALLORY}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>",
        ),
    ),
    _emails(
        Refusal.EMAIL_NOT_ASCII, "look_alike", "A Cyrillic letter that looks Latin.", "nоra@acme.example"
    ),
    _emails(
        Refusal.EMAIL_NOT_ASCII,
        "full_width",
        "A full-width letter that folds into ours.",
        "ｎora@acme.example",
    ),
    _emails(
        Refusal.EMAIL_NOT_ASCII,
        "kelvin_sign",
        "A letter whose lower case is ASCII.",
        "nora\u212a@acme.example",
    ),
    _emails(
        Refusal.EMAIL_NOT_ASCII, "look_alike_domain", "A domain that looks like ours.", "nora@аcme.example"
    ),
    _emails(Refusal.EMAIL_UNUSABLE, "blank_inside", "A blank inside.", "no ra@acme.example"),
    _emails(
        Refusal.EMAIL_UNUSABLE,
        "line_break_inside",
        "A header could be injected.",
        "nora@acme.example\nBcc: x@evil.example",
    ),
    _emails(
        Refusal.EMAIL_UNUSABLE, "no_break_space_around", "A blank that is none.", "\u00a0nora@acme.example"
    ),
    _emails(Refusal.EMAIL_UNUSABLE, "zero_width", "A character nobody sees.", "no\u200dra@acme.example"),
    _emails(
        Refusal.EMAIL_UNUSABLE,
        "direction_mark",
        "A mark that turns the text round.",
        "nora\u202e@acme.example",
    ),
    _emails(Refusal.EMAIL_UNUSABLE, "quoted", "A quoted local part.", '"nora"@acme.example'),
    _emails(
        Refusal.EMAIL_UNUSABLE, "display_name", "A display name around it.", "Nora &lt;nora@acme.example&gt;"
    ),
    _emails(
        Refusal.EMAIL_UNUSABLE, "source_route", "A route to another host.", "nora%evil.example@acme.example@x"
    ),
    _emails(
        Refusal.EMAIL_UNUSABLE, "dot_at_the_end", "A domain with a dot at its end.", "nora@acme.example."
    ),
    _emails(Refusal.EMAIL_UNUSABLE, "no_domain", "A domain of one label.", "nora@acme"),
    _emails(
        Refusal.EMAIL_UNUSABLE,
        "overlong",
        "More than 254 characters.",
        "n" * 60 + "@" + "a" * 60 + ".b" * 100 + ".acme.example",
    ),
    _emails(
        Refusal.EMAIL_UNUSABLE,
        "overlong_local_part",
        "More than 64 characters before the @.",
        "n" * 65 + "@acme.example",
    ),
    _emails(Refusal.EMAIL_UNUSABLE, "markup", "Markup.", "&lt;script&gt;@acme.example"),
    *varied(
        bad(
            Refusal.NAME_ID_EMAIL_DISAGREE,
            "two_people",
            EMAIL,
            "NameID and email name two people.",
            says={"attributes": (("email", (MALLORY,)), *_NAMES)},
        ),
        ("assertion", "response"),
    ),
    bad(
        Refusal.NAME_ID_EMAIL_DISAGREE,
        "two_people_unspecified",
        EMAIL,
        "The same with an unspecified NameID that is an address.",
        says={"attributes": (("email", (MALLORY,)), *_NAMES), "name_id_format": None},
    ),
    bad(
        Refusal.NAME_ID_EMAIL_DISAGREE,
        "two_domains",
        EMAIL,
        "The same local part in two domains.",
        says={"name_id": "nora@evil.example"},
    ),
    bad(
        Refusal.EMAIL_MISSING,
        "under_another_name",
        EMAIL,
        "The address under a name that only resembles ours.",
        says={
            "name_id": "00u1",
            "name_id_format": PERSISTENT,
            "attributes": (("Email", (_NORA,)), ("mail", (_NORA,))),
        },
    ),
    bad(
        Refusal.EMAIL_MISSING,
        "no_attributes",
        EMAIL,
        "A persistent NameID and nothing else.",
        says={"name_id": "00u1", "name_id_format": PERSISTENT, "attributes": ()},
    ),
    bad(
        Refusal.EMAIL_MISSING,
        "address_as_persistent_name_id",
        EMAIL,
        "A persistent NameID is opaque, even if it looks like an address.",
        says={"name_id_format": PERSISTENT, "attributes": _NAMES},
    ),
    bad(
        Refusal.EMAIL_MISSING,
        "user_name_unspecified",
        EMAIL,
        "An unspecified NameID that is no address.",
        says={"name_id": "nora", "name_id_format": None, "attributes": _NAMES},
    ),
    _emails(Refusal.EMAIL_MISSING, "empty", "An empty value.", ""),
)
