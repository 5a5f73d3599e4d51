"""Namespaces, qualified tags and identifiers (SAML core 8, bindings 3, xmldsig-core, xmlenc-core1)."""

from __future__ import annotations

from lxml import etree

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
DSIG11 = "http://www.w3.org/2009/xmldsig11#"
DSIG_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
EXC_C14N_WITH_COMMENTS = EXC_C14N + "WithComments"
ENVELOPED_SIGNATURE = DS + "enveloped-signature"
# In words, for whoever has to choose another one.
_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_C14N11 = "http://www.w3.org/2006/12/xml-c14n11"
C14N_NAMES = {
    EXC_C14N: "exclusive C14N",
    EXC_C14N_WITH_COMMENTS: "exclusive C14N with comments",
    _C14N: "inclusive C14N",
    f"{_C14N}#WithComments": "inclusive C14N with comments",
    _C14N11: "inclusive C14N 1.1",
    f"{_C14N11}#WithComments": "inclusive C14N 1.1 with comments",
}
INCLUSIVE_NAMESPACES = f"{{{EXC_C14N}}}InclusiveNamespaces"

STATUS_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
ENTITY_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"

NAME_ID_EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
NAME_ID_PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
NAME_ID_TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"

BINDING_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
BINDING_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"

# What XML calls white space (xml 2.3). Other blanks are characters like any other.
XML_BLANKS = " \t\r\n"


def saml(name: str) -> str:
    """The qualified tag of an element of the assertion namespace."""
    return f"{{{SAML}}}{name}"


def samlp(name: str) -> str:
    """The qualified tag of an element of the protocol namespace."""
    return f"{{{SAMLP}}}{name}"


def md(name: str) -> str:
    """The qualified tag of an element of SAML metadata."""
    return f"{{{MD}}}{name}"


def ds(name: str) -> str:
    """The qualified tag of an element of XML Signature."""
    return f"{{{DS}}}{name}"


def identifier(node: etree._Element) -> str:
    """The URI in an Issuer or Audience, without the white space that a pretty-printer leaves around it.

    xs:anyURI collapses it (xmlschema-2 3.2.17). Within the URI it is a difference.
    """
    return (node.text or "").strip(XML_BLANKS)


def xenc(name: str) -> str:
    """The qualified tag of an element of XML Encryption."""
    return f"{{{XENC}}}{name}"
