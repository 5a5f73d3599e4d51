"""Attribute values with structure (SAML core 2.7.3.1.1), and IDs that are no names: harmless ones and hostile ones."""

from __future__ import annotations

import copy

from lxml import etree

from sso.refusals import Refusal
from tests.saml.corpus.kinds import MISPLACED, WRAPPING
from tests.saml.corpus.recipe import COVERS, DOES_NOT_COVER, Edit, Recipe, bad, good, swap
from tests.saml.encrypting import XENC
from tests.saml.messages import CLAIMS, DS, SAML, SAMLP
from tests.saml.moves import MALLORY, Move, assertion_of, child

_MALLORY = f"<saml:NameID>{MALLORY}</saml:NameID>"
_ADDRESS = '<a:Address xmlns:a="urn:acme:hr"><a:Street>Main 1</a:Street></a:Address>'


def _holds(content: str) -> Edit:
    """An attribute that nobody reads, with this value, before the others."""
    attribute = f'<saml:Attribute Name="address"><saml:AttributeValue>{content}</saml:AttributeValue></saml:Attribute>'
    return swap("<saml:AttributeStatement>", f"<saml:AttributeStatement>{attribute}")


def _structured(
    variant: str, why: str, content: str, refusal: Refusal = Refusal.UNEXPECTED_STRUCTURE
) -> Recipe:
    """An attribute that nobody reads, with a hostile structure as its value, validly signed."""
    return bad(refusal, variant, MISPLACED, why, edit=_holds(content))


def _in_value(variant: str, why: str, then: Move) -> Recipe:
    """The same, moved there after signing."""
    return bad(Refusal.UNEXPECTED_STRUCTURE, variant, WRAPPING, why, then=then, proof=DOES_NOT_COVER)


def _value_with_id(name: str) -> Move:
    def move(root: etree._Element) -> etree._Element:
        inner = _structured_value(assertion_of(root))
        inner.set(name, assertion_of(root).get("ID", ""))
        return root

    return move


def _structured_value(assertion: etree._Element) -> etree._Element:
    """An element of another namespace in the value of a new attribute, which comes first."""
    statement = child(assertion, "saml:AttributeStatement")
    attribute = etree.Element(f"{{{SAML}}}Attribute", Name="address", nsmap={"saml": SAML})
    statement.insert(0, attribute)
    value = etree.SubElement(attribute, f"{{{SAML}}}AttributeValue")
    return etree.SubElement(value, "{urn:x}holder", nsmap={"x": "urn:x"})


def _original_in_value(root: etree._Element) -> etree._Element:
    signed = assertion_of(root)
    forged = copy.deepcopy(signed)
    forged.set("ID", "evil")
    child(forged, "saml:Subject/saml:NameID").text = MALLORY
    root.replace(signed, forged)
    _structured_value(forged).append(signed)
    return root


