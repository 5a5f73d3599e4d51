"""Signatures that do not hold: missing, broken, of another key, by another algorithm."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from lxml import etree

from sso.refusals import Refusal
from tests.saml.corpus.case import Connection
from tests.saml.corpus.kinds import CHANGED, UNSIGNED
from tests.saml.corpus.recipe import COVERS, DOES_NOT_COVER, NOW, Recipe, bad
from tests.saml.corpus.signing import EXCLUSIVE, Signing, canonical, sign
from tests.saml.messages import SAML, Message
from tests.saml.moves import MALLORY, Move, assertion_of, child, drop, set_attribute, set_text

_SIGNATURE = "saml:Assertion/ds:Signature"
_INFO = f"{_SIGNATURE}/ds:SignedInfo"
_NAME_ID = "saml:Assertion/saml:Subject/saml:NameID"
_DATA = "saml:Assertion/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"


def _unsigned(variant: str, why: str, **how: Any) -> Recipe:
    return bad(Refusal.NOT_SIGNED, variant, UNSIGNED, why, **({"proof": DOES_NOT_COVER} | how))


def _changed(variant: str, why: str, then: Move, **how: Any) -> Recipe:
    return bad(
        Refusal.SIGNATURE_INVALID, variant, CHANGED, why, then=then, **({"proof": DOES_NOT_COVER} | how)
    )


def _signature_of_another_message(root: etree._Element) -> etree._Element:
    donor = etree.fromstring(Message(now=NOW, assertion_id="donor", response_id="other").xml())
    sign(assertion_of(donor), Signing())
    mine = child(root, _SIGNATURE)
    theirs = child(donor, _SIGNATURE)
    child(theirs, "ds:SignedInfo/ds:Reference").set("URI", "#" + assertion_of(root).get("ID", ""))
    assertion_of(root).replace(mine, theirs)
    return root


def _new_attribute(root: etree._Element) -> etree._Element:
    statement = child(root, "saml:Assertion/saml:AttributeStatement")
    added = etree.SubElement(statement, f"{{{SAML}}}Attribute", Name="urn:oid:0.9.2342.19200300.100.1.3")
    etree.SubElement(added, f"{{{SAML}}}AttributeValue").text = MALLORY
    return root


def _inclusive_namespaces(root: etree._Element) -> etree._Element:
    transform = child(root, f"{_INFO}/ds:Reference/ds:Transforms/ds:Transform[2]")
    etree.SubElement(transform, f"{{{EXCLUSIVE}}}InclusiveNamespaces", nsmap={"ec": EXCLUSIVE})
    return root


def _email(root: etree._Element) -> etree._Element:
    for value in root.iterfind(f".//{{{SAML}}}AttributeValue"):
        value.text = (value.text or "").replace("nora@acme.example", MALLORY)
    return root


def _digest_of_what_stands_there(root: etree._Element) -> etree._Element:
    """The person is changed and the digest made to fit; only the signature over SignedInfo is then wrong."""
    child(root, _NAME_ID).text = MALLORY
    assertion = assertion_of(root)
    signature = child(assertion, "ds:Signature")
    bare = etree.fromstring(etree.tostring(assertion, with_tail=False))
    bare.remove(child(bare, "ds:Signature"))
    digest = base64.b64encode(hashlib.sha256(canonical(bare)).digest()).decode()
    child(signature, "ds:SignedInfo/ds:Reference/ds:DigestValue").text = digest
    return root


RECIPES = (
    _unsigned("nothing_signed", "Neither element is signed.", sign="nothing"),
    _unsigned(
        "somebody_else_unsigned",
        "Unsigned, and somebody else.",
        sign="nothing",
        says={"name_id": MALLORY, "attributes": ()},
    ),
    _unsigned(
        "signature_of_assertion_removed", "The assertion's signature was taken away.", then=drop(_SIGNATURE)
    ),
    _unsigned(
        "signature_of_response_removed",
        "The Response's signature was taken away.",
        sign="response",
        then=drop("ds:Signature"),
    ),
    _unsigned(
        "default_namespaces", "Unsigned, in default namespaces.", sign="nothing", dialect={"p": "", "a": ""}
    ),
    _changed(
        "name_id_changed", "Another NameID under the assertion's signature.", set_text(_NAME_ID, MALLORY)
    ),
    _changed(
        "name_id_changed_response_signed",
        "Another NameID under the Response's signature.",
        set_text(_NAME_ID, MALLORY),
        sign="response",
    ),
    _changed(
        "name_id_changed_both_signed",
        "Another NameID under both signatures.",
        set_text(_NAME_ID, MALLORY),
        sign="both",
    ),
    _changed(
        "digest_cut_off",
        "A digest of which one character is left.",
        set_text(f"{_INFO}/ds:Reference/ds:DigestValue", "A"),
    ),
    _changed(
        "inclusive_namespaces_without_a_list",
        "InclusiveNamespaces without a list, written in after signing.",
        _inclusive_namespaces,
    ),
    _changed("email_changed", "Another email.", _email),
    _changed("attribute_added", "An email added under another name.", _new_attribute),
    _changed("attributes_removed", "Attributes taken away.", drop("saml:Assertion/saml:AttributeStatement")),
    _changed(
        "audience_changed",
        "An assertion for somebody else readdressed to us.",
        set_text(
            "saml:Assertion/saml:Conditions/saml:AudienceRestriction/saml:Audience",
            "http://localhost:8000/sso/saml/0123456789abcdef0123456789abcdef/metadata/",
        ),
        says={"audiences": ("https://other.example/",)},
    ),
    _changed(
        "audience_restriction_removed",
        "The restriction taken away.",
        drop("saml:Assertion/saml:Conditions/saml:AudienceRestriction"),
    ),
    _changed(
        "recipient_changed",
        "Another Recipient.",
        set_attribute(_DATA, "Recipient", "https://other.example/acs"),
    ),
    _changed(
        "time_prolonged",
        "An old assertion given more time.",
        set_attribute(_DATA, "NotOnOrAfter", "2030-01-01T00:00:00Z"),
        says={"confirmed_until": "-60"},
    ),
    _changed(
        "session_prolonged",
        "A longer session.",
        set_attribute("saml:Assertion/saml:AuthnStatement", "SessionNotOnOrAfter", "2030-01-01T00:00:00Z"),
    ),
    _changed(
        "issuer_changed", "Another issuer.", set_text("saml:Assertion/saml:Issuer", "https://other.example/")
    ),
    _changed(
        "request_added",
        "A response from the tile made the answer to a request.",
        set_attribute(_DATA, "InResponseTo", "_asked"),
    ),
    _changed(
        "assertion_id_changed",
        "Another ID, the Reference adapted, so that it can be used again.",
        lambda root: set_attribute(f"{_INFO}/ds:Reference", "URI", "#fresh")(
            set_attribute("saml:Assertion", "ID", "fresh")(root)
        ),
    ),
    _changed(
        "destination_changed",
        "Another Destination under the Response's signature.",
        set_attribute(".", "Destination", "https://other.example/acs"),
        sign="response",
    ),
    _changed("blank_added", "One blank inside a signed value.", set_text(_NAME_ID, "nora@acme.example ")),
    _changed(
        "assertion_good_response_bad",
        "The assertion holds, the Response around it was changed.",
        set_attribute(".", "IssueInstant", "2026-03-12T09:00:01Z"),
        sign="both",
        proof=COVERS,
    ),
    _changed("digest_changed", "Another digest.", set_text(f"{_INFO}/ds:Reference/ds:DigestValue", "AAAA")),
    _changed("digest_empty", "No digest.", set_text(f"{_INFO}/ds:Reference/ds:DigestValue", "")),
    _changed(
        "digest_garbage",
        "A digest that is not base64.",
        set_text(f"{_INFO}/ds:Reference/ds:DigestValue", "%%%"),
    ),
    _changed(
        "digest_made_to_fit",
        "The digest fits the changed person; the signature does not fit the digest.",
        _digest_of_what_stands_there,
    ),
    _changed("value_empty", "An empty SignatureValue.", set_text(f"{_SIGNATURE}/ds:SignatureValue", "")),
    _changed(
        "value_garbage",
        "A SignatureValue that is not base64.",
        set_text(f"{_SIGNATURE}/ds:SignatureValue", "%%%"),
    ),
    _changed(
        "value_zero",
        "A SignatureValue of zeros.",
        set_text(f"{_SIGNATURE}/ds:SignatureValue", "A" * 342 + "=="),
    ),
    _changed(
        "value_zero_ecdsa",
        "An ECDSA signature with r = s = 0.",
        set_text(f"{_SIGNATURE}/ds:SignatureValue", "A" * 86 + "=="),
        signing=Signing(key="p256"),
        connection=Connection(certificates=("p256",)),
    ),
    _changed(
        "signature_of_another_message",
        "A real signature moved here from another message.",
        _signature_of_another_message,
    ),
    _changed(
        "method_renamed",
        "RSA-SHA256 called RSA-SHA512.",
        set_attribute(f"{_INFO}/ds:SignatureMethod", "Algorithm", f"{_MORE}rsa-sha512"),
    ),
    _changed(
        "method_of_another_key_type",
        "RSA-SHA256 called ECDSA-SHA256.",
        set_attribute(f"{_INFO}/ds:SignatureMethod", "Algorithm", f"{_MORE}ecdsa-sha256"),
    ),
)
