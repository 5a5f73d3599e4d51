"""Each guide holds the words of its console, and a cure for whatever may be refused; OneLogin's are the article's."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from sso.guides import GUIDES, Fix, Guide, fix_for, guide_named
from sso.guides.recognition import guide_of
from sso.refusals import Refusal
from sso.saml.attributes import EMAIL_NAMES, FIRST_NAME_NAMES, LAST_NAME_NAMES

ONELOGIN = GUIDES["onelogin"]
TENANT = "2f6a1c8e-0b57-4c0e-9f0a-6f2f5b0c9d11"
TOPS = {
    "OneLogin": ("Applications → Applications →", "Users → Users →"),
    "Okta": ("Applications → Applications →", "Directory → People →"),
    "Microsoft Entra ID": ("Enterprise applications →", "Users →", "Protection →"),
    "Google Workspace": ("Apps → Web and mobile apps →", "Directory → Users →", "Security →"),
    "JustCall": ("Settings →",),
    "": ("",),
}


def all_fixes(guide: Guide) -> list[Fix]:
    closer = [fix for fixes in guide.closer_fixes.values() for fix in fixes.values()]
    return [*guide.fixes.values(), *closer]


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
    others = {other.title for other in GUIDES.values()} - {guide.title}
    words = " ".join(
        [fix.instruction + fix.menu_path for fix in all_fixes(guide)]
        + [*guide.steps, guide.people_how, guide.unassigned, guide.mapping.instruction, guide.recognised]
    )
    assert [other for other in others if other in words] == []


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
    assert menu in fix_for("onelogin", refusal).menu_path


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
        (Refusal.WRONG_ISSUER, "https://app.onelogin.com/saml/metadata/7", "generic issuer"),
    ],
)
def test_what_onelogin_sends_in_place_of_a_setting_is_known(
    refusal: Refusal, received: str, words: str
) -> None:
    assert words in fix_for("onelogin", refusal, received).instruction
    assert words not in fix_for("onelogin", refusal, "https://other.example/").instruction


def test_a_name_of_another_release_gets_words_all_the_same() -> None:
    assert guide_named("unheard-of") is ONELOGIN


ADDRESSES = [
    ("onelogin", "sso", "https://acme.onelogin.com/trust/saml2/http-post/sso/1234567"),
    (
        "onelogin",
        "sso",
        "https://acme.onelogin.com/trust/saml2/http-redirect/sso/9f1f57b2-7a54-4b24-9b0c-1f4f4c6dbe31",
    ),
    ("onelogin", "slo", "https://acme.onelogin.com/trust/saml2/http-redirect/slo/1234567"),
    ("onelogin", "issuer", "https://app.onelogin.com/saml/metadata/9f1f57b2-7a54-4b24-9b0c-1f4f4c6dbe31"),
    ("okta", "sso", "https://acme.okta.com/app/acme_justcall_1/exk1fcia6d6EMsf331d8/sso/saml"),
    ("okta", "sso", "https://acme.oktapreview.com/app/justcall/exk1fcia6d6EMsf331d8/sso/saml"),
    ("okta", "slo", "https://acme.okta.com/app/acme_justcall_1/exk1fcia6d6EMsf331d8/slo/saml"),
    ("okta", "issuer", "http://www.okta.com/exk1fcia6d6EMsf331d8"),
    ("okta", "metadata", "https://acme.okta.com/app/exk1fcia6d6EMsf331d8/sso/saml/metadata"),
    ("entra", "sso", f"https://login.microsoftonline.com/{TENANT}/saml2"),
    ("entra", "issuer", f"https://sts.windows.net/{TENANT}/"),
    (
        "entra",
        "metadata",
        f"https://login.microsoftonline.com/{TENANT}/federationmetadata/2007-06/federationmetadata.xml",
    ),
    ("google", "sso", "https://accounts.google.com/o/saml2/idp?idpid=C01abc234"),
    ("google", "issuer", "https://accounts.google.com/o/saml2?idpid=C01abc234"),
]


@pytest.mark.parametrize(("name", "shape", "address"), ADDRESSES)
def test_a_guide_knows_the_shapes_of_its_addresses(name: str, shape: str, address: str) -> None:
    shapes = GUIDES[name].url_shapes
    path = urlsplit(address).path
    known = [
        kind
        for kind in ("sso", "slo", "issuer", "metadata")
        if re.fullmatch(getattr(shapes, kind), path) is not None
    ]
    assert known == [shape]


@pytest.mark.parametrize(("name", "shape", "address"), ADDRESSES)
def test_an_address_is_recognised_as_its_identity_providers(name: str, shape: str, address: str) -> None:
    assert guide_of(["", address], GUIDES.values()) is GUIDES[name]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://sso.acme.example/app/justcall/exk1fcia6d6EMsf331d8/sso/saml", "okta"),
        ("http://127.0.0.1:8001/trust/saml2/http-post/sso/1", "onelogin"),
        ("https://okta.com.evil.example/sso", None),
        ("https://evilokta.com/sso", None),
        ("https://idp.example/exk1", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_a_domain_of_the_companys_own_is_recognised_by_the_path(address: str, name: str | None) -> None:
    found = guide_of([address], GUIDES.values())
    assert (found.name if found else None) == name
