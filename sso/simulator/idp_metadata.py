"""The identity provider's metadata, one file for each app (SAML metadata 2.4.3)."""

import base64

from lxml import etree

from sso.simulator.connector import NameIdFormat, SamlApp
from sso.simulator.signing_keys import Certificate

MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:"


def metadata_of(app: SamlApp, certificate: Certificate, base_url: str) -> bytes:
    """The EntityDescriptor as an XML file."""
    root = etree.Element(
        f"{{{MD}}}EntityDescriptor",
        nsmap={None: MD, "ds": DS},  # type: ignore[dict-item]  # None: the default namespace
        entityID=app.issuer(base_url),
    )
    idp = etree.SubElement(
        root,
        f"{{{MD}}}IDPSSODescriptor",
        WantAuthnRequestsSigned="false",
        protocolSupportEnumeration=PROTOCOL,
    )
    key = etree.SubElement(idp, f"{{{MD}}}KeyDescriptor", use="signing")
    data = etree.SubElement(etree.SubElement(key, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
    encoded = base64.encodebytes(certificate.der).decode().strip()
    etree.SubElement(data, f"{{{DS}}}X509Certificate").text = encoded
    etree.SubElement(
        idp, f"{{{MD}}}SingleLogoutService", Binding=BINDING + "HTTP-Redirect", Location=app.slo_url(base_url)
    )
    chosen_first = sorted(NameIdFormat, key=lambda name_format: name_format is not app.name_id_format)
    for name_format in chosen_first:
        etree.SubElement(idp, f"{{{MD}}}NameIDFormat").text = name_format.uri
    for binding in ("HTTP-Redirect", "HTTP-POST"):
        etree.SubElement(
            idp, f"{{{MD}}}SingleSignOnService", Binding=BINDING + binding, Location=app.sso_url(base_url)
        )
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
