"""Each guide holds the words of its console, and a cure for whatever may be refused; OneLogin's are the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest

from sso.guides import GUIDES, OTHER, Fix, Guide, UrlShapes, fix_for, guide_named
from sso.guides.derived import CURES_AT_SETTING, CURES_BESIDE, PASTED_THERE, SAVED_HERE
from sso.guides.other import PLACES as OTHER_PLACES
from sso.guides.usual import usual_cures
from sso.phrases import Phrase, Text
from sso.refusals import Refusal
from sso.saml.attributes import EMAIL_NAMES, FIRST_NAME_NAMES, LAST_NAME_NAMES

ONELOGIN = GUIDES["onelogin"]
TOPS = {
    "OneLogin": ("Applications → Applications →", "Users → Users →"),
    "Okta": ("Applications → Applications →", "Directory → People →"),
    "Microsoft Entra ID": ("Enterprise applications →", "Users →", "Protection →"),
    "Google Workspace": ("Apps → Web and mobile apps →", "Directory → Users →", "Security →"),
    "AD FS": ("AD FS →", "Windows PowerShell →", "Active Directory Users and Computers →"),
    "CyberArk": ("Apps & Widgets → Web Apps →", "Core Services →"),
    "Duo": ("Applications →", "Users →"),
    "JumpCloud": ("User Authentication → SSO Applications →", "User Management →"),
    "Keycloak": ("Clients →", "Realm settings →", "Users →"),
    "LastPass": ("Applications → SSO apps →", "Users → Users →"),
    "PingOne": ("Applications → Applications →", "Directory → Users →"),
    "Rippling": ("The JustCall app", "IT Management →", "The person's profile →"),
    # No consoles, but files.
    "Shibboleth": ("conf/", "credentials/", "metadata/", "logs/", "The directory that conf/"),
    "SimpleSAMLphp": ("metadata/", "config/", "Its metadata →", "The authentication source in config/"),
    "your identity provider": (
        "The app for JustCall",
        "Its metadata or setup instructions →",
        "The list of apps →",
        "The list of people →",
    ),
    "JustCall": ("Settings →",),
    "": ("",),
}
# What each is called, here or elsewhere.
NAMES = {
    "onelogin": ("OneLogin",),
    "okta": ("Okta",),
    "entra": ("Entra", "Azure", "Microsoft"),
    "google": ("Google",),
    "adfs": ("AD FS", "ADFS"),
    "cyberark": ("CyberArk", "Idaptive", "Centrify"),
    "duo": ("Duo", "Cisco"),
    "jumpcloud": ("JumpCloud",),
    "keycloak": ("Keycloak", "Red Hat"),
    "lastpass": ("LastPass",),
    "pingone": ("PingOne", "Ping", "PingFederate"),
    "rippling": ("Rippling",),
    "shibboleth": ("Shibboleth",),
    "simplesamlphp": ("SimpleSAMLphp",),
    "other": (),
}


def all_fixes(guide: Guide) -> list[Fix]:
    closer = [fix for fixes in guide.closer_fixes.values() for fix in fixes.values()]
    return [*guide.fixes.values(), *closer, *(error.fix for error in guide.shown_errors)]


def texts_in(value: object) -> Iterator[str]:
    """Every text of a guide that somebody reads."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from texts_in(inner)
    elif is_dataclass(value) and not isinstance(value, UrlShapes):
        for column in fields(value):
            if column.name not in ("name", "status_messages"):
                yield from texts_in(getattr(value, column.name))


@pytest.mark.parametrize("refusal", Refusal)
@pytest.mark.parametrize("name", GUIDES)
def test_every_refusal_has_a_cure(name: str, refusal: Refusal) -> None:
    fix = fix_for(name, refusal)
    assert fix.instruction.endswith(".")
    assert bool(fix.menu_path) <= bool(fix.system)


@pytest.mark.parametrize("guide", GUIDES.values(), ids=list(GUIDES))
def test_a_menu_path_begins_at_the_top_of_its_console(guide: Guide) -> None:
    for fix in all_fixes(guide):
        assert fix.system in ("", "JustCall", guide.title)
        for path in fix.menu_path.split("; "):
            # A second path may go on from where the first one ended.
            assert path.startswith(TOPS[fix.system]) or path != fix.menu_path.split("; ")[0]