RECIPES = (
    *(
        good(f"values/{name}", why, edit=_holds(content), sign=sign)
        for name, why, content, sign in (
            ("structured", "An address in elements of another namespace.", _ADDRESS, "assertion"),
            ("structured_response_signed", "The same under a signed Response.", _ADDRESS, "response"),
            ("structured_both_signed", "The same with both signed.", _ADDRESS, "both"),
            ("mixed", "Text and elements.", f"home: {_ADDRESS} (since May)", "assertion"),
            ("several_elements", "Two elements.", _ADDRESS * 2, "assertion"),
            (
                "without_namespace",
                "Elements of no namespace.",
                "<address><street>Main 1</street></address>",
                "both",
            ),
            ("default_namespace", "Another default namespace.", '<address xmlns="urn:acme:hr"/>', "both"),
            (
                "ids_of_its_own",
                "IDs of their own, twice and no names.",
                '<a id="1"/><b id="1" ID="a b"/>',
                "both",
            ),
            ("xml_id", "An xml:id of its own.", '<a xml:id="home"/>', "both"),
            (
                "words_of_saml",
                "Names like SAML's, in another namespace.",
                '<x:Conditions xmlns:x="urn:x" NotOnOrAfter="2001-01-01T00:00:00Z"><x:NameID/></x:Conditions>',
                "assertion",
            ),
            (
                "saml_1",
                "An element of SAML 1.1, which nobody reads.",
                '<o:NameIdentifier xmlns:o="urn:oasis:names:tc:SAML:1.0:assertion" AssertionID="_1"/>',
                "assertion",
            ),
        )
    ),
    *(
        good(f"ids/{name}", why, says={"response_id": f"{first}r", "assertion_id": f"{first}a"}, sign="both")
        for name, why, first in (
            ("begin_with_a_digit", "IDs of hex digits, which begin with one.", "8f3c6c8e"),
            ("uuid", "A UUID that begins with a digit.", "034ce262-5ed4-49f6-ac0c-b6b54984e483"),
            ("begin_with_a_hyphen", "A hyphen at the beginning.", "-a"),
            ("begin_with_a_dot", "A dot at the beginning.", ".a"),
            ("of_256_characters", "As long as an ID may be.", "7" * 255),
        )
    ),
    good(
        "ids/digits_alone",
        "IDs that are numbers.",
        says={"response_id": "1", "assertion_id": "2"},
        sign="both",
    ),
    *(
        bad(
            Refusal.UNEXPECTED_STRUCTURE,
            f"id_{name}",
            MISPLACED,
            why,
            says={"assertion_id": identifier},
            proof=proof,
        )
        for name, why, identifier, proof in (
            ("with_a_colon", "An ID with a colon.", "urn:uuid:8f3c", COVERS),
            ("with_a_blank", "An ID with a blank in it.", "8f3c a", COVERS),
            ("with_a_quote", "An ID that would end a string of an XPointer.", "8f3c') or id('x", COVERS),
            ("with_a_hash", "An ID with a hash in it.", "8#f3c", COVERS),
            ("outside_ascii", "An ID with a letter outside of ASCII.", "8f3cé", COVERS),
            ("too_long", "An ID of 257 characters.", "7" * 257, COVERS),
        )
    ),
    bad(
        Refusal.UNEXPECTED_STRUCTURE,
        "id_with_a_digit_twice",
        WRAPPING,
        "Response and assertion have the same ID, which begins with a digit.",
        says={"response_id": "8f3c", "assertion_id": "8f3c"},
        sign="both",
        proof=DOES_NOT_COVER,
    ),
    bad(
        Refusal.STRUCTURED_ATTRIBUTE,
        "markup_in_email_signed",
        MISPLACED,
        "An element inside the email, validly signed.",
        edit=swap(
            ">nora@acme.example</saml:AttributeValue>",
            ">nora@acme.example<b/>.evil.example</saml:AttributeValue>",
        ),
    ),
    bad(
        Refusal.STRUCTURED_ATTRIBUTE,
        "email_in_an_element",
        MISPLACED,
        "An email in an element of its own, validly signed.",
        edit=swap(
            ">nora@acme.example</saml:AttributeValue>",
            '><x:mail xmlns:x="urn:x">nora@acme.example</x:mail></saml:AttributeValue>',
        ),
    ),
    bad(
        Refusal.STRUCTURED_ATTRIBUTE,
        "email_twice_once_structured",
        MISPLACED,
        "An email as text, and a second value with structure.",
        edit=swap(
            ">nora@acme.example</saml:AttributeValue>",
            ">nora@acme.example</saml:AttributeValue><saml:AttributeValue>"
            '<x:mail xmlns:x="urn:x"/></saml:AttributeValue>',
        ),
    ),
    bad(
        Refusal.STRUCTURED_ATTRIBUTE,
        "email_by_its_other_name",
        MISPLACED,
        "The email by the name that claims have, in an element.",
        says={
            "attributes": (
                (f"{CLAIMS}emailaddress", ('<x:mail xmlns:x="urn:x">nora@acme.example</x:mail>',)),
            )
        },
    ),
    bad(
        Refusal.STRUCTURED_ATTRIBUTE,
        "last_name_in_an_element",
        MISPLACED,
        "A last name in an element of its own.",
        edit=swap(
            ">New</saml:AttributeValue>", '><x:name xmlns:x="urn:x">New</x:name></saml:AttributeValue>'
        ),
    ),
    *(
        _structured(
            f"value_holds_{name}", f"{what} inside a structured value of an attribute nobody reads.", content
        )
        for name, what, content in (
            ("an_assertion", "An assertion", f'<x:a xmlns:x="urn:x"><saml:Assertion/>{_MALLORY}</x:a>'),
            ("an_assertion_bare", "An assertion, first,", '<saml:Assertion/><x:a xmlns:x="urn:x"/>'),
            ("a_name_id_beside", "A NameID beside an element", f'{_MALLORY}<x:a xmlns:x="urn:x"/>'),
            ("an_email", "An attribute", '<x:a xmlns:x="urn:x"><saml:Attribute Name="email"/></x:a>'),
            (
                "a_response",
                "A Response",
                f'<x:a xmlns:x="urn:x"><samlp:Response xmlns:samlp="{SAMLP}"/></x:a>',
            ),
            ("a_signature", "A signature", f'<x:a xmlns:x="urn:x"><ds:Signature xmlns:ds="{DS}"/></x:a>'),
            ("a_key", "A description of a key", f'<x:a xmlns:x="urn:x"><ds:KeyInfo xmlns:ds="{DS}"/></x:a>'),
            ("a_certificate", "A certificate", f'<x:a xmlns:x="urn:x"><ds:X509Data xmlns:ds="{DS}"/></x:a>'),
            (
                "a_retrieval",
                "A RetrievalMethod",
                f'<x:a xmlns:x="urn:x"><ds:RetrievalMethod xmlns:ds="{DS}" URI="#a"/></x:a>',
            ),
            (
                "a_ciphertext",
                "EncryptedData",
                f'<x:a xmlns:x="urn:x"><e:EncryptedData xmlns:e="{XENC}"/></x:a>',
            ),
            (
                "an_encrypted_key",
                "An EncryptedKey",
                f'<x:a xmlns:x="urn:x"><e:EncryptedKey xmlns:e="{XENC}"/></x:a>',
            ),
        )
    ),
    *(
        _in_value(
            f"value_with_the_assertions_{name.rpartition('}')[2].lower()}{'_of_xml' if '}' in name else ''}",
            "A structured value with an element that has the ID of the assertion.",
            _value_with_id(name),
        )
        for name in ("ID", "{http://www.w3.org/XML/1998/namespace}id")
    ),
    _in_value(
        "original_in_a_structured_value",
        "The signed assertion moved into a structured value of a forged one.",
        _original_in_value,
    ),
)
