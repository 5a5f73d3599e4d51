"""Structure that no sign-in has: references and transforms of other kinds, elements in wrong places and numbers.

Many of these are validly signed by our identity provider's key: they are refused for what they are, not for whom they
come from.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from lxml import etree

from sso.refusals import Refusal
from tests.saml.corpus.kinds import MISPLACED, REFERENCES
from tests.saml.corpus.recipe import COVERS, DOES_NOT_COVER, NOTHING, Edit, Recipe, bad, swap
from tests.saml.corpus.signing import ENVELOPED, EXCLUSIVE, INCLUSIVE, Signing, canonical
from tests.saml.messages import DS
from tests.saml.moves import MISPLACEMENTS, Move, assertion_of, child, drop

_INFO = "saml:Assertion/ds:Signature/ds:SignedInfo"
_XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
_XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"


def _signed(variant: str, why: str, signing: Signing, proof: str = DOES_NOT_COVER, **how: Any) -> Recipe:
    """Really signed in this way by our identity provider."""
    return bad(Refusal.UNEXPECTED_STRUCTURE, variant, REFERENCES, why, signing=signing, proof=proof, **how)


def _transformed(variant: str, why: str, signing: Signing, proof: str = DOES_NOT_COVER, **how: Any) -> Recipe:
    """Signed after other transforms than enveloped-signature and exclusive C14N."""
    return bad(Refusal.OTHER_CANONICALIZATION, variant, REFERENCES, why, signing=signing, proof=proof, **how)


def _moved(
    variant: str, why: str, then: Move, proof: str = COVERS, kind: str = MISPLACED, **how: Any
) -> Recipe:
    """Changed after signing, where a signature does not see it, or sees it and no longer fits."""
    return bad(Refusal.UNEXPECTED_STRUCTURE, variant, kind, why, then=then, proof=proof, **how)


def _said(variant: str, why: str, edit: Edit, **how: Any) -> Recipe:
    """Validly signed, and still not the shape of a sign-in."""
    return bad(Refusal.UNEXPECTED_STRUCTURE, variant, MISPLACED, why, edit=edit, **how)


def _encrypted_part(variant: str, why: str, edit: Edit) -> Recipe:
    return bad(Refusal.ENCRYPTED_PART, variant, MISPLACED, why, edit=edit)


def _subject(element: etree._Element) -> bytes:
    return canonical(child(element, "saml:Subject"))


def _statement(element: etree._Element) -> bytes:
    return canonical(child(element, "saml:AttributeStatement"))


def _same_id(name: str) -> Move:
    def move(root: etree._Element) -> etree._Element:
        child(root, "saml:Assertion/saml:AuthnStatement").set(name, assertion_of(root).get("ID", ""))
        return root

    return move


def _stray(path: str, namespace: str, name: str) -> Move:
    def move(root: etree._Element) -> etree._Element:
        parent = root if path == "." else child(root, path)
        # A prefix of its own: else it depends on what other libraries have registered.
        etree.SubElement(parent, f"{{{namespace}}}{name}", nsmap={"x": namespace})
        return root

    return move


def _pointing_key_info(root: etree._Element) -> etree._Element:
    reference = etree.SubElement(child(root, "ds:Signature/ds:KeyInfo"), f"{{{DS}}}Reference")
    reference.set("URI", "#" + assertion_of(root).get("ID", ""))
    return root


_NAME_ID = '<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">nora@acme.example</saml:NameID>'
_MALLORY = _NAME_ID.replace("nora", "mallory")

RECIPES = (
    _signed("reference_without_uri", "A Reference that names nothing.", Signing(uri=None)),
    _signed("reference_empty", "An empty URI: the whole document, whatever it is.", Signing(uri="")),
    _signed(
        "reference_empty_on_response",
        "An empty URI on the Response, which it covers.",
        Signing(uri=""),
        COVERS,
        sign="response",
    ),
    _signed("reference_xpointer", "An XPointer to the root.", Signing(uri="#xpointer(/)")),
    _signed(
        "reference_xpointer_id", "An XPointer to the element by its ID.", Signing(uri="#xpointer(id('{id}'))")
    ),
    _signed(
        "reference_elsewhere", "A Reference to something outside.", Signing(uri="https://evil.example/x")
    ),
    _signed("reference_to_nothing", "A Reference to an ID that is not there.", Signing(uri="#else")),
    _signed(
        "reference_empty_to_an_empty_id",
        "An assertion whose ID is empty, and a Reference to it.",
        Signing(),
        COVERS,
        says={"assertion_id": ""},
    ),
    _signed(
        "reference_to_none",
        "An assertion without ID, and a Reference to #None.",
        Signing(uri="#None"),
        says={"assertion_id": "gone"},
        edit=swap(' ID="gone"', ""),
    ),
    _signed(
        "reference_to_the_subject",
        "Only the Subject is signed.",
        Signing(uri="#part", covers=_subject),
        edit=swap("<saml:Subject>", '<saml:Subject ID="part">'),
    ),
    _signed(
        "reference_to_the_attributes",
        "Only the attributes are signed.",
        Signing(uri="#part", covers=_statement),
        edit=swap("<saml:AttributeStatement>", '<saml:AttributeStatement ID="part">'),
    ),
    _signed(
        "references_two", "Two References to the same element, both good.", Signing(references=2), COVERS
    ),
    _signed("references_three", "Three References.", Signing(references=3), COVERS, sign="response"),
    _transformed(
        "transform_xpath_to_nothing",
        "An XPath transform that selects nothing, really signed.",
        Signing(transforms=(ENVELOPED, _XPATH), covers=lambda _: b""),
    ),
    _transformed("transform_xslt", "An XSLT transform.", Signing(transforms=(_XSLT, EXCLUSIVE))),
    _transformed(
        "transform_base64",
        "A base64 transform.",
        Signing(transforms=(ENVELOPED, f"{DS}base64"), covers=lambda _: b""),
    ),
    _transformed(
        "transform_xpath_filter_2",
        "An XPath Filter 2.0.",
        Signing(transforms=(ENVELOPED, "http://www.w3.org/2002/06/xmldsig-filter2"), covers=lambda _: b""),
    ),
    _transformed(
        "transform_inclusive_c14n",
        "Inclusive C14N: valid, and not what SAML asks for (core 5.4.4).",
        Signing(transforms=(ENVELOPED, INCLUSIVE)),
        COVERS,
    ),
    _transformed(
        "transform_c14n_1_1",
        "C14N 1.1: valid, and not what SAML asks for (core 5.4.4).",
        Signing(transforms=(ENVELOPED, "http://www.w3.org/2006/12/xml-c14n11")),
        COVERS,
    ),
    _transformed(
        "transforms_in_another_order",
        "Exclusive C14N before enveloped-signature.",
        Signing(transforms=(EXCLUSIVE, ENVELOPED), covers=canonical),
        COVERS,
    ),
    _transformed("transform_only_enveloped", "One transform.", Signing(transforms=(ENVELOPED,)), COVERS),
    _transformed(
        "transform_only_c14n",
        "No enveloped-signature: the signature would cover itself.",
        Signing(transforms=(EXCLUSIVE,)),
    ),
    _transformed(
        "transforms_three", "Three transforms.", Signing(transforms=(ENVELOPED, EXCLUSIVE, EXCLUSIVE))
    ),
    _signed("transforms_none", "No transform.", Signing(transforms=(), covers=canonical)),
    _moved(
        "namespaces_in_enveloped",
        "InclusiveNamespaces in the enveloped-signature transform.",
        _stray(f"{_INFO}/ds:Reference/ds:Transforms/ds:Transform", EXCLUSIVE, "InclusiveNamespaces"),
        DOES_NOT_COVER,
        REFERENCES,
    ),
    _moved("manifest", "A Manifest in an Object.", _stray("saml:Assertion/ds:Signature", DS, "Object")),
    *(
        _moved(name, why, move, proof)
        for name, (why, move, proof) in {
            "same_id_as_xml_id": (
                "The assertion's ID once more as xml:id.",
                _same_id("{http://www.w3.org/XML/1998/namespace}id"),
                DOES_NOT_COVER,
            ),
            "same_id_as_assertionid": (
                "The assertion's ID once more as AssertionID.",
                _same_id("AssertionID"),
                DOES_NOT_COVER,
            ),
            "extensions": (
                "Extensions in the Response.",
                _stray(".", "urn:oasis:names:tc:SAML:2.0:protocol", "Extensions"),
                COVERS,
            ),
            "unknown_element_in_response": (
                "An element of nobody's in the Response.",
                _stray(".", "urn:x", "x"),
                COVERS,
            ),
            "unknown_element_in_assertion": (
                "An element of nobody's in the assertion.",
                _stray("saml:Assertion", "urn:x", "x"),
                DOES_NOT_COVER,
            ),
            "second_status": (
                "Two Status elements.",
                _stray(".", "urn:oasis:names:tc:SAML:2.0:protocol", "Status"),
                COVERS,
            ),
            "no_issuer": ("An assertion without Issuer.", drop("saml:Assertion/saml:Issuer"), DOES_NOT_COVER),
            "no_signature_value": (
                "A signature without its value.",
                drop("saml:Assertion/ds:Signature/ds:SignatureValue"),
                DOES_NOT_COVER,
            ),
            "no_digest_value": (
                "A Reference without a digest.",
                drop(f"{_INFO}/ds:Reference/ds:DigestValue"),
                DOES_NOT_COVER,
            ),
            "no_reference": ("A signature over nothing.", drop(f"{_INFO}/ds:Reference"), DOES_NOT_COVER),
            "no_signature_method": (
                "A signature of no method.",
                drop(f"{_INFO}/ds:SignatureMethod"),
                DOES_NOT_COVER,
            ),
            "assertion_removed": ("Success, and no assertion.", drop("saml:Assertion"), NOTHING),
        }.items()
    ),
    *(
        _moved(
            name,
            str(move.__doc__),
            move,
            DOES_NOT_COVER if name in ("cloned_id", "two_signatures", "no_id") else COVERS,
            sign=what,
        )
        for name, (what, move) in MISPLACEMENTS.items()
    ),
    _said("two_name_ids_signed", "Two NameIDs, validly signed.", swap(_NAME_ID, _NAME_ID + _MALLORY)),
    _said(
        "two_subjects_signed",
        "Two Subjects, validly signed.",
        swap("</saml:Subject>", f"</saml:Subject><saml:Subject>{_MALLORY}</saml:Subject>"),
    ),
    _said(
        "two_conditions_signed",
        "Two Conditions, validly signed.",
        swap("</saml:Conditions>", "</saml:Conditions><saml:Conditions/>"),
    ),
    _said(
        "markup_in_name_id_signed",
        "An element inside the NameID, validly signed.",
        swap(">nora@acme.example</saml:NameID>", ">nora@acme.example<b/>.evil.example</saml:NameID>"),
    ),
    _encrypted_part(
        "encrypted_id", "An EncryptedID, which we do not read.", swap(_NAME_ID, "<saml:EncryptedID/>")
    ),
    _encrypted_part(
        "encrypted_id_beside_a_name_id",
        "An EncryptedID beside a NameID, of which nobody can say who is meant.",
        swap(_NAME_ID, _NAME_ID + "<saml:EncryptedID/>"),
    ),
    _encrypted_part(
        "encrypted_attribute",
        "An EncryptedAttribute beside plain ones.",
        swap("<saml:AttributeStatement>", "<saml:AttributeStatement><saml:EncryptedAttribute/>"),
    ),
    _said("base_id", "A BaseID in place of a NameID.", swap(_NAME_ID, "<saml:BaseID/>")),
    _said(
        "advice",
        "Advice, validly signed.",
        swap("<saml:AuthnStatement", "<saml:Advice/><saml:AuthnStatement"),
    ),
    _said(
        "authorization_decision",
        "An AuthzDecisionStatement, validly signed.",
        swap("<saml:AttributeStatement>", "<saml:AuthzDecisionStatement/><saml:AttributeStatement>"),
    ),
    _said(
        "loose_text_signed",
        "Text between elements, validly signed.",
        swap("<saml:Subject>", "hello<saml:Subject>"),
    ),
    _said(
        "text_in_attribute_signed",
        "Text in an Attribute that has no values, validly signed.",
        swap(
            "<saml:AttributeStatement>",
            '<saml:AttributeStatement><saml:Attribute Name="x">hello</saml:Attribute>',
        ),
    ),
    _said(
        "statement_without_context",
        "An AuthnStatement without its AuthnContext.",
        partial(re.sub, r"<saml:AuthnContext>.*</saml:AuthnContext>", ""),
    ),
    _moved(
        "key_info_points_at_the_assertion",
        "A Reference in a KeyInfo, which nobody reads and nothing needs.",
        _pointing_key_info,
        sign="response",
    ),
    _said(
        "status_without_code",
        "A Status without a code.",
        swap('<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode>', ""),
    ),
)