@pytest.mark.parametrize("guide", GUIDES.values(), ids=list(GUIDES))
def test_a_guide_speaks_of_nobody_elses_console(guide: Guide) -> None:
    said = "\n".join(texts_in(guide))
    others = [name for owner, names in NAMES.items() if owner != guide.name for name in names]
    assert len(said) > 3000
    assert [name for name in others if re.search(rf"\b{name}\b", said)] == []


def test_the_guide_for_any_identity_provider_names_none() -> None:
    assert OTHER.label == "Another identity provider (SAML 2.0)"
    assert {fix.system for fix in all_fixes(OTHER)} == {OTHER.title, "JustCall", ""}


def test_the_usual_cures_know_all_their_places() -> None:
    cures = usual_cures(OTHER_PLACES, clock="Set the clock.", tile="Tick it.")
    assert cures.keys() | CURES_AT_SETTING.keys() | CURES_BESIDE.keys() == set(Refusal)
    assert all(fix.menu_path for fix in cures.values() if fix.system)


@pytest.mark.parametrize("guide", GUIDES.values(), ids=list(GUIDES))
def test_a_guide_is_stored_by_a_short_name_and_offered_once(guide: Guide) -> None:
    assert re.fullmatch("[a-z]{3,20}", guide.name)
    assert [other.label for other in GUIDES.values()].count(guide.label) == 1
    assert GUIDES[guide.name] is guide
    assert len(
        {error.name for error in guide.shown_errors} | {"not_assigned", "sso_url", "acs_url"}
    ) == 3 + len(guide.shown_errors)


@pytest.mark.parametrize("guide", GUIDES.values(), ids=list(GUIDES))
def test_the_attributes_of_a_guide_are_read(guide: Guide) -> None:
    email, first, last = (row.name for row in guide.parameters)
    assert (email in EMAIL_NAMES, first in FIRST_NAME_NAMES, last in LAST_NAME_NAMES) == (True, True, True)
    assert guide.parameters_path == guide.mapping.menu_path


def test_onelogin_maps_the_three_attributes_of_the_article() -> None:
    rows = [(row.name, row.value) for row in ONELOGIN.parameters]
    assert rows == [("email", "Email"), ("firstName", "First Name"), ("lastName", "Last Name")]


@pytest.mark.parametrize(
    ("refusal", "menu"),
    [
        (Refusal.WRONG_AUDIENCE, "Audience (EntityID)"),
        (Refusal.EMAIL_MISSING, "Parameters → email"),
        (Refusal.CERTIFICATE_REPLACED, "X.509 Certificate → View Details"),
        (Refusal.NO_RESPONSE, "Users (or Access)"),
    ],
)
def test_each_row_of_the_troubleshooting_table_leads_to_its_menu(refusal: Refusal, menu: str) -> None:
    fix = fix_for("onelogin", refusal)
    assert menu in (fix.copied_from or fix.menu_path)


@pytest.mark.parametrize("name", GUIDES)
def test_each_status_of_a_refusing_identity_provider_has_its_own_cure(name: str) -> None:
    statuses = ["NoAuthnContext", "RequestDenied", "AuthnFailed", "NoPassive", "InvalidNameIDPolicy"]
    told = {
        fix_for(name, Refusal.IDP_REFUSED, f"Responder / {status} / no").instruction for status in statuses
    }
    usual = fix_for(name, Refusal.IDP_REFUSED, "Responder").instruction
    assert len(told | {usual}) == len(statuses) + 1


@pytest.mark.parametrize(
    ("refusal", "received", "words"),
    [
        (Refusal.WRONG_AUDIENCE, "{audience}", "The field is empty."),
        (Refusal.WRONG_RECIPIENT, "{recipient}", "The field is empty."),
        (Refusal.WRONG_DESTINATION, "{recipient}", "The field is empty."),
        (Refusal.WRONG_DESTINATION, Phrase.EMPTY_DESTINATION(), "The field is empty."),
        (Refusal.WRONG_DESTINATION, Phrase.NO_DESTINATION(), "The field is empty."),
        (Refusal.WRONG_RECIPIENT, Phrase.NO_RECIPIENT(), "The field is empty."),
        (Refusal.WRONG_ISSUER, "https://app.onelogin.com/saml/metadata", "generic issuer"),
        (Refusal.WRONG_ISSUER, "https://app.onelogin.com/saml/metadata/", "generic issuer"),
    ],
)
def test_what_onelogin_sends_in_place_of_a_setting_is_known(
    refusal: Refusal, received: Text, words: str
) -> None:
    assert words in fix_for("onelogin", refusal, received).instruction
    assert words not in fix_for("onelogin", refusal, "https://other.example/").instruction


