"""Mass-produces unique signed responses: the text of tests/saml/messages.py, signed by xmlsec in half a millisecond."""

from __future__ import annotations

import base64
import functools
from dataclasses import dataclass, field
from typing import Any

import xmlsec
from cryptography.hazmat.primitives import serialization
from lxml import etree

from tests.saml.messages import ISSUER, IdentityProvider, Message, key_of

__all__ = ["ISSUER", "Addressee", "Signer"]


@dataclass(frozen=True)
class Addressee:
    """Whom responses are for: the ACS URL and the Entity ID (audience) of a service provider."""

    acs_url: str
    entity_id: str


@dataclass(frozen=True)
class Signer:
    """An identity provider with one RSA key of 2048 bits, held ready."""

    _idp: IdentityProvider = field(default_factory=IdentityProvider)

    @property
    def pem(self) -> str:
        return self._idp.pem

    def response(self, to: Addressee, email: str) -> str:
        """The SAMLResponse field: unsolicited, its assertion signed (RSA-SHA256), valid for three minutes."""
        message = Message(
            destination=to.acs_url,
            recipient=to.acs_url,
            audiences=(to.entity_id,),
            name_id=email,
            attributes=(
                ("email", (email,)),
                ("firstName", (email.partition("@")[0].capitalize(),)),
                ("lastName", ("Person",)),
            ),
        )
        root = etree.fromstring(message.xml())
        xmlsec.tree.add_ids(root, ["ID"])
        context = xmlsec.SignatureContext()
        context.key = _key(self.pem)
        context.sign(_template(root[-1]))
        return base64.b64encode(etree.tostring(root)).decode()


def _template(assertion: etree._Element) -> etree._Element:
    """An empty enveloped signature behind the Issuer."""
    algorithms = xmlsec.constants
    signature: etree._Element = xmlsec.template.create(
        assertion, algorithms.TransformExclC14N, algorithms.TransformRsaSha256, ns="ds"
    )
    reference = xmlsec.template.add_reference(
        signature, algorithms.TransformSha256, uri=f"#{assertion.get('ID')}"
    )
    xmlsec.template.add_transform(reference, algorithms.TransformEnveloped)
    xmlsec.template.add_transform(reference, algorithms.TransformExclC14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    assertion[0].addnext(signature)
    return signature


@functools.cache
def _key(certificate: str) -> Any:
    pem = key_of("rsa").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
    key.load_cert_from_memory(certificate.encode(), xmlsec.constants.KeyDataFormatPem)
    return key
