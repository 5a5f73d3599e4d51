"""Reads an identity provider's metadata (SAML metadata 2.3.2, 2.4.1, 2.4.3)."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from sso.saml.names import BINDING_POST, BINDING_REDIRECT, SAMLP, ds, md
from sso.saml.pasted.copied_text import visible
from sso.saml.pasted.metadata_files import MAX_BYTES, problem_of_root, read_xml
from sso.saml.pasted.metadata_problems import MetadataProblem, MetadataRefused

__all__ = ["MAX_BYTES", "IdpMetadata", "MetadataProblem", "MetadataRefused", "read_idp_metadata"]

_WS_FEDERATION = "http://docs.oasis-open.org/wsfed/federation/200706"
_CERTIFICATES = f"{ds('KeyInfo')}/{ds('X509Data')}/{ds('X509Certificate')}"


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


def read_idp_metadata(data: bytes, own_site: str = "") -> IdpMetadata:
    """Read the metadata of one identity provider: XML of at most 1 MiB.

    The SSO URL is the one for HTTP-Redirect if there is one, else the one for HTTP-POST. The signing keys are those of a
    KeyDescriptor with `use="signing"` or without `use` (metadata 2.4.1.1). A signature on the document is not verified:
    we trust it because an admin uploaded it, as we trust a pasted certificate. `own_site` is our base URL, by which our
    own metadata are recognised.

    Raises MetadataRefused, and nothing else.
    """
    entity, idp = _identity_provider(read_xml(data), own_site)
    entity_id = visible(entity.get("entityID", "")).strip()
    if not entity_id:
        raise MetadataRefused(MetadataProblem.NO_ENTITY_ID)
    url, takes_redirect = _sso_url(idp)
    ends = [end for each in (idp, *idp.iterancestors()) if (end := _moment(each.get("validUntil", "")))]
    return IdpMetadata(entity_id, url, _signing_keys(idp), takes_redirect, min(ends, default=None))


def _identity_provider(root: etree._Element, own_site: str) -> tuple[etree._Element, etree._Element]:
    """The one entity that is a SAML 2.0 identity provider, and its descriptor."""
    if root.tag not in (md("EntityDescriptor"), md("EntitiesDescriptor")):
        raise MetadataRefused(problem_of_root(root))
    entities = list(root.iter(md("EntityDescriptor")))
    found = [(entity, idp) for entity in entities if (idp := _saml_2_provider(entity)) is not None]
    match found:
        case [provider]:
            return provider
        case []:
            raise MetadataRefused(_why_no_provider(entities, own_site))
    raise MetadataRefused(MetadataProblem.SEVERAL_ENTITIES)


def _saml_2_provider(entity: etree._Element) -> etree._Element | None:
    """The descriptor for SAML 2.0: one for SAML 1 may stand beside it (metadata 2.4.1, protocolSupportEnumeration)."""
    for each in entity.findall(md("IDPSSODescriptor")):
        if SAMLP in each.get("protocolSupportEnumeration", SAMLP).split():
            return each
    return None


def _why_no_provider(entities: list[etree._Element], own_site: str) -> MetadataProblem:
    roles = {each.tag for entity in entities for each in entity}
    if md("IDPSSODescriptor") in roles:
        return MetadataProblem.SAML_1
    if md("SPSSODescriptor") in roles:
        is_ours = any(entity.get("entityID", "").startswith(f"{own_site}/") for entity in entities)
        return MetadataProblem.OUR_OWN if is_ours else MetadataProblem.SERVICE_PROVIDER
    speaks_ws_federation = any(
        _WS_FEDERATION in each.get("protocolSupportEnumeration", "").split()
        for entity in entities
        for each in entity.findall(md("RoleDescriptor"))
    )
    return MetadataProblem.WS_FEDERATION if speaks_ws_federation else MetadataProblem.NO_IDP


def _sso_url(idp: etree._Element) -> tuple[str, bool]:
    locations: dict[str, str] = {}
    for service in idp.findall(md("SingleSignOnService")):
        locations.setdefault(service.get("Binding", "").strip(), service.get("Location", "").strip())
    if url := locations.get(BINDING_REDIRECT):
        return url, True
    if url := locations.get(BINDING_POST):
        return url, False
    has_others = locations.keys() - {BINDING_REDIRECT, BINDING_POST}
    raise MetadataRefused(MetadataProblem.OTHER_BINDINGS if has_others else MetadataProblem.NO_SSO_URL)


def _signing_keys(idp: etree._Element) -> tuple[tuple[bytes, ...], ...]:
    """The certificates of each signing KeyDescriptor, each once (metadata 2.4.1.1).

    A KeyDescriptor describes one key. Several certificates in it are a chain (xmldsig-core 4.4.4). Those of an
    EncryptedKey in it are of whom that is encrypted to.
    """
    keys = [
        tuple(_certificate(element) for element in descriptor.iterfind(_CERTIFICATES))
        for descriptor in idp.findall(md("KeyDescriptor"))
        if descriptor.get("use", "").strip().lower() in ("signing", "")
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


def _moment(text: str) -> datetime | None:
    """The time of a validUntil. One without a zone is taken as UTC: it only serves a hint."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
