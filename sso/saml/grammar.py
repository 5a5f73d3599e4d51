"""The grammar of a response: the children and attributes of each element that may stand in one.

From the schemas: saml-schema-protocol-2.0, saml-schema-assertion-2.0, xmldsig-core-schema, xenc-schema.
"""

from __future__ import annotations

from typing import NamedTuple

from sso.saml.names import DS, DSIG11, INCLUSIVE_NAMESPACES, SAML, SAMLP, XENC, XENC11, ds, saml, samlp, xenc

# No limit here: `envelope` refuses a message of more elements than this, as too large.
_MANY = 4000


class Slot(NamedTuple):
    """From `least` to `most` sibling elements, each with one of these tags."""

    tags: frozenset[str]
    least: int
    most: int


def _slot(*tags: str, least: int = 0, most: int = 1) -> Slot:
    return Slot(frozenset(tags), least, most)


TEXT: tuple[Slot, ...] = ()

# The children of each element, in the order of the schemas (saml-schema-protocol-2.0, saml-schema-assertion-2.0,
# xmldsig-core-schema, xenc-schema). An element that is not a key here contains only text.
GRAMMAR: dict[str, tuple[Slot, ...]] = {
    samlp("Response"): (
        _slot(saml("Issuer")),
        _slot(ds("Signature")),
        _slot(samlp("Status"), least=1),
        _slot(saml("Assertion"), saml("EncryptedAssertion")),
    ),
    samlp("Status"): (
        _slot(samlp("StatusCode"), least=1),
        _slot(samlp("StatusMessage")),
        _slot(samlp("StatusDetail")),
    ),
    samlp("StatusCode"): (_slot(samlp("StatusCode")),),
    saml("Assertion"): (
        _slot(saml("Issuer"), least=1),
        _slot(ds("Signature")),
        _slot(saml("Subject")),
        _slot(saml("Conditions")),
        _slot(saml("AuthnStatement"), saml("AttributeStatement"), most=8),
    ),
    saml("Subject"): (_slot(saml("NameID")), _slot(saml("SubjectConfirmation"), most=8)),
    saml("SubjectConfirmation"): (_slot(saml("NameID")), _slot(saml("SubjectConfirmationData"))),
    saml("Conditions"): (
        _slot(saml("AudienceRestriction"), saml("OneTimeUse"), saml("ProxyRestriction"), most=8),
    ),
    saml("AudienceRestriction"): (_slot(saml("Audience"), least=1, most=64),),
    saml("ProxyRestriction"): (_slot(saml("Audience"), most=64),),
    saml("AuthnStatement"): (_slot(saml("SubjectLocality")), _slot(saml("AuthnContext"), least=1)),
    saml("AuthnContext"): (
        _slot(saml("AuthnContextClassRef")),
        _slot(saml("AuthnContextDeclRef")),
        _slot(saml("AuthenticatingAuthority"), most=8),
    ),
    # AWS IAM Identity Center sends an empty one when nothing is mapped, though the schema asks for an attribute.
    saml("AttributeStatement"): (_slot(saml("Attribute"), most=_MANY),),
    saml("Attribute"): (_slot(saml("AttributeValue"), most=_MANY),),
    # eduPersonTargetedID carries a NameID as its value. What else may stand here is said in shape.py.
    saml("AttributeValue"): (_slot(saml("NameID")),),
    saml("EncryptedAssertion"): (_slot(xenc("EncryptedData"), least=1), _slot(xenc("EncryptedKey"))),
    # No CipherReference: a message must not make us fetch anything.
    xenc("EncryptedData"): (
        _slot(xenc("EncryptionMethod")),
        _slot(ds("KeyInfo")),
        _slot(xenc("CipherData"), least=1),
    ),
    xenc("EncryptedKey"): (
        _slot(xenc("EncryptionMethod")),
        _slot(ds("KeyInfo")),
        _slot(xenc("CipherData"), least=1),
        _slot(xenc("ReferenceList")),
        _slot(xenc("CarriedKeyName")),
    ),
    xenc("EncryptionMethod"): (
        _slot(xenc("KeySize"), xenc("OAEPparams"), ds("DigestMethod"), f"{{{XENC11}}}MGF", most=4),
    ),
    xenc("CipherData"): (_slot(xenc("CipherValue")),),
    xenc("ReferenceList"): (_slot(xenc("DataReference"), most=8),),
    ds("Signature"): (
        _slot(ds("SignedInfo"), least=1),
        _slot(ds("SignatureValue"), least=1),
        _slot(ds("KeyInfo")),
    ),
    ds("SignedInfo"): (
        _slot(ds("CanonicalizationMethod"), least=1),
        _slot(ds("SignatureMethod"), least=1),
        _slot(ds("Reference"), least=1),
    ),
    ds("CanonicalizationMethod"): (_slot(INCLUSIVE_NAMESPACES),),
    ds("Reference"): (
        _slot(ds("Transforms"), least=1),
        _slot(ds("DigestMethod"), least=1),
        _slot(ds("DigestValue"), least=1),
    ),
    # Which two they must be is said where the signature is verified.
    ds("Transforms"): (_slot(ds("Transform"), least=1, most=8),),
    ds("Transform"): (_slot(INCLUSIVE_NAMESPACES),),
}