@pytest.mark.parametrize("name", ["unheard-of", ""])
def test_a_name_of_another_release_or_none_gets_the_words_of_nobodys_console(name: str) -> None:
    assert guide_named(name) is OTHER
    assert fix_for(name, Refusal.WRONG_AUDIENCE).system == "your identity provider"


@pytest.mark.parametrize("name", GUIDES)
def test_a_tab_that_was_open_too_long_at_keycloak_is_started_again(name: str) -> None:
    fix = fix_for(name, Refusal.IDP_REFUSED, "Responder / AuthnFailed / authentication_expired")
    assert (fix.system, fix.instruction.startswith("Start the sign-in again")) == ("", True)


@pytest.mark.parametrize(
    ("name", "refusal", "received", "words"),
    [
        ("keycloak", Refusal.EMAIL_MISSING, "urn:oid:1.2.840.113549.1.9.1, Role", "X500 email"),
        ("keycloak", Refusal.IDP_REFUSED, "Responder / RequestDenied", "Consent required"),
        ("adfs", Refusal.IDP_REFUSED, "Requester / InvalidNameIDPolicy", "outgoing name ID format Email"),
        (
            "adfs",
            Refusal.IDP_REFUSED,
            "Responder / MSIS5007: The caller authorization failed",
            "Permit everyone",
        ),
        (
            "adfs",
            Refusal.IDP_REFUSED,
            "Responder / MSIS7007: … is unspecified or unsupported",
            "an identifier",
        ),
        ("shibboleth", Refusal.IDP_REFUSED, "Requester / InvalidNameIDPolicy", "format emailAddress"),
        ("rippling", Refusal.UNKNOWN_REQUEST, "", "tick this setting"),
        ("cyberark", Refusal.WRONG_RECIPIENT, "", "Same As ACS URL"),
        ("pingone", Refusal.EXPIRED, "", "300 seconds"),
    ],
)
def test_what_is_peculiar_to_one_of_them_is_known(
    name: str, refusal: Refusal, received: str, words: str
) -> None:
    assert words in fix_for(name, refusal, received).instruction


@pytest.mark.parametrize(
    "issuer",
    [
        "https://app.onelogin.com/saml/metadata/500101",
        "https://acme.onelogin.com/saml/metadata",
        "x https://app.onelogin.com/saml/metadata",
    ],
)
def test_no_other_issuer_is_called_onelogins_generic_one(issuer: str) -> None:
    fix = fix_for("onelogin", Refusal.WRONG_ISSUER, issuer)
    assert "generic" not in fix.instruction
    assert fix.system == "JustCall"


@pytest.mark.parametrize("name", GUIDES)
@pytest.mark.parametrize("refusal", SAVED_HERE)
def test_what_is_saved_in_justcall_is_mended_in_justcall(name: str, refusal: Refusal) -> None:
    fix, there = fix_for(name, refusal), guide_named(name).fixes[refusal]
    assert (fix.system, fix.instruction) == ("JustCall", there.instruction)
    assert fix.menu_path.startswith("Settings → Security → Single Sign-On → ")
    assert fix.copied_from == f"{guide_named(name).title}: {there.menu_path}"


@pytest.mark.parametrize("name", GUIDES)
def test_an_sso_url_of_another_binding_is_mended_in_justcall(name: str) -> None:
    fix = fix_for(name, Refusal.IDP_REFUSED, "Responder / UnsupportedBinding")
    assert (fix.system, fix.menu_path) == ("JustCall", "Settings → Security → Single Sign-On → SSO URL")
    assert fix.copied_from.startswith(f"{guide_named(name).title}: ")


@pytest.mark.parametrize("name", GUIDES)
def test_a_cure_that_pastes_a_value_of_justcall_names_it(name: str) -> None:
    for refusal in Refusal:
        fix = fix_for(name, refusal)
        assert fix.pasted == PASTED_THERE.get(refusal, ())
        pastes = re.search("[Pp]aste (the|this) (ACS URL|Entity ID) from JustCall", fix.instruction)
        assert not pastes or pastes[2].lower().replace(" ", "_") in fix.pasted
    assert fix_for(name, Refusal.WRONG_AUDIENCE, "{audience}").pasted == ("entity_id",)
