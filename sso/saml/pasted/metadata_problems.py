"""Why a document can't be read as an identity provider's metadata, with a sentence for each reason."""

from __future__ import annotations

from enum import StrEnum

from sso.phrases import gettext_noop
from sso.saml.pasted.certificate_problems import CertificateProblem


class MetadataProblem(StrEnum):
    """Why a document can't be read as the metadata of one identity provider."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_XML = "not_xml"
    FORBIDDEN_XML = "forbidden_xml"
    HTML = "html"
    OPENID = "openid"
    DOCUMENT = "document"
    WEB_ADDRESS = "web_address"
    CERTIFICATE = "certificate"
    PRIVATE_KEY = "private_key"
    NOT_METADATA = "not_metadata"
    MESSAGE = "message"
    SEVERAL_ENTITIES = "several_entities"
    OUR_OWN = "our_own"
    SERVICE_PROVIDER = "service_provider"
    WS_FEDERATION = "ws_federation"
    NO_IDP = "no_idp"
    SAML_1 = "saml_1"
    NO_ENTITY_ID = "no_entity_id"
    NO_SSO_URL = "no_sso_url"
    OTHER_BINDINGS = "other_bindings"
    NO_CERTIFICATE = "no_certificate"
    NO_USABLE_CERTIFICATE = "no_usable_certificate"

    @property
    def sentence(self) -> str:
        """What the admin reads: what arrived, and what to do instead."""
        return _SENTENCES[self]


_SENTENCES = {
    MetadataProblem.EMPTY: gettext_noop("The file is empty."),
    MetadataProblem.TOO_LARGE: gettext_noop(
        "The file is larger than 1 MB. Metadata of one app is a few kilobytes."
    ),
    MetadataProblem.NOT_XML: gettext_noop("This is not an XML file. Download the SAML metadata again."),
    MetadataProblem.FORBIDDEN_XML: gettext_noop(
        "The file has a document type declaration (DTD), which is never read."
    ),
    MetadataProblem.HTML: gettext_noop(
        "This is a web page, not metadata. Perhaps the download asked you to sign in."
    ),
    MetadataProblem.OPENID: gettext_noop(
        "This is JSON, such as an OpenID Connect configuration. JustCall speaks SAML 2.0: download the SAML metadata, an "
        "XML file."
    ),
    MetadataProblem.DOCUMENT: gettext_noop(
        "This is a PDF, an Office document or an archive. Download the SAML metadata, an XML file; unpack it first if it "
        "is in an archive."
    ),
    MetadataProblem.WEB_ADDRESS: gettext_noop("This is only a web address. Enter it in Metadata URL."),
    MetadataProblem.CERTIFICATE: gettext_noop(
        "This is a certificate, not metadata. Choose it below, at “Or upload the certificate”."
    ),
    MetadataProblem.PRIVATE_KEY: gettext_noop(
        "This is a private key. We have not kept any of it. Treat it as exposed and replace it."
    ),
    MetadataProblem.NOT_METADATA: gettext_noop(
        "This is XML, but not SAML metadata. Download the identity provider's SAML metadata again."
    ),
    MetadataProblem.MESSAGE: gettext_noop(
        "This is a SAML message, not metadata. If a sign-in has failed, paste it at Troubleshoot single sign-on."
    ),
    MetadataProblem.SEVERAL_ENTITIES: gettext_noop(
        "The file describes several identity providers. Download the metadata of this one app."
    ),
    MetadataProblem.OUR_OWN: gettext_noop(
        "This is JustCall's own metadata, which your identity provider reads. Download the identity provider's."
    ),
    MetadataProblem.SERVICE_PROVIDER: gettext_noop(
        "This is the metadata of a service provider. Download the identity provider's."
    ),
    MetadataProblem.WS_FEDERATION: gettext_noop(
        "This is metadata for WS-Federation alone. Download the identity provider's metadata for SAML 2.0."
    ),
    MetadataProblem.NO_IDP: gettext_noop(
        "It describes no identity provider. Download the identity provider's SAML metadata."
    ),
    MetadataProblem.SAML_1: gettext_noop(
        "The metadata describes an identity provider of SAML 1 only. Download the metadata for SAML 2.0."
    ),
    MetadataProblem.NO_ENTITY_ID: gettext_noop(
        "The metadata names no entityID, so there is no issuer to save."
    ),
    MetadataProblem.NO_SSO_URL: gettext_noop("The metadata has no SSO URL for HTTP-Redirect or HTTP-POST."),
    MetadataProblem.OTHER_BINDINGS: gettext_noop(
        "The metadata has SSO URLs for other bindings alone, such as SOAP. JustCall sends requests by HTTP-Redirect: "
        "switch that on at the identity provider, then download the metadata again."
    ),
    MetadataProblem.NO_CERTIFICATE: gettext_noop("The metadata has no signing certificate."),
    MetadataProblem.NO_USABLE_CERTIFICATE: gettext_noop(
        "The metadata has no signing certificate that can be used."
    ),
}


class MetadataRefused(Exception):
    """The document is not the metadata of one identity provider. Keeps nothing of the document.

    `certificates` has the problem of each certificate if none can be used.
    """

    def __init__(self, problem: MetadataProblem, certificates: tuple[CertificateProblem, ...] = ()) -> None:
        super().__init__(problem.value)
        self.problem, self.certificates = problem, certificates
