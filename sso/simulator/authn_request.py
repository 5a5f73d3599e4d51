"""Reads the service provider's AuthnRequest (SAML core 3.4.1; bindings 3.4.4.1 and 3.5.4)."""

import base64
import binascii
import zlib
from dataclasses import dataclass

from lxml import etree

SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
MAX_BYTES = 64 * 1024


class RequestUnreadable(Exception):
    """What arrived is not an AuthnRequest."""


@dataclass(frozen=True, kw_only=True)
class AuthnRequest:
    """What OneLogin reads of a request. It verifies no signature and accepts every issuer."""

    id: str
    issuer: str = ""
    acs_url: str = ""
    force_authn: bool = False
    is_passive: bool = False
    relay_state: str = ""


def read_redirect(saml_request: str, relay_state: str) -> AuthnRequest:
    """From the query string of HTTP-Redirect: base64 of raw DEFLATE."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        xml = inflater.decompress(_decoded(saml_request), MAX_BYTES)
    except zlib.error as trouble:
        raise RequestUnreadable("The SAMLRequest is not deflated.") from trouble
    if inflater.unconsumed_tail:
        raise RequestUnreadable("The SAMLRequest is too large.")
    return _parse(xml, relay_state)


def read_post(saml_request: str, relay_state: str) -> AuthnRequest:
    """From the form of HTTP-POST: base64."""
    return _parse(_decoded(saml_request), relay_state)


def _decoded(value: str) -> bytes:
    if len(value) > MAX_BYTES:
        raise RequestUnreadable("The SAMLRequest is too large.")
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError) as trouble:
        raise RequestUnreadable("The SAMLRequest is not base64.") from trouble


def _parse(xml: bytes, relay_state: str) -> AuthnRequest:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as trouble:
        raise RequestUnreadable("The SAMLRequest is not XML.") from trouble
    if root.tag != f"{{{SAMLP}}}AuthnRequest":
        raise RequestUnreadable("The SAMLRequest is not an AuthnRequest.")
    if not root.get("ID"):
        raise RequestUnreadable("The AuthnRequest has no ID.")
    return AuthnRequest(
        id=root.get("ID", ""),
        issuer=(root.findtext(f"{{{SAML}}}Issuer") or "").strip(),
        acs_url=root.get("AssertionConsumerServiceURL", ""),
        force_authn=root.get("ForceAuthn") in ("true", "1"),
        is_passive=root.get("IsPassive") in ("true", "1"),
        relay_state=relay_state,
    )
