"""The OneLogin guide holds the help article's words, and a cure for whatever may be refused."""

from __future__ import annotations

import re

import pytest

from sso.guides import GUIDES, fix_for, guide_named
from sso.refusals import Refusal

ONELOGIN = GUIDES["onelogin"]


@pytest.mark.parametrize("refusal", Refusal)
@pytest.mark.parametrize("name", GUIDES)
def test_every_refusal_has_a_cure(name: str, refusal: Refusal) -> None:
    fix = fix_for(name, refusal)
    assert fix.instruction.endswith(".")
    assert bool(fix.menu_path) <= bool(fix.system)


@pytest.mark.parametrize("refusal", Refusal)
def test_a_menu_path_begins_at_the_top_of_its_console(refusal: Refusal) -> None:
    fix = fix_for("onelogin", refusal)
    tops = {
        "OneLogin": ("Applications → Applications →", "Users → Users →"),
        "JustCall": ("Settings →",),
        "": ("",),
    }
    assert fix.menu_path.startswith(tops[fix.system])


def test_it_maps_the_three_attributes_of_the_article() -> None:
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


def test_a_name_of_another_release_gets_words_all_the_same() -> None:
    assert guide_named("unheard-of") is ONELOGIN


@pytest.mark.parametrize(
    ("shape", "path"),
    [
        ("sso", "/trust/saml2/http-post/sso/1234567"),
        ("sso", "/trust/saml2/http-redirect/sso/9f1f57b2-7a54-4b24-9b0c-1f4f4c6dbe31"),
        ("slo", "/trust/saml2/http-redirect/slo/1234567"),
        ("metadata", "/saml/metadata/9f1f57b2-7a54-4b24-9b0c-1f4f4c6dbe31"),
    ],
)
def test_it_knows_the_shapes_of_onelogins_addresses(shape: str, path: str) -> None:
    known = {
        name: re.fullmatch(getattr(ONELOGIN.url_shapes, name), path) is not None
        for name in ("sso", "slo", "metadata")
    }
    assert known == {name: name == shape for name in known}
