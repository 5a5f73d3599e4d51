"""Reads an identity provider's metadata (SAML metadata 2.3.2, 2.4.1, 2.4.3)."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from sso.phrases import gettext_noop
from sso.saml.instants import read_instant
from sso.saml.names import BINDING_POST, BINDING_REDIRECT, SAMLP, ds, md
from sso.saml.pasted.certificate_problems import CertificateProblem

MAX_BYTES = 1024 * 1024
_BLANKS = b" \t\r\n\xef\xbb\xbf"
# An HTML page, behind an XML declaration or comments if there are any.
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?[^>]*>|<!--(?:[^-]|-(?!->))*-->)*<(?:!doctype\s+html|html)\b", re.I
)


class MetadataProblem(StrEnum):
    """Why a document can't be read as the metadata of one identity provider."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_XML = "not_xml"
    FORBIDDEN_XML = "forbidden_xml"
    HTML = "html"
    OPENID = "openid"
    CERTIFICATE = "certificate"
    NOT_METADATA = "not_metadata"
    SEVERAL_ENTITIES = "several_entities"
    NO_IDP = "no_idp"
    SAML_1 = "saml_1"
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
    MetadataProblem.OPENID: gettext_noop(
        "This is JSON, such as an OpenID Connect configuration. JustCall speaks SAML 2.0: download the SAML metadata, an "
        "XML file."
    ),
    MetadataProblem.CERTIFICATE: gettext_noop(
        "This is a certificate, not metadata. Choose it below, at “Or upload the certificate”."
    ),
    MetadataProblem.NOT_METADATA: gettext_noop("This is XML, but not SAML metadata."),
    MetadataProblem.SEVERAL_ENTITIES: gettext_noop(
        "The file describes several entities. Download the metadata of this one app."
    ),
    MetadataProblem.NO_IDP: gettext_noop(
        "It describes no SAML 2.0 identity provider; perhaps a service provider, such as our own, or WS-Federation "
        "alone. Download the identity provider's SAML metadata."
    ),
    MetadataProblem.SAML_1: gettext_noop(
        "The metadata describes an identity provider of SAML 1 only. Download the metadata for SAML 2.0."
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
    `takes_redirect`: its SSO URL is for HTTP-Redirect. `valid_until` (aware) is the earliest end that the document names.
    """

    entity_id: str
    sso_url: str
    signing_keys: tuple[tuple[bytes, ...], ...]
    takes_redirect: bool = True
    valid_until: datetime | None = None


def read_idp_metadata(data: bytes) -> IdpMetadata:
    """Read the metadata of one identity provider: XML of at most 1 MiB.

    The SSO URL is the one for HTTP-Redirect if there is one, else the one for HTTP-POST. The signing keys are those of a
    KeyDescriptor with `use="signing"` or without `use` (metadata 2.4.1.1). A signature on the document is not verified:
    we trust it because an admin uploaded it, as we trust a pasted certificate.

    Raises MetadataRefused, and nothing else.
    """
    root = _parse(data)
    entity = _entity(root)
    idp = _saml_2_provider(entity)
    entity_id = entity.get("entityID", "").strip()
    if not entity_id:
        raise MetadataRefused(MetadataProblem.NO_ENTITY_ID)
    url, takes_redirect = _sso_url(idp)
    ends = [end for each in (root, entity, idp) if (end := read_instant(each.get("validUntil", "")))]
    return IdpMetadata(entity_id, url, _signing_keys(idp), takes_redirect, min(ends, default=None))


def _parse(data: bytes) -> etree._Element:
    if len(data) > MAX_BYTES:
        raise MetadataRefused(MetadataProblem.TOO_LARGE)
    if not data.strip():
        raise MetadataRefused(MetadataProblem.EMPTY)
    if problem := _other_kind(data):
        raise MetadataRefused(problem)
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


def _other_kind(data: bytes) -> MetadataProblem | None:
    """What people take for metadata, or None."""
    if _WEB_PAGE.match(data):
        return MetadataProblem.HTML
    begins_with = data.lstrip(_BLANKS)[:1]
    if begins_with == b"{":
        return MetadataProblem.OPENID
    is_certificate = begins_with != b"<" and b"-----BEGIN CERTIFICATE-----" in data
    return MetadataProblem.CERTIFICATE if is_certificate else None


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


def _saml_2_provider(entity: etree._Element) -> etree._Element:
    """The descriptor for SAML 2.0: one for SAML 1 may stand beside it (metadata 2.4.1, protocolSupportEnumeration)."""
    descriptors = entity.findall(md("IDPSSODescriptor"))
    if not descriptors:
        raise MetadataRefused(MetadataProblem.NO_IDP)
    for each in descriptors:
        if SAMLP in each.get("protocolSupportEnumeration", SAMLP).split():
            return each
    raise MetadataRefused(MetadataProblem.SAML_1)


def _sso_url(idp: etree._Element) -> tuple[str, bool]:
    locations: dict[str, str] = {}
    for service in idp.findall(md("SingleSignOnService")):
        locations.setdefault(service.get("Binding", ""), service.get("Location", "").strip())
    url = locations.get(BINDING_REDIRECT)
    if url:
        return url, True
    url = locations.get(BINDING_POST)
    if not url:
        raise MetadataRefused(MetadataProblem.NO_SSO_URL)
    return url, False


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
