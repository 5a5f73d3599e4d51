"""Removes from a response what must not be stored or shown: signatures, ciphertexts, identifiers."""

from __future__ import annotations

import copy

from lxml import etree

from sso.saml.names import DS, XENC, ds, saml

_MAX_LENGTH = 20_000


def redact(root: etree._Element) -> str:
    """The response as indented XML of at most 20,000 characters, which nobody can use to sign in.

    Signature, digest, certificate and cipher values are replaced. NameID, IDs and SessionIndex are shortened.
    """
    shown = copy.deepcopy(root)
    for tag in (ds("SignatureValue"), ds("DigestValue"), ds("X509Certificate"), f"{{{XENC}}}CipherValue"):
        for node in shown.iter(tag):
            node.text = "…"
    for node in shown.iter(saml("NameID")):
        node.text = shorten(node.text or "")
    for element in shown.iter():
        for name in ("ID", "URI", "SessionIndex"):
            value = element.get(name)
            if value is not None and (name != "URI" or etree.QName(element).namespace == DS):
                element.set(name, shorten(value))
    etree.indent(shown)
    return etree.tostring(shown, encoding="unicode")[:_MAX_LENGTH]


def shorten(text: str) -> str:
    """The first four characters of a value that is longer than six."""
    return text if len(text) <= 6 else f"{text[:4]}…"
