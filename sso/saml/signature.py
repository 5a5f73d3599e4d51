"""Verifies signatures with saved certificates and returns only what they cover (SAML core 5.4).

What is returned is parsed again from the canonical bytes whose digest is signed (xmldsig-core 4.4.3). The certificate in
a message is never used to accept it.
"""

from __future__ import annotations

import base64
import copy
import functools
import hashlib
import hmac

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from lxml import etree

from sso.phrases import Phrase, Said, Several, Text
from sso.refusals import Refusal, Refused
from sso.saml.decryption import decrypt_assertion
from sso.saml.envelope import parse
from sso.saml.fingerprints import with_colons
from sso.saml.instants import write_instant
from sso.saml.names import (
    C14N_NAMES,
    DS,
    DSIG_MORE,
    ENVELOPED_SIGNATURE,
    EXC_C14N,
    EXC_C14N_WITH_COMMENTS,
    INCLUSIVE_NAMESPACES,
    XENC,
    ds,
    saml,
)
from sso.saml.shape import require_known_shape
from sso.saml.types import ConnectionConfig, PinnedCertificate, SignedAssertion, UnverifiedResponse

_RSA_PSS = "http://www.w3.org/2007/05/xmldsig-more#"
_HASHES = ("sha256", "sha384", "sha512")
SIGNATURE_METHODS = {
    *(f"{DSIG_MORE}rsa-{name}" for name in _HASHES),
    *(f"{DSIG_MORE}ecdsa-{name}" for name in _HASHES),
    *(f"{_RSA_PSS}{name}-rsa-MGF1" for name in _HASHES),
}
SHA1_SIGNATURE_METHODS = {f"{DS}rsa-sha1", f"{DSIG_MORE}ecdsa-sha1"}
DIGESTS = {f"{XENC}sha256": "sha256", f"{DSIG_MORE}sha384": "sha384", f"{XENC}sha512": "sha512"}
SHA1_DIGEST = f"{DS}sha1"
_C14N = {EXC_C14N, EXC_C14N_WITH_COMMENTS}


def verify(unverified: UnverifiedResponse, config: ConnectionConfig) -> SignedAssertion:
    """Return the assertion of a response, read from signed bytes only.

    The Response, the Assertion or both may be signed, and each signature must verify. An encrypted assertion is
    decrypted with the connection's private keys.

    Raises Refused: NOT_SIGNED, SIGNATURE_INVALID, CERTIFICATE_REPLACED, WEAK_ALGORITHM, OTHER_CANONICALIZATION,
    UNKNOWN_ENCRYPTION, CANNOT_DECRYPT, or what `require_known_shape` raises.
    """
    root = unverified.root
    response, response_certificate = root, None
    if root.find(ds("Signature")) is not None:
        response, response_certificate = _verified_copy(root, config)

    encrypted = root.find(saml("EncryptedAssertion"))
    # An assertion is taken from the document that arrived: its signature is verified there, because a canonical copy
    # may lack namespace declarations that its InclusiveNamespaces names.
    assertion = root.find(saml("Assertion")) if encrypted is None else _opened(encrypted, root, config)
    if assertion is None:
        raise Refused(Refusal.UNEXPECTED_STRUCTURE, expected=Phrase.AN_ASSERTION(), received=Phrase.NONE())
    if assertion.find(ds("Signature")) is not None:
        element, certificate = _verified_copy(assertion, config)
    elif response_certificate is not None:
        certificate = response_certificate
        covered = _covered_assertion(response, config)
        element = parse(_canonical(covered, ()))
    else:
        raise _not_signed()
    return SignedAssertion(
        element=element,
        response=response,
        response_is_signed=response_certificate is not None,
        certificate=certificate,
    )


def verify_response(unverified: UnverifiedResponse, config: ConnectionConfig) -> None:
    """Require that a trusted key has signed the Response itself, such as one without an assertion.

    Raises Refused: NOT_SIGNED, SIGNATURE_INVALID, CERTIFICATE_REPLACED, WEAK_ALGORITHM, OTHER_CANONICALIZATION,
    UNEXPECTED_STRUCTURE.
    """
    if unverified.root.find(ds("Signature")) is None:
        raise _not_signed()
    _verified_copy(unverified.root, config)


def _not_signed() -> Refused:
    return Refused(Refusal.NOT_SIGNED, expected=Phrase.SIGNED_SOMETHING(), received=Phrase.SIGNED_NOTHING())


def _opened(encrypted: etree._Element, response: etree._Element, config: ConnectionConfig) -> etree._Element:
    """The assertion that was encrypted, in a document of its own with the prefixes that were in scope around it."""
    assertion = decrypt_assertion(encrypted, config)
    require_known_shape(assertion, around=response)
    return assertion


