"""Writes our own metadata as a service provider (SAML metadata 2.3.2, 2.4.1.1, 2.4.4)."""

from __future__ import annotations

from lxml import etree

from sso.saml.names import BINDING_POST, DS, MD, NAME_ID_EMAIL, SAMLP, ds, md


def service_provider_metadata(sp_entity_id: str, acs_url: str, encryption_certificate_pem: str) -> bytes:
    """The metadata of one connection as UTF-8 XML.

    An empty certificate leaves out the KeyDescriptor, so that the identity provider does not encrypt.
    """
    root = etree.Element(md("EntityDescriptor"), nsmap={"md": MD, "ds": DS}, entityID=sp_entity_id)
    sp = etree.SubElement(
        root,
        md("SPSSODescriptor"),
        AuthnRequestsSigned="false",
        WantAssertionsSigned="true",
        protocolSupportEnumeration=SAMLP,
    )
    if encryption_certificate_pem:
        descriptor = etree.SubElement(sp, md("KeyDescriptor"), use="encryption")
        data = etree.SubElement(etree.SubElement(descriptor, ds("KeyInfo")), ds("X509Data"))
        lines = encryption_certificate_pem.splitlines()
        etree.SubElement(data, ds("X509Certificate")).text = "".join(
            line for line in lines if not line.startswith("-----")
        )
    etree.SubElement(sp, md("NameIDFormat")).text = NAME_ID_EMAIL
    etree.SubElement(
        sp,
        md("AssertionConsumerService"),
        Binding=BINDING_POST,
        Location=acs_url,
        index="0",
        isDefault="true",
    )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
