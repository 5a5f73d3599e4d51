"""A service provider for pysaml2 and djangosaml2, set up as their documents say."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

_METADATA = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{issuer}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
      <ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>
    </ds:KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{issuer}"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""


def service_provider(entity_id: str, acs_url: str, issuer: str, pem: str) -> dict[str, Any]:
    """The configuration that pysaml2 loads: signed assertions wanted, unsolicited responses allowed."""
    body = "".join(line for line in pem.splitlines() if "-----" not in line)
    with tempfile.NamedTemporaryFile("w", suffix=".xml", delete=False) as metadata:
        metadata.write(_METADATA.format(issuer=issuer, certificate=body))
    return {
        "entityid": entity_id,
        "allow_unknown_attributes": True,
        "metadata": {"local": [str(Path(metadata.name))]},
        "service": {
            "sp": {
                "endpoints": {
                    "assertion_consumer_service": [
                        (acs_url, "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST")
                    ]
                },
                "allow_unsolicited": True,
                "want_assertions_signed": True,
                "want_response_signed": False,
            }
        },
    }
