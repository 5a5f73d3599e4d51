"""Signatures that do not hold: missing, broken, of another key, by another algorithm."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from lxml import etree

from sso.refusals import Refusal
from tests.saml.corpus.case import Connection
from tests.saml.corpus.kinds import ALGORITHMS, CHANGED, FOREIGN_KEY, UNSIGNED
from tests.saml.corpus.recipe import COVERS, DOES_NOT_COVER, NOW, Recipe, bad
from tests.saml.corpus.signing import EXCLUSIVE, INCLUSIVE, Signing, canonical, sign
from tests.saml.messages import DS, SAML, Message
from tests.saml.moves import MALLORY, Move, assertion_of, child, drop, set_attribute, set_text

_SIGNATURE = "saml:Assertion/ds:Signature"
_INFO = f"{_SIGNATURE}/ds:SignedInfo"
_NAME_ID = "saml:Assertion/saml:Subject/saml:NameID"
_DATA = "saml:Assertion/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"


def _unsigned(variant: str, why: str, **how: Any) -> Recipe:
    return bad(Refusal.NOT_SIGNED, variant, UNSIGNED, why, **({"proof": DOES_NOT_COVER} | how))


def _changed(variant: str, why: str, then: Move, **how: Any) -> Recipe:
    return bad(Refusal.SIGNATURE_INVALID, variant, CHANGED, why, then=then, **({"proof": DOES_NOT_COVER} | how))


def _foreign(variant: str, why: str, refusal: Refusal = Refusal.SIGNATURE_INVALID, **how: Any) -> Recipe:
    return bad(refusal, variant, FOREIGN_KEY, why, **({"proof": DOES_NOT_COVER} | how))


def _weak(variant: str, why: str, signing: Signing, proof: str = COVERS, **how: Any) -> Recipe:
    return bad(Refusal.WEAK_ALGORITHM, variant, ALGORITHMS, why, signing=signing, proof=proof, **how)


def _renamed(variant: str, why: str, path: str, algorithm: str) -> Recipe:
    """The name of an algorithm changed after signing."""
    then = set_attribute(f"{_INFO}/{path}", "Algorithm", algorithm)
    return bad(Refusal.WEAK_ALGORITHM, variant, ALGORITHMS, why, then=then, proof=DOES_NOT_COVER)


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


def _second_signed_by(key: str) -> dict[str, Any]:
    return {"sign": "both", "response_signing": Signing(key=key)}


RECIPES = (
    _unsigned("nothing_signed", "Neither element is signed.", sign="nothing"),
    _unsigned("somebody_else_unsigned", "Unsigned, and somebody else.", sign="nothing", says={"name_id": MALLORY, "attributes": ()}),
    _unsigned("signature_of_assertion_removed", "The assertion's signature was taken away.", then=drop(_SIGNATURE)),
    _unsigned("signature_of_response_removed", "The Response's signature was taken away.", sign="response",
              then=drop("ds:Signature")),
    _unsigned("default_namespaces", "Unsigned, in default namespaces.", sign="nothing", dialect={"p": "", "a": ""}),
    _changed("name_id_changed", "Another NameID under the assertion's signature.", set_text(_NAME_ID, MALLORY)),
    _changed("name_id_changed_response_signed", "Another NameID under the Response's signature.",
             set_text(_NAME_ID, MALLORY), sign="response"),
    _changed("name_id_changed_both_signed", "Another NameID under both signatures.", set_text(_NAME_ID, MALLORY), sign="both"),
    _changed("email_changed", "Another email.", _email),
    _changed("attribute_added", "An email added under another name.", _new_attribute),
    _changed("attributes_removed", "Attributes taken away.", drop("saml:Assertion/saml:AttributeStatement")),
    _changed("audience_changed", "An assertion for somebody else readdressed to us.",
             set_text("saml:Assertion/saml:Conditions/saml:AudienceRestriction/saml:Audience",
                      "http://localhost:8000/sso/saml/0123456789abcdef0123456789abcdef/metadata/"),
             says={"audiences": ("https://other.example/",)}),
    _changed("audience_restriction_removed", "The restriction taken away.",
             drop("saml:Assertion/saml:Conditions/saml:AudienceRestriction")),
    _changed("recipient_changed", "Another Recipient.", set_attribute(_DATA, "Recipient", "https://other.example/acs")),
    _changed("time_prolonged", "An old assertion given more time.", set_attribute(_DATA, "NotOnOrAfter", "2030-01-01T00:00:00Z"),
             says={"confirmed_until": "-60"}),
    _changed("session_prolonged", "A longer session.",
             set_attribute("saml:Assertion/saml:AuthnStatement", "SessionNotOnOrAfter", "2030-01-01T00:00:00Z")),
    _changed("issuer_changed", "Another issuer.", set_text("saml:Assertion/saml:Issuer", "https://other.example/")),
    _changed("request_added", "A response from the tile made the answer to a request.",
             set_attribute(_DATA, "InResponseTo", "_asked")),
    _changed("assertion_id_changed", "Another ID, the Reference adapted, so that it can be used again.",
             lambda root: set_attribute(f"{_INFO}/ds:Reference", "URI", "#fresh")(
                 set_attribute("saml:Assertion", "ID", "fresh")(root))),
    _changed("destination_changed", "Another Destination under the Response's signature.",
             set_attribute(".", "Destination", "https://other.example/acs"), sign="response"),
    _changed("blank_added", "One blank inside a signed value.", set_text(_NAME_ID, "nora@acme.example ")),
    _changed("assertion_good_response_bad", "The assertion holds, the Response around it was changed.",
             set_attribute(".", "IssueInstant", "2026-03-12T09:00:01Z"), sign="both", proof=COVERS),
    _changed("digest_changed", "Another digest.", set_text(f"{_INFO}/ds:Reference/ds:DigestValue", "AAAA")),
    _changed("digest_empty", "No digest.", set_text(f"{_INFO}/ds:Reference/ds:DigestValue", "")),
    _changed("digest_garbage", "A digest that is not base64.", set_text(f"{_INFO}/ds:Reference/ds:DigestValue", "%%%")),
    _changed("digest_made_to_fit", "The digest fits the changed person; the signature does not fit the digest.",
             _digest_of_what_stands_there),
    _changed("value_empty", "An empty SignatureValue.", set_text(f"{_SIGNATURE}/ds:SignatureValue", "")),
    _changed("value_garbage", "A SignatureValue that is not base64.", set_text(f"{_SIGNATURE}/ds:SignatureValue", "%%%")),
    _changed("value_zero", "A SignatureValue of zeros.", set_text(f"{_SIGNATURE}/ds:SignatureValue", "A" * 342 + "==")),
    _changed("value_zero_ecdsa", "An ECDSA signature with r = s = 0.",
             set_text(f"{_SIGNATURE}/ds:SignatureValue", "A" * 86 + "=="), signing=Signing(key="p256"),
             connection=Connection(certificates=("p256",))),
    _changed("signature_of_another_message", "A real signature moved here from another message.",
             _signature_of_another_message),
    _changed("method_renamed", "RSA-SHA256 called RSA-SHA512.", set_attribute(f"{_INFO}/ds:SignatureMethod", "Algorithm", f"{_MORE}rsa-sha512")),
    _changed("method_of_another_key_type", "RSA-SHA256 called ECDSA-SHA256.",
             set_attribute(f"{_INFO}/ds:SignatureMethod", "Algorithm", f"{_MORE}ecdsa-sha256")),
    _foreign("own_key_own_certificate", "A stranger's key, with its certificate in the message.",
             Refusal.CERTIFICATE_REPLACED, signing=Signing(key="mallory")),
    _foreign("own_key_response_signed", "The same on the Response.", Refusal.CERTIFICATE_REPLACED,
             signing=Signing(key="mallory"), sign="response"),
    _foreign("same_subject", "A certificate that bears the name of ours.", Refusal.CERTIFICATE_REPLACED,
             signing=Signing(key="mallory", certificates=("mallory_as_idp",))),
    _foreign("certificate_of_another_connection", "The key of another company's identity provider.",
             Refusal.CERTIFICATE_REPLACED, signing=Signing(key="globex")),
    _foreign("key_of_another_type", "An EC key where an RSA certificate is saved.", Refusal.CERTIFICATE_REPLACED,
             signing=Signing(key="p256")),
    _foreign("own_key_no_key_info", "A stranger's key, and nothing said about it.", signing=Signing(key="mallory", key_info=())),
    _foreign("own_key_our_certificate", "A stranger's key under our certificate.",
             signing=Signing(key="mallory", certificates=("idp",))),
    _foreign("own_key_both_certificates", "A stranger's key, our certificate first and its own second.",
             signing=Signing(key="mallory", certificates=("idp", "mallory"))),
    _foreign("own_key_value", "A stranger's key as KeyValue.", signing=Signing(key="mallory", key_info=("value",))),
    _foreign("own_key_our_name", "A stranger's key, called by the name of ours.",
             signing=Signing(key="mallory", key_info=("name",))),
    _foreign("key_info_is_no_certificate", "Something else where a certificate should be.", signing=Signing(key="mallory"),
             then=set_text(f"{_SIGNATURE}/ds:KeyInfo/ds:X509Data/ds:X509Certificate", "AAAA")),
    _foreign("response_by_a_stranger", "The assertion by our key, the Response by a stranger's.",
             Refusal.CERTIFICATE_REPLACED, proof=COVERS, **_second_signed_by("mallory")),
    _foreign("assertion_by_a_stranger", "The Response by our key, the assertion in it by a stranger's.",
             Refusal.CERTIFICATE_REPLACED, sign="both", signing=Signing(key="mallory"), response_signing=Signing(),
             proof=COVERS),
    _weak("rsa_sha1", "RSA-SHA1 where nobody has accepted it.", Signing(hash="sha1")),
    _weak("rsa_sha1_response_signed", "The same on the Response.", Signing(hash="sha1"), sign="response"),
    _weak("ecdsa_sha1", "ECDSA with SHA-1.", Signing(key="p256", hash="sha1"), connection=Connection(certificates=("p256",))),
    _weak("sha1_digest", "A SHA-1 digest under RSA-SHA256.", Signing(digest="sha1")),
    _weak("sha1_on_one_of_two", "SHA-256 on the assertion, SHA-1 on the Response.", Signing(), sign="both",
          response_signing=Signing(hash="sha1")),
    _weak("rsa_md5", "RSA-MD5.", Signing(hash="md5", digest="sha256"), DOES_NOT_COVER),
    _weak("md5_digest", "An MD5 digest.", Signing(digest="md5"), DOES_NOT_COVER),
    _weak("md5_where_sha1_is_allowed", "Accepting SHA-1 accepts nothing weaker.", Signing(hash="md5", digest="sha1"), DOES_NOT_COVER,
          connection=Connection(allow_sha1=True)),
    _weak("rsa_sha224", "SHA-224 is not on the list.", Signing(hash="sha224")),
    _weak("rsa_pss", "RSA-PSS is not on the list.", Signing(scheme="pss"), DOES_NOT_COVER),
    _weak("hmac_with_the_public_key", "HMAC-SHA256 with our certificate as the secret.", Signing(scheme="hmac"), DOES_NOT_COVER),
    _weak("hmac_sha1_with_the_public_key", "HMAC-SHA1 with our certificate as the secret.",
          Signing(scheme="hmac", hash="sha1", digest="sha256"), DOES_NOT_COVER),
    _weak("hmac_where_sha1_is_allowed", "Accepting SHA-1 does not accept HMAC.",
          Signing(scheme="hmac", hash="sha1"), DOES_NOT_COVER, connection=Connection(allow_sha1=True)),
    _weak("inclusive_c14n_of_signed_info", "SignedInfo canonicalised with what is around it.", Signing(c14n=INCLUSIVE)),
    _renamed("unknown_method", "A method nobody knows.", "ds:SignatureMethod", "urn:none"),
    _renamed("empty_method", "No method.", "ds:SignatureMethod", ""),
    _renamed("dsa_method", "DSA.", "ds:SignatureMethod", f"{DS}dsa-sha1"),
    _renamed("unknown_digest", "A digest nobody knows.", "ds:Reference/ds:DigestMethod", "urn:none"),
    _renamed("unknown_c14n", "A canonicalisation nobody knows.", "ds:CanonicalizationMethod", f"{EXCLUSIVE}Other"),
)