def _covered_assertion(response: etree._Element, config: ConnectionConfig) -> etree._Element:
    """The assertion in the verified copy of a Response, without a signature of its own.

    A ciphertext is opened there once more: which namespace a prefix means must be signed as well.
    """
    encrypted = response.find(saml("EncryptedAssertion"))
    if encrypted is None:
        return _child(response, saml("Assertion"))
    try:
        return _opened(encrypted, response, config)
    except Refused:
        # It was opened where it arrived, so only the prefixes can be missing.
        raise Refused(
            Refusal.UNEXPECTED_STRUCTURE, expected=Phrase.OWN_PREFIXES(), received=Phrase.FOREIGN_PREFIXES()
        ) from None


def _verified_copy(
    element: etree._Element, config: ConnectionConfig
) -> tuple[etree._Element, PinnedCertificate]:
    """Verify the enveloped signature of an element (xmldsig-core 6.6.4).

    Returns a copy, parsed from the canonical bytes that the signature covers, and the certificate that verified it.
    """
    signature = _child(element, ds("Signature"))
    signed_info = _child(signature, ds("SignedInfo"))
    digest_name, prefixes = _require_known_algorithms(
        signed_info, element.get("ID"), allow_sha1=config.allow_sha1
    )
    covered = _canonical(element, prefixes)
    digest_value = _child(_child(signed_info, ds("Reference")), ds("DigestValue")).text or ""
    # We must read exactly the bytes that were signed, so we compare the digest of ours. xmlsec then verifies its own.
    if not hmac.compare_digest(_decoded(digest_value), hashlib.new(digest_name, covered).digest()):
        raise Refused(
            Refusal.SIGNATURE_INVALID, expected=Phrase.SIGNED_CONTENT(), received=Phrase.OTHER_CONTENT()
        )
    return parse(covered), _matching_certificate(signature, config)


def _require_known_algorithms(
    signed_info: etree._Element, element_id: str | None, *, allow_sha1: bool
) -> tuple[str, tuple[str, ...]]:
    """Check each algorithm and the reference; return the name of the digest and the inclusive prefixes."""
    reference = _child(signed_info, ds("Reference"))
    # require_known_shape has checked that a Response and an Assertion have an ID.
    if reference.get("URI") != f"#{element_id}":
        raise Refused(
            Refusal.UNEXPECTED_STRUCTURE,
            expected=Phrase.SIGNATURE_OVER_ITS_PARENT(),
            received=Phrase.SIGNATURE_OVER_ANOTHER(),
        )
    canonicalization = _child(signed_info, ds("CanonicalizationMethod")).get("Algorithm", "")
    if canonicalization not in _C14N:
        raise Refused(
            Refusal.OTHER_CANONICALIZATION,
            expected=Phrase.EXCLUSIVE_C14N(),
            received=_transform_name(canonicalization),
        )
    inclusive = _known_transforms(_child(reference, ds("Transforms"))).find(INCLUSIVE_NAMESPACES)
    methods = SIGNATURE_METHODS | (SHA1_SIGNATURE_METHODS if allow_sha1 else set())
    digests = DIGESTS | ({SHA1_DIGEST: "sha1"} if allow_sha1 else {})
    _allow(
        _child(signed_info, ds("SignatureMethod")).get("Algorithm", ""), methods, Phrase.STRONG_ALGORITHM()
    )
    digest = _child(reference, ds("DigestMethod")).get("Algorithm", "")
    _allow(digest, set(digests), Phrase.STRONG_ALGORITHM())
    prefixes = () if inclusive is None else tuple(inclusive.get("PrefixList", "").split())
    return digests[digest], prefixes


def _known_transforms(transforms: etree._Element) -> etree._Element:
    """The exclusive C14N, which must be the second of two transforms (SAML core 5.4.4)."""
    algorithms = [transform.get("Algorithm", "") for transform in transforms]
    if len(algorithms) != 2 or algorithms[0] != ENVELOPED_SIGNATURE or algorithms[1] not in _C14N:
        names = tuple(map(_transform_name, algorithms))
        raise Refused(
            Refusal.OTHER_CANONICALIZATION,
            expected=Phrase.KNOWN_TRANSFORMS(),
            received=Several(names) if len(names) > 1 else Phrase.TRANSFORM_ALONE(transform=names[0]),
        )
    enveloped, exclusive = transforms
    if len(enveloped):
        raise Refused(
            Refusal.UNEXPECTED_STRUCTURE,
            expected=Phrase.KNOWN_TRANSFORMS(),
            received=Phrase.ELEMENT_OUT_OF_PLACE(
                element=etree.QName(enveloped[0]).localname, parent=_transform_name(ENVELOPED_SIGNATURE)
            ),
        )
    return exclusive


def _transform_name(algorithm: str) -> Text:
    if algorithm in C14N_NAMES:
        return f"{C14N_NAMES[algorithm]} ({algorithm})"
    return algorithm.removeprefix(DS) or Phrase.WITHOUT_A_NAME()


