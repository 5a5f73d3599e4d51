"""Values in the wrong field are named for what they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sso.guides import GUIDES
from sso.guides.recognition import (
    MAX_ENTITY_ID,
    MAX_URL,
    AddressProblem,
    OwnAddresses,
    acs_url_validator,
    are_swapped,
    problem_of_issuer,
    problem_of_sso_url,
    tidy,
    tidy_sso_url,
)
from tests.saml.certificate_forms import bare_base64_of, certificate, pem_of, private_key_of, rsa_key

ONELOGIN = GUIDES["onelogin"]
OWN = OwnAddresses(
    acs_url=f"https://sso.justcall.example/sso/saml/{'a1' * 16}/acs/",
    entity_id=f"https://sso.justcall.example/sso/saml/{'a1' * 16}/metadata/",
    base_url="https://sso.justcall.example",
)
SSO_URL = "https://acme.onelogin.com/trust/saml2/http-post/sso/1234567"
SLO_URL = "https://acme.onelogin.com/trust/saml2/http-redirect/slo/1234567"
ISSUER = "https://app.onelogin.com/saml/metadata/1234567"
ANOTHERS = "b2" * 16
EVERYWHERE = [
    (OWN.acs_url, AddressProblem.OUR_ACS_URL),
    (OWN.acs_url.rstrip("/"), AddressProblem.OUR_ACS_URL),
    (OWN.acs_url.upper(), AddressProblem.OUR_ACS_URL),
    (acs_url_validator(OWN.acs_url), AddressProblem.OUR_ACS_URL),
    (OWN.entity_id, AddressProblem.OUR_ENTITY_ID),
    (f"https://sso.justcall.example/sso/saml/{ANOTHERS}/acs/", AddressProblem.OUR_ACS_URL),
    (f"https://sso.justcall.example/sso/saml/{ANOTHERS}/metadata/", AddressProblem.OUR_ENTITY_ID),
    ("https://sso.justcall.example", AddressProblem.OUR_OWN_SITE),
    ("https://sso.justcall.example/settings/security/sso/", AddressProblem.OUR_OWN_SITE),
    (pem_of(certificate()).replace("\n", ""), AddressProblem.CERTIFICATE),
    (bare_base64_of(certificate()), AddressProblem.CERTIFICATE),
    (private_key_of(rsa_key()).decode(), AddressProblem.PRIVATE_KEY),
    ("https://acme.onelogin.com/trust saml2", AddressProblem.BLANK_INSIDE),
    ("https://acme.onelogin.com/\u202etrust", AddressProblem.BLANK_INSIDE),
    ("adam@acme.example", AddressProblem.EMAIL),
    ("?xml version='1.0'?", AddressProblem.XML),
    ('md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"', AddressProblem.XML),
    ("saml:Issuer>https://idp.example/</saml:Issuer", AddressProblem.XML),
    (SLO_URL, AddressProblem.SLO_URL),
]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        *EVERYWHERE,
        (SSO_URL, None),
        ("https://idp.example:8443/sso?app=justcall", None),
        (ISSUER, AddressProblem.ISSUER),
        ("acme.onelogin.com/trust/saml2/http-post/sso/1234567", AddressProblem.NO_SCHEME),
        ("acme.onelogin.com:443/trust", AddressProblem.NO_SCHEME),
        ("hello", AddressProblem.NOT_A_URL),
        ("https://", AddressProblem.NOT_A_URL),
        ("https://[", AddressProblem.NOT_A_URL),
        ("https://acme.onelogin.com:99999/", AddressProblem.NOT_A_URL),
        ("javascript:alert(1)", AddressProblem.NOT_A_URL),
        ("http://acme.onelogin.com/trust/saml2/http-post/sso/1234567", AddressProblem.NOT_HTTPS),
        ("https://adam:secret@acme.onelogin.com/", AddressProblem.CREDENTIALS),
        (f"{SSO_URL}#top", AddressProblem.FRAGMENT),
        (f"https://idp.example/{'a' * MAX_URL}", AddressProblem.TOO_LONG),
    ],
)
def test_an_sso_url_is_taken_or_named(value: str, problem: AddressProblem | None) -> None:
    assert problem_of_sso_url(value, OWN, ONELOGIN) is problem


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        *EVERYWHERE,
        (ISSUER, None),
        ("urn:acme:idp", None),
        ("http://www.okta.com/exk1", None),
        ("https://[", None),
        (SSO_URL, AddressProblem.SSO_URL),
        ("a" * (MAX_ENTITY_ID + 1), AddressProblem.TOO_LONG),
    ],
)
def test_an_issuer_is_taken_or_named(value: str, problem: AddressProblem | None) -> None:
    assert problem_of_issuer(value, OWN, ONELOGIN) is problem


OKTA_ISSUER = "http://www.okta.com/exk1fcia6d6EMsf331d8"
OKTA_SSO_URL = "https://acme.okta.com/app/justcall/exk1fcia6d6EMsf331d8/sso/saml"
OKTA_METADATA = "https://acme.okta.com/app/exk1fcia6d6EMsf331d8/sso/saml/metadata"


def test_oktas_metadata_address_is_neither_of_the_two() -> None:
    okta = GUIDES["okta"]
    assert problem_of_sso_url(OKTA_METADATA, OWN, okta) is AddressProblem.METADATA_URL
    assert problem_of_issuer(OKTA_METADATA, OWN, okta) is AddressProblem.METADATA_URL


def test_an_issuer_with_http_is_named_as_the_issuer_and_not_for_its_http() -> None:
    okta = GUIDES["okta"]
    assert problem_of_sso_url(OKTA_ISSUER, OWN, okta) is AddressProblem.ISSUER
    assert problem_of_issuer(OKTA_ISSUER, OWN, okta) is None
    assert are_swapped(OKTA_ISSUER, OKTA_SSO_URL, okta)


def test_googles_two_addresses_are_told_apart() -> None:
    google = GUIDES["google"]
    sso_url = "https://accounts.google.com/o/saml2/idp?idpid=C01abc234"
    entity_id = "https://accounts.google.com/o/saml2?idpid=C01abc234"
    assert problem_of_sso_url(sso_url, OWN, google) is None
    assert problem_of_issuer(entity_id, OWN, google) is None
    assert are_swapped(entity_id, sso_url, google)


def test_http_is_taken_only_where_we_are_served_by_it_ourselves() -> None:
    demo = OwnAddresses("http://localhost:8000/a/", "http://localhost:8000/m/", "http://localhost:8000")
    stand_in = "http://127.0.0.1:8001/trust/saml2/http-post/sso/1"
    assert problem_of_sso_url(stand_in, demo, ONELOGIN) is None
    assert problem_of_sso_url(stand_in, OWN, ONELOGIN) is AddressProblem.NOT_HTTPS


@pytest.mark.parametrize(
    ("sso_url", "issuer", "swapped"),
    [
        (ISSUER, SSO_URL, True),
        (SSO_URL, ISSUER, False),
        (ISSUER, ISSUER, False),
        ("https://[", SSO_URL, False),
        (ISSUER, "https://[", False),
    ],
)
def test_swapped_fields_are_seen(sso_url: str, issuer: str, swapped: bool) -> None:
    assert are_swapped(sso_url, issuer, ONELOGIN) is swapped


@pytest.mark.parametrize("problem", AddressProblem)
def test_every_problem_has_its_sentence(problem: AddressProblem) -> None:
    words = {"idp": "OneLogin", "sso": "SAML 2.0 Endpoint (HTTP)", "issuer": "Issuer URL", "wanted": "that"}
    assert "%" not in problem.sentence % words


@pytest.mark.parametrize("around", [" {} ", "\r\n{}\t", '"{}"', "“{}”", "<{}>", "\ufeff{}\u200b", "`{}`"])
def test_what_copying_leaves_around_a_value_is_taken_off(around: str) -> None:
    assert tidy(around.format(SSO_URL)) == SSO_URL


def test_the_validator_is_anchored_and_escaped_as_the_article_says() -> None:
    assert acs_url_validator("https://a.example/acs/") == r"^https:\/\/a\.example\/acs\/$"


@given(st.text(alphabet="abz019.-/:?=&+()[]^$|{}*\\_~%", min_size=1))
def test_the_validator_matches_the_acs_url_and_nothing_longer(url: str) -> None:
    assert re.search(acs_url_validator(url), url)
    assert not re.search(acs_url_validator(url), f"{url}x")
    assert not re.search(acs_url_validator(url), f"x{url}")


@given(st.text())
def test_whatever_is_pasted_gets_an_answer(value: str) -> None:
    problem_of_sso_url(tidy(value), OWN, ONELOGIN)
    problem_of_issuer(tidy(value), OWN, ONELOGIN)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("onelogin", "https://acme.onelogin.com/launch/1234567"),
        ("keycloak", "https://login.acme.example/realms/acme/protocol/saml/clients/justcall"),
        ("pingone", "https://login.acme.example/saml20/idp/startsso?spEntityId=justcall"),
    ],
)
def test_the_address_of_a_tile_is_no_sso_url(name: str, address: str) -> None:
    guide = GUIDES[name]
    assert problem_of_sso_url(address, OWN, guide) is AddressProblem.TILE_URL
    assert problem_of_issuer(address, OWN, guide) is AddressProblem.TILE_URL


def test_the_two_addresses_of_keycloak_are_told_apart() -> None:
    keycloak = GUIDES["keycloak"]
    sso_url, issuer = (
        "https://login.acme.example/realms/acme/protocol/saml",
        "https://login.acme.example/realms/acme",
    )
    assert problem_of_sso_url(sso_url, OWN, keycloak) is None
    assert problem_of_sso_url(issuer, OWN, keycloak) is AddressProblem.ISSUER
    assert problem_of_issuer(sso_url, OWN, keycloak) is AddressProblem.SSO_URL
    assert are_swapped(issuer, sso_url, keycloak)


@pytest.mark.parametrize("end", ["?", "?&", "#", "?#", "%20", "%20%20 ", " ?", ""])
def test_nothing_empty_stays_behind_an_sso_url(end: str) -> None:
    assert tidy_sso_url(f" {SSO_URL}{end}") == SSO_URL


@pytest.mark.parametrize("end", ["?idpid=C01", "#/sso", "/?a=1&b=", "%2F"])
def test_a_query_of_an_sso_url_stays(end: str) -> None:
    assert tidy_sso_url(SSO_URL + end) == SSO_URL + end


@pytest.mark.parametrize(
    ("copied", "value"),
    [
        (f'entityID="{ISSUER}"', ISSUER),
        (f"  Location='{SSO_URL}' ", SSO_URL),
        (f'entityID = "{ISSUER}">', ISSUER),
        (f'location="{SSO_URL}"/>', SSO_URL),
        ("https://idp.example/?entityID=acme", "https://idp.example/?entityID=acme"),
        ("entityID=acme", "entityID=acme"),
    ],
)
def test_the_name_of_an_attribute_is_no_part_of_its_value(copied: str, value: str) -> None:
    assert tidy(copied) == value
