"""An app of the kind "SAML Custom Connector (Advanced)", with every setting that OneLogin has for it.

The values of the choices are the words that OneLogin shows. The API takes the same words.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from sso.simulator.directory import OneLoginField

CONNECTOR_NAME = "SAML Custom Connector (Advanced)"
GENERIC_ISSUER = "https://app.onelogin.com/saml/metadata/{id}"


class SamlInitiator(StrEnum):
    """Who starts when the tile is clicked."""

    ONELOGIN = "OneLogin"
    SERVICE_PROVIDER = "Service Provider"


class NameIdFormat(StrEnum):
    """The format of the NameID."""

    EMAIL = "Email"
    TRANSIENT = "Transient"
    PERSISTENT = "Persistent"
    UNSPECIFIED = "Unspecified"

    @property
    def uri(self) -> str:
        """The identifier of SAML core 8.3."""
        return {
            NameIdFormat.EMAIL: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            NameIdFormat.TRANSIENT: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
            NameIdFormat.PERSISTENT: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            NameIdFormat.UNSPECIFIED: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        }[self]


class IssuerType(StrEnum):
    """Whether the issuer names this account's own host or OneLogin's general one."""

    SPECIFIC = "Specific"
    GENERIC = "Generic"


class SignatureElement(StrEnum):
    """What is signed."""

    RESPONSE = "Response"
    ASSERTION = "Assertion"
    BOTH = "Both"


class SignatureAlgorithm(StrEnum):
    """The hash of the signature. The key decides between RSA and ECDSA."""

    SHA1 = "SHA-1"
    SHA256 = "SHA-256"
    SHA384 = "SHA-384"
    SHA512 = "SHA-512"


class EncryptionMethod(StrEnum):
    """The block cipher of an encrypted assertion. OneLogin has no GCM; the stand-in adds it for tests."""

    TRIPLEDES_CBC = "TRIPLEDES-CBC"
    AES_128_CBC = "AES-128-CBC"
    AES_192_CBC = "AES-192-CBC"
    AES_256_CBC = "AES-256-CBC"
    AES_128_GCM = "AES-128-GCM"
    AES_256_GCM = "AES-256-GCM"


class DestinationMode(StrEnum):
    """What the Destination of a response holds. OneLogin was seen to send all three."""

    ACS = "acs"
    EMPTY = "empty"
    MISSING = "missing"


@dataclass(kw_only=True)
class Parameter:
    """One row of the Parameters tab."""

    name: str
    value: OneLoginField = OneLoginField.EMAIL
    macro: str = ""
    include: bool = False


@dataclass(kw_only=True)
class SamlApp:
    """One app, with all its tabs."""

    id: int = 0
    # Info
    name: str
    description: str = ""
    visible_in_portal: bool = True
    # Configuration
    relay_state: str = ""
    audience: str = ""
    recipient: str = ""
    acs_validator: str = ""
    acs_url: str = ""
    single_logout_url: str = ""
    login_url: str = ""
    saml_initiator: SamlInitiator = SamlInitiator.ONELOGIN
    name_id_format: NameIdFormat = NameIdFormat.EMAIL
    issuer_type: IssuerType = IssuerType.SPECIFIC
    signature_element: SignatureElement = SignatureElement.RESPONSE
    encrypt_assertion: bool = False
    encryption_method: EncryptionMethod = EncryptionMethod.TRIPLEDES_CBC
    encryption_certificate: str = ""
    not_before_minutes: int = 3
    not_on_or_after_minutes: int = 3
    session_minutes: int = 1440
    empty_attribute_values: bool = False
    sign_slo_request: bool = False
    sign_slo_response: bool = False
    # Parameters
    name_id_value: OneLoginField = OneLoginField.EMAIL
    name_id_macro: str = ""
    parameters: list[Parameter] = field(default_factory=list)
    # SSO
    certificate: str = ""
    signature_algorithm: SignatureAlgorithm = SignatureAlgorithm.SHA256
    # Access and Users
    roles: list[str] = field(default_factory=list)
    users: list[int] = field(default_factory=list)
    # Only by the API: faults of real responses that no field of the console makes
    recipient_placeholder: bool = False
    destination_mode: DestinationMode = DestinationMode.ACS
    status: str = ""
    clock_offset_seconds: int = 0

    def issuer(self, base_url: str) -> str:
        """The Issuer URL: this stand-in's own metadata address, or OneLogin's general one."""
        if self.issuer_type is IssuerType.GENERIC:
            return GENERIC_ISSUER.format(id=self.id)
        return f"{base_url}/saml/metadata/{self.id}"

    def sso_url(self, base_url: str) -> str:
        """SAML 2.0 Endpoint (HTTP)."""
        return f"{base_url}/trust/saml2/http-post/sso/{self.id}"

    def slo_url(self, base_url: str) -> str:
        """SLO Endpoint (HTTP)."""
        return f"{base_url}/trust/saml2/http-redirect/slo/{self.id}"

    def accepts_acs_url(self, url: str) -> bool:
        """Whether the ACS (Consumer) URL Validator lets a request name this URL.

        The validator is searched for, as OneLogin does: without ^ and $ it may match in the middle.
        An empty or broken validator lets nothing pass.
        """
        if not self.acs_validator or not url.startswith(("https://", "http://")):
            return False
        try:
            return re.search(self.acs_validator, url) is not None
        except re.error:
            return False
