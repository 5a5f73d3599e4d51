"""Metadata of an identity provider, written as a test needs it."""

from __future__ import annotations

from sso.saml.names import BINDING_POST, BINDING_REDIRECT, MD
from tests.saml.certificate_forms import bare_base64_of, certificate, rsa_key

ENTITY_ID = "https://app.onelogin.com/saml/metadata/77"
POST_URL = "https://acme.onelogin.com/trust/saml2/http-post/sso/77"
REDIRECT_URL = "https://acme.onelogin.com/trust/saml2/http-redirect/sso/77"
SIGNING = certificate()
OTHER = certificate(rsa_key(number=1), subject="Other")


def key(body: str, use: str = ' use="signing"') -> str:
    return (
        f'<KeyDescriptor{use}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>"
    )


def service(binding: str = BINDING_REDIRECT, location: str = REDIRECT_URL) -> str:
    return f'<SingleSignOnService Binding="{binding}" Location="{location}"/>'


def entity(*parts: str, entity_id: str = ENTITY_ID, role: str = "IDPSSODescriptor") -> str:
    return (
        f'<EntityDescriptor xmlns="{MD}" entityID="{entity_id}"><{role} '
        f'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{"".join(parts)}</{role}></EntityDescriptor>'
    )


def entities(*each: str) -> bytes:
    return f'<EntitiesDescriptor xmlns="{MD}">{"".join(each)}</EntitiesDescriptor>'.encode()


WHOLE = entity(key(bare_base64_of(SIGNING)), service(BINDING_POST, POST_URL), service())