def _allow(algorithm: str, allowed: set[str], expected: Text) -> None:
    if algorithm not in allowed:
        raise Refused(Refusal.WEAK_ALGORITHM, expected=expected, received=_algorithm_name(algorithm))


def _algorithm_name(algorithm: str) -> Text:
    """SHA-1 as consoles call it, with its identifier: `SHA-1 (rsa-sha1)`. Others as they are."""
    name = algorithm.rpartition("#")[2]
    return f"SHA-1 ({name})" if name.endswith("sha1") else algorithm or Phrase.NO_ALGORITHM()


def _matching_certificate(signature: etree._Element, config: ConnectionConfig) -> PinnedCertificate:
    for certificate in config.certificates:
        if _verifies(signature, certificate.pem):
            return certificate
    carried = _carried_certificate(signature)
    saved = Several(tuple(map(_saved_description, config.certificates)), between="\n")
    if carried is not None:
        pem, description = carried
        if _verifies(signature, pem):
            # Refused as well. The message is intact but signed with a key we do not trust, and the fix is another one.
            raise Refused(Refusal.CERTIFICATE_REPLACED, expected=saved, received=description)
    raise Refused(Refusal.SIGNATURE_INVALID, expected=saved, received=Phrase.SIGNATURE_NOT_VERIFIED())


def _verifies(signature: etree._Element, certificate_pem: str) -> bool:
    # On a copy, because add_ids changes the tree.
    copied = _copy_within_document(signature)
    context = xmlsec.SignatureContext()
    xmlsec.tree.add_ids(copied.getroottree().getroot(), ["ID"])
    try:
        context.key = _key_of(certificate_pem)
        context.verify(copied)
    except xmlsec.Error:
        return False
    return True


# The context takes a copy of the key, so threads may share it.
@functools.lru_cache(maxsize=1024)
def _key_of(certificate_pem: str) -> xmlsec.Key:
    return xmlsec.Key.from_memory(certificate_pem.encode(), xmlsec.constants.KeyDataFormatCertPem)


def _copy_within_document(element: etree._Element) -> etree._Element:
    """The same element in a copy of its whole document, with the same namespaces in scope."""
    tree = element.getroottree()
    copied_root = copy.deepcopy(tree.getroot())
    return next(
        copied
        for copied, original in zip(copied_root.iter(), tree.iter(), strict=True)
        if original is element
    )


def _carried_certificate(signature: etree._Element) -> tuple[str, Said] | None:
    """PEM and description of the certificate in a signature, or None if there is none that can be read."""
    encoded = signature.findtext(f"{ds('KeyInfo')}/{ds('X509Data')}/{ds('X509Certificate')}", "")
    try:
        der = base64.b64decode(encoded)
        description = _description(x509.load_der_x509_certificate(der))
    except (ValueError, TypeError, x509.InvalidVersion):
        # TypeError: an attribute of a name has a value of a type it must not have.
        return None
    body = base64.encodebytes(der).decode("ascii")
    pem = f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n"
    return pem, description


def _saved_description(certificate: PinnedCertificate) -> Said:
    return Phrase.CERTIFICATE(
        fingerprint=with_colons(certificate.sha256), until=write_instant(certificate.not_after)
    )


def _description(certificate: x509.Certificate) -> Said:
    """Fingerprint, end of validity and subject of an untrusted certificate, one on each line."""
    subject = "".join(char for char in certificate.subject.rfc4514_string() if char.isprintable())
    return Phrase.CERTIFICATE_OF_SUBJECT(
        fingerprint=with_colons(certificate.fingerprint(hashes.SHA256()).hex()),
        until=write_instant(certificate.not_valid_after_utc),
        subject=subject,
    )


def _canonical(element: etree._Element, prefixes: tuple[str, ...]) -> bytes:
    """Exclusive C14N without comments, of an element without its own Signature (xmldsig-core 6.6.4)."""
    # Within its document: a new tree may get other prefixes if two are declared for one namespace.
    copied = _copy_within_document(element)
    signature = copied.find(ds("Signature"))
    if signature is not None:
        before, behind = signature.getprevious(), signature.tail or ""
        if before is None:
            copied.text = (copied.text or "") + behind
        else:
            before.tail = (before.tail or "") + behind
        copied.remove(signature)
    try:
        return etree.tostring(
            copied,
            method="c14n",
            exclusive=True,
            with_comments=False,
            inclusive_ns_prefixes=list(prefixes),
        )
    except etree.C14NError:
        # A relative namespace URI has no canonical form (xml-c14n 1.3). xmlsec would canonicalise it to nothing.
        raise Refused(
            Refusal.UNEXPECTED_STRUCTURE,
            expected=Phrase.CANONICAL_FORM(),
            received=Phrase.RELATIVE_NAMESPACE(),
        ) from None


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value)
    except ValueError:
        return b""


def _child(element: etree._Element, tag: str) -> etree._Element:
    child = element.find(tag)
    assert child is not None  # require_known_shape has checked it.
    return child
