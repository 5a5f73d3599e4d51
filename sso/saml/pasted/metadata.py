"""Reads an identity provider's metadata (SAML metadata 2.3.2, 2.4.1, 2.4.3)."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from sso.phrases import gettext_noop
from sso.saml.names import BINDING_POST, BINDING_REDIRECT, ds, md
from sso.saml.pasted.certificate_problems import CertificateProblem

MAX_BYTES = 1024 * 1024


class MetadataProblem(StrEnum):
    """Why a document can't be read as the metadata of one identity provider."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_XML = "not_xml"
    FORBIDDEN_XML = "forbidden_xml"
    HTML = "html"
    NOT_METADATA = "not_metadata"
    SEVERAL_ENTITIES = "several_entities"
    NO_IDP = "no_idp"
    NO_ENTITY_ID = "no_entity_id"
    NO_SSO_URL = "no_sso_url"
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
    MetadataProblem.NOT_METADATA: gettext_noop("This is XML, but not SAML metadata."),
    MetadataProblem.SEVERAL_ENTITIES: gettext_noop(
        "The file describes several entities. Download the metadata of this one app."
    ),
    MetadataProblem.NO_IDP: gettext_noop(
        "This is the metadata of a service provider, such as our own. Download the identity provider's."
    ),
    MetadataProblem.NO_ENTITY_ID: gettext_noop(
        "The metadata names no entityID, so there is no issuer to save."
    ),
    MetadataProblem.NO_SSO_URL: gettext_noop("The metadata has no SSO URL for HTTP-Redirect or HTTP-POST."),
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


@dataclass(frozen=True, slots=True)
class IdpMetadata:
    """What a connection needs to know of an identity provider.

    `signing_keys` has the certificates (DER) of each signing key in the order of the document: one, or a chain.
    """

    entity_id: str
    sso_url: str
    signing_keys: tuple[tuple[bytes, ...], ...]


def read_idp_metadata(data: bytes) -> IdpMetadata:
    """Read the metadata of one identity provider: XML of at most 1 MiB.

    The SSO URL is the one for HTTP-Redirect if there is one, else the one for HTTP-POST. The signing keys are those of a
    KeyDescriptor with `use="signing"` or without `use` (metadata 2.4.1.1). A signature on the document is not verified:
    we trust it because an admin uploaded it, as we trust a pasted certificate.

    Raises MetadataRefused, and nothing else.
    """
    entity = _entity(_parse(data))
    idp = entity.find(md("IDPSSODescriptor"))
    if idp is None:
        raise MetadataRefused(MetadataProblem.NO_IDP)
    entity_id = entity.get("entityID", "").strip()
    if not entity_id:
        raise MetadataRefused(MetadataProblem.NO_ENTITY_ID)
    return IdpMetadata(entity_id, _sso_url(idp), _signing_keys(idp))


def _parse(data: bytes) -> etree._Element:
    if len(data) > MAX_BYTES:
        raise MetadataRefused(MetadataProblem.TOO_LARGE)
    if not data.strip():
        raise MetadataRefused(MetadataProblem.EMPTY)
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", data, re.I):
        raise MetadataRefused(MetadataProblem.HTML)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    # This stops a DTD in UTF-8 before the parser reads it. A DTD in UTF-16 is found after parsing, below.
    if b"<!DOCTYPE" in data:
        raise MetadataRefused(MetadataProblem.FORBIDDEN_XML)
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise MetadataRefused(MetadataProblem.NOT_XML) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise MetadataRefused(MetadataProblem.FORBIDDEN_XML)
    return root


def _entity(root: etree._Element) -> etree._Element:
    if root.tag == md("EntityDescriptor"):
        return root
    if root.tag != md("EntitiesDescriptor"):
        raise MetadataRefused(MetadataProblem.NOT_METADATA)
    providers = [
        entity
        for entity in root.iter(md("EntityDescriptor"))
        if entity.find(md("IDPSSODescriptor")) is not None
    ]
    match providers:
        case [provider]:
            return provider
        case []:
            raise MetadataRefused(MetadataProblem.NO_IDP)
    raise MetadataRefused(MetadataProblem.SEVERAL_ENTITIES)


def _sso_url(idp: etree._Element) -> str:
    locations: dict[str, str] = {}
    for service in idp.findall(md("SingleSignOnService")):
        locations.setdefault(service.get("Binding", ""), service.get("Location", "").strip())
    url = locations.get(BINDING_REDIRECT) or locations.get(BINDING_POST)
    if not url:
        raise MetadataRefused(MetadataProblem.NO_SSO_URL)
    return url


def _signing_keys(idp: etree._Element) -> tuple[tuple[bytes, ...], ...]:
    """The certificates of each signing KeyDescriptor, each once (metadata 2.4.1.1).

    A KeyDescriptor describes one key. Several certificates in it are a chain (xmldsig-core 4.4.4).
    """
    keys = [
        tuple(_certificate(element) for element in descriptor.iter(ds("X509Certificate")))
        for descriptor in idp.findall(md("KeyDescriptor"))
        if descriptor.get("use", "signing") == "signing"
    ]
    found = tuple(dict.fromkeys(key for key in keys if key))
    if not found:
        raise MetadataRefused(MetadataProblem.NO_CERTIFICATE)
    return found


def _certificate(element: etree._Element) -> bytes:
    text = element.text or ""
    try:
        return b64decode("".join(text.split()), validate=True)
    except ValueError:
        # Not base64. We keep the text, and the certificate reader says what is wrong with it.
        return text.encode()
