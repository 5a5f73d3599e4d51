"""Other canonical forms and shapes: met with pysaml2, crewjam/saml and Keycloak. What is there is named."""

from __future__ import annotations

import base64
import re

import pytest

from sso.models import Connection
from tests.cast import Newest
from tests.field.filling import Edit, Field, replaced, text_of
from tests.field.told import ADMIN_CAN_FIX_IT, admin_reads, person_reads

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
TRANSFORM = f'<ds:Transform Algorithm="{EXCLUSIVE}"/>'
ENVELOPED = '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
PLAIN = "attribute-with-structured-value"
BOTH = "enveloped-signature, then exclusive C14N (xml-exc-c14n)"


def _as_it_is(template: str) -> str:
    return template


@pytest.mark.parametrize(
    ("case", "edit", "expected", "received"),
    [
        (
            "inclusive-c14n",
            _as_it_is,
            "exclusive C14N (xml-exc-c14n)",
            f"inclusive C14N ({INCLUSIVE})",
        ),
        (
            "inclusive-c14n",
            replaced(INCLUSIVE, f"{INCLUSIVE}#WithComments"),
            "exclusive C14N (xml-exc-c14n)",
            f"inclusive C14N with comments ({INCLUSIVE}#WithComments)",
        ),
        ("one-transform-only", _as_it_is, BOTH, "enveloped-signature alone"),
        (
            PLAIN,
            replaced(ENVELOPED + TRANSFORM, ENVELOPED + TRANSFORM.replace(EXCLUSIVE, INCLUSIVE)),
            BOTH,
            f"enveloped-signature, inclusive C14N ({INCLUSIVE})",
        ),
        (
            PLAIN,
            replaced(ENVELOPED + TRANSFORM, ENVELOPED + TRANSFORM + TRANSFORM),
            BOTH,
            f"enveloped-signature, exclusive C14N ({EXCLUSIVE}), exclusive C14N ({EXCLUSIVE})",
        ),
    ],
)
@pytest.mark.parametrize("guide", ["onelogin", "keycloak", "other"])
def test_another_canonical_form_is_named_and_no_other_algorithm_is_asked_for(
    guide: str,
    case: str,
    edit: Edit,
    expected: str,
    received: str,
    field: Field,
    last_event: Newest,
) -> None:
    Connection.objects.update(guide=guide)
    page = field.post(field.case(case, edit=edit))
    assert ADMIN_CAN_FIX_IT in person_reads(page)
    told = admin_reads(last_event())
    assert told.row.title == "Signed in another canonical form"
    assert (told.row.expected, told.row.received) == (expected, received)
    assert "SHA" not in told.cure
    assert "may stay" in told.cure
    if guide == "keycloak":
        assert "Canonicalization Method → Choose EXCLUSIVE" in told.cure


@pytest.mark.parametrize(
    ("there", "written", "received"),
    [
        ("<samlp:Status>", "<samlp:Extensions/><samlp:Status>", "Extensions before Status in Response"),
        (
            "</saml:Conditions>",
            "</saml:Conditions><saml:Advice/>",
            "Advice before AuthnStatement in Assertion",
        ),
        (
            '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>',
            "",
            "Response without Status",
        ),
        (
            "<saml:AuthnContext>",
            "<saml:AuthnContext/><saml:AuthnContext>",
            "2 × AuthnContext in AuthnStatement",
        ),
    ],
)
def test_a_shape_is_named_by_what_is_there(
    there: str, written: str, received: str, field: Field, last_event: Newest
) -> None:
    assert field.post(field.case(PLAIN, edit=replaced(there, written))).status_code == 403
    assert admin_reads(last_event()).row.received == received


def test_two_things_that_are_missing_are_both_named(field: Field, last_event: Newest) -> None:
    bare = replaced("<ds:SignatureValue/>", "<ds:SignatureValue>x</ds:SignatureValue>")
    xml = field.filled(bare(text_of(PLAIN)))
    for gone in ("DigestMethod", "DigestValue"):
        xml = re.sub(rf"<ds:{gone}[^>]*/>", "", xml)
    assert field.post(base64.b64encode(xml.encode()).decode()).status_code == 403
    told = admin_reads(last_event())
    assert told.row.received == "Reference without DigestMethod, Reference without DigestValue"


def test_extensions_have_a_cure_of_their_own(field: Field, last_event: Newest) -> None:
    field.post(field.case(PLAIN, edit=replaced("<samlp:Status>", "<samlp:Extensions/><samlp:Status>")))
    assert admin_reads(last_event()).cure.startswith(
        "Let the identity provider send no Extensions to JustCall."
    )
