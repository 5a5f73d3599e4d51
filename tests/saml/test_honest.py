"""Honest messages, in the shapes of the common identity providers. Each signs in the person it names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sso.refusals import Refusal
from sso.saml.attributes import near_misses, person_name
from sso.saml.envelope import decode
from sso.saml.instants import read_instant
from sso.saml.report import Check, CheckReport, Outcome, passed
from sso.saml.types import AnsweredRequest, RequestState
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.messages import CLAIMS, ENTITY_ID, ISSUER, PERSISTENT, IdentityProvider, Message, encode

UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
OID = "urn:oid:"
EC = IdentityProvider("ec")
EC384 = IdentityProvider("ec384", "SHA384")
SHA384 = IdentityProvider(hash="SHA384")
SHA512 = IdentityProvider(hash="SHA512")

ENTRA = (
    (f"{CLAIMS}emailaddress", ("nora@acme.example",)),
    (f"{CLAIMS}givenname", ("Nora",)),
    (f"{CLAIMS}surname", ("New",)),
    ("http://schemas.microsoft.com/identity/claims/displayname", ("Nora New",)),
)
SHIBBOLETH = (
    (f"{OID}0.9.2342.19200300.100.1.3", ("nora@acme.example",)),
    (f"{OID}2.5.4.42", ("Nora",)),
    (f"{OID}2.5.4.4", ("New",)),
)
GROUPS = (
    ("email", ("nora@acme.example",)),
    ("firstName", ("Nora",)),
    ("lastName", ("New",)),
    ("memberOf", ("Sales", "All people", "")),
    ("department", ("",)),
    ("Role", ("a",)),
    ("Role", ("b",)),
)

SHAPES: dict[str, tuple[IdentityProvider, str, Message, dict[str, Any]]] = {
    "onelogin_response": (IDP, "response", Message(), {}),
    "onelogin_assertion": (IDP, "assertion", Message(), {}),
    "onelogin_both": (IDP, "both", Message(), {}),
    "onelogin_sha512": (SHA512, "both", Message(attributes=GROUPS), {}),
    "onelogin_no_destination": (IDP, "assertion", Message(destination=None), {}),
    "okta": (IDP, "both", Message(name_id_format=UNSPECIFIED), {"p": "saml2p:", "a": "saml2:"}),
    "okta_no_format": (IDP, "assertion", Message(name_id_format=None), {"p": "saml2p:", "a": "saml2:"}),
    "entra": (
        IDP,
        "assertion",
        Message(attributes=ENTRA, name_id="AAAA-opaque", name_id_format=PERSISTENT, typed=False),
        {"a": ""},
    ),
    "google": (IDP, "response", Message(typed=False, session_until=None), {"p": "saml2p:", "a": "saml2:"}),
    "adfs": (SHA384, "assertion", Message(attributes=ENTRA, typed=False), {"a": ""}),
    "keycloak": (IDP, "both", Message(attributes=GROUPS), {}),
    "ping": (IDP, "response", Message(attributes=(), session_until=None), {}),
    "shibboleth": (IDP, "response", Message(attributes=SHIBBOLETH), {"p": "saml2p:", "a": "saml2:"}),
    "simplesamlphp": (IDP, "assertion", Message(), {"pretty": True}),
    "default_namespaces": (IDP, "both", Message(), {"p": "", "a": "saml:"}),
    "pretty_printed": (IDP, "both", Message(), {"pretty": True}),
    "ec_p256": (EC, "both", Message(), {}),
    "ec_p384": (EC384, "assertion", Message(), {}),
    "sha384": (SHA384, "response", Message(), {}),
    "several_audiences": (
        IDP,
        "assertion",
        Message(audiences=("https://x.example/", IDP.config().entity_id)),
        {},
    ),
    "no_response_issuer": (IDP, "assertion", Message(response_issuer=None), {}),
    "issuer_format": (
        IDP,
        "assertion",
        Message(issuer_format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity"),
        {},
    ),
    "no_condition_times": (IDP, "assertion", Message(not_before=None, not_on_or_after=None), {}),
    "long_session": (IDP, "assertion", Message(session_until="+525600"), {}),
    "blanks_around": (IDP, "assertion", Message(name_id="\n  nora@acme.example\n "), {}),
    "upper_case": (IDP, "assertion", Message(name_id="Nora@ACME.example"), {}),
    "cdata": (IDP, "assertion", Message(name_id="<![CDATA[nora@acme.example]]>"), {}),
}


@pytest.mark.parametrize("name", SHAPES)
def test_an_honest_message_signs_in_the_person_it_names(name: str) -> None:
    idp, sign, message, dialect = SHAPES[name]
    found = examined(idp.response(message, sign=sign, **dialect), idp.config())
    assert refusals_of(found) == []
    assert found.acceptance is not None
    assert found.signature_verified
    assert found.acceptance.identity.email == "nora@acme.example"
    assert found.acceptance.assertion_id == message.assertion_id
    if message.attributes:
        assert found.acceptance.identity.first_name == "Nora"


@pytest.mark.parametrize("name", SHAPES)
def test_an_honest_answer_to_a_request_signs_in(name: str) -> None:
    idp, sign, message, dialect = SHAPES[name]
    message = replace(message, in_response_to="_asked")
    asked = AnsweredRequest(RequestState.MATCHED, "_asked")
    assert refusals_of(examined(idp.response(message, sign=sign, **dialect), idp.config(), asked)) == []


def test_an_email_that_came_as_name_id_only_signs_in_with_a_warning() -> None:
    found = examined(IDP.response(Message(attributes=(("mail", ("nora@acme.example",)),))))
    assert refusals_of(found) == []
    (row,) = [row for row in found.report.results if row.check is Check.EMAIL]
    assert (row.outcome, row.refusal) == (Outcome.WARNING, Refusal.EMAIL_MISSING)
    assert found.email == "nora@acme.example"


def test_sha1_signs_in_only_where_an_admin_has_allowed_it() -> None:
    old = IdentityProvider(hash="SHA1")
    assert refusals_of(examined(old.response(), old.config())) == [Refusal.WEAK_ALGORITHM]
    assert refusals_of(examined(old.response(), old.config(allow_sha1=True))) == []


def test_both_certificates_are_good_while_one_is_being_replaced() -> None:
    old, new = IDP, IdentityProvider("rsa-new")
    both = IDP.config(certificates=(old.pinned, new.pinned))
    for idp in (old, new):
        found = examined(idp.response(), both)
        assert found.acceptance is not None
        assert found.acceptance.certificate_sha256 == idp.pinned.sha256


def test_a_persistent_name_id_keeps_its_case_and_may_differ_from_the_email() -> None:
    message = Message(name_id="AbC@x", name_id_format=PERSISTENT)
    found = examined(IDP.response(message))
    assert found.acceptance is not None
    assert found.acceptance.identity.name_id == "AbC@x"


def test_an_attribute_value_may_be_a_name_id() -> None:
    nested = '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">opaque</saml:NameID>'
    message = Message(attributes=(*Message().attributes, ("eduPersonTargetedID", (nested,))), typed=False)
    found = examined(IDP.response(message))
    assert refusals_of(found) == []
    assert found.attributes["eduPersonTargetedID"] == ["opaque"]


def test_missing_names_are_a_warning() -> None:
    found = examined(IDP.response(Message(attributes=(("email", ("nora@acme.example",)),))))
    assert refusals_of(found) == []
    (row,) = [row for row in found.report.results if row.check is Check.NAMES]
    assert (row.outcome, row.refusal, row.received) == (Outcome.WARNING, Refusal.NAMES_MISSING, "email")


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


@pytest.mark.parametrize("blank", [" ", "\n", "\t"])
def test_a_blank_around_the_audience_or_the_issuer_is_a_difference_with_its_own_name(blank: str) -> None:
    around = IDP.response(Message(audiences=(ENTITY_ID + blank,)))
    assert refusals_of(examined(around)) == [Refusal.WRONG_AUDIENCE]
    around = IDP.response(Message(issuer=blank + ISSUER))
    assert refusals_of(examined(around)) == [Refusal.WRONG_ISSUER]


def test_signed_whitespace_around_a_signature_survives() -> None:
    xml = Message().xml().replace("</saml:Issuer><saml:Subject>", "</saml:Issuer>\n \n<saml:Subject>")
    assert refusals_of(examined(encode(IDP.sign(xml, "both")))) == []


def test_a_signature_may_come_first_when_the_response_names_no_issuer() -> None:
    assert refusals_of(examined(IDP.response(Message(response_issuer=None), sign="response"))) == []


def test_a_response_claims_the_request_it_answers() -> None:
    unverified = decode(IDP.response(Message(in_response_to="_asked")))
    assert unverified.claimed_in_response_to == "_asked"


def test_what_was_decided_afterwards_takes_its_place_in_the_report() -> None:
    report = examined(IDP.response()).report.with_results(passed(Check.DOMAIN), passed(Check.MEMBER))
    assert report.passed
    assert [row.check for row in report.results] == list(Check)
    assert all(check.label for check in Check)


def test_times_are_read_in_utc_only() -> None:
    assert read_instant("2026-11-23T10:00:00.123456789Z") == read_instant("2026-11-23T10:00:00Z")
    assert read_instant("2026-11-23T10:00:00") is None
    assert read_instant("2026-11-23T10:00:00+01:00") is None


def test_a_report_survives_being_stored() -> None:
    report = examined(IDP.response(Message(issuer="x"))).report
    assert CheckReport.from_list(report.as_list()) == report