_ALGORITHM = frozenset({"Algorithm"})
_QUALIFIED = frozenset({"NameQualifier", "SPNameQualifier", "Format", "SPProvidedID"})
_ENCRYPTED = frozenset({"Id", "Type", "MimeType", "Encoding"})

# The attributes without a namespace, from the schemas. An element that is not a key here has none.
ATTRIBUTES: dict[str, frozenset[str]] = {
    samlp("Response"): frozenset({"ID", "Version", "IssueInstant", "Destination", "InResponseTo", "Consent"}),
    samlp("StatusCode"): frozenset({"Value"}),
    # Auth0 writes its message into an attribute, which the schema does not have.
    samlp("StatusMessage"): frozenset({"Value"}),
    saml("Assertion"): frozenset({"ID", "Version", "IssueInstant"}),
    saml("Issuer"): _QUALIFIED,
    saml("NameID"): _QUALIFIED,
    saml("SubjectConfirmation"): frozenset({"Method"}),
    saml("SubjectConfirmationData"): frozenset(
        {"NotBefore", "NotOnOrAfter", "Recipient", "InResponseTo", "Address"}
    ),
    saml("Conditions"): frozenset({"NotBefore", "NotOnOrAfter"}),
    saml("ProxyRestriction"): frozenset({"Count"}),
    saml("AuthnStatement"): frozenset({"AuthnInstant", "SessionIndex", "SessionNotOnOrAfter"}),
    saml("SubjectLocality"): frozenset({"Address", "DNSName"}),
    saml("Attribute"): frozenset({"Name", "NameFormat", "FriendlyName"}),
    ds("Signature"): frozenset({"Id"}),
    ds("SignedInfo"): frozenset({"Id"}),
    ds("SignatureValue"): frozenset({"Id"}),
    ds("Reference"): frozenset({"Id", "URI", "Type"}),
    ds("KeyInfo"): frozenset({"Id"}),
    ds("CanonicalizationMethod"): _ALGORITHM,
    ds("SignatureMethod"): _ALGORITHM,
    ds("Transform"): _ALGORITHM,
    ds("DigestMethod"): _ALGORITHM,
    INCLUSIVE_NAMESPACES: frozenset({"PrefixList"}),
    xenc("EncryptedData"): _ENCRYPTED,
    xenc("EncryptedKey"): _ENCRYPTED | {"Recipient"},
    xenc("EncryptionMethod"): _ALGORITHM,
    xenc("DataReference"): frozenset({"URI"}),
    f"{{{XENC11}}}MGF": _ALGORITHM,
}
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Elements where the schemas allow attributes of other namespaces.
OPEN = frozenset({saml("Attribute"), saml("AttributeValue"), saml("SubjectConfirmationData")})

# What we read is in these namespaces. No element of them may stand where anything else may.
KNOWN_NAMESPACES = frozenset({SAML, SAMLP, DS, DSIG11, XENC, XENC11})
