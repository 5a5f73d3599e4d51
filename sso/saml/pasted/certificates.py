"""The identity provider's certificates: what may be saved, and what they say about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import permutations

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from sso.saml.fingerprints import with_colons
from sso.saml.pasted.certificate_formats import certificates_in
from sso.saml.pasted.certificate_problems import CertificateProblem, CertificateRefused

__all__ = [
    "CertificateProblem",
    "CertificateRefused",
    "IdpCertificateInfo",
    "read_certificate",
    "read_certificates",
]

MINIMUM_RSA_BITS = 2048
MAXIMUM_RSA_BITS = 8192
MAXIMUM_EXPONENT_BITS = 32
# More is a trust store, and finding out which certificate issued which is work.
MOST_AT_ONCE = 10
_CURVES = {"secp256r1": "EC P-256", "secp384r1": "EC P-384", "secp521r1": "EC P-521"}


@dataclass(frozen=True, slots=True)
class IdpCertificateInfo:
    """A certificate fit for verifying signatures, and what people compare about it. Fingerprints are lower-case hex."""

    pem: str
    subject: str
    issuer: str
    serial: str
    sha256: str
    sha1: str
    key: str
    not_before: datetime
    not_after: datetime

    @property
    def sha256_colons(self) -> str:
        return with_colons(self.sha256)

    @property
    def sha1_colons(self) -> str:
        return with_colons(self.sha1)


def read_certificate(data: bytes | str) -> IdpCertificateInfo:
    """Read one certificate from whatever a person pastes or uploads.

    Takes PEM with or without armour, stray whitespace, text around it, bare base64, DER, PKCS #7, and a chain when one
    certificate is the leaf and all others lead to its root. Raises CertificateRefused, and nothing else.
    """
    signing = _signing_ones(certificates_in(data))
    if len(signing) != 1:
        raise CertificateRefused(CertificateProblem.SEVERAL)
    return _inspect(signing[0])


def read_certificates(data: bytes | str) -> tuple[IdpCertificateInfo, ...]:
    """Read every signing certificate of what a person pastes or uploads, each once and in its order.

    Takes what `read_certificate` takes, several times over. A certificate that issued another one of them belongs to
    its chain and is left out. Raises CertificateRefused, and nothing else: if one can't be used, none is taken.
    """
    signing = _signing_ones(certificates_in(data))
    infos = tuple(_inspect(certificate) for certificate in signing)
    if _may_hold_an_authority(signing):
        raise CertificateRefused(CertificateProblem.SEVERAL)
    return infos


def _signing_ones(found: list[x509.Certificate]) -> list[x509.Certificate]:
    """Each certificate that issued none of the others, once, in the order of what was pasted."""
    distinct = list({certificate.fingerprint(hashes.SHA256()): certificate for certificate in found}.values())
    if not distinct:
        # An empty PKCS #7.
        raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE)
    if len(distinct) > MOST_AT_ONCE:
        raise CertificateRefused(CertificateProblem.SEVERAL)
    # Another one with the name and key of a self-signed certificate is its renewal, not its issuer.
    issued_by_others = [certificate for certificate in distinct if not _issued(certificate, certificate)]
    issuers = {
        issuer
        for subject in issued_by_others
        for issuer in distinct
        if issuer is not subject and _issued(issuer, subject)
    }
    signing = [certificate for certificate in distinct if certificate not in issuers]
    if not signing:
        raise CertificateRefused(CertificateProblem.SEVERAL)
    return signing


def _may_hold_an_authority(signing: list[x509.Certificate]) -> bool:
    """Whether one of several may be the authority behind another one, with a link between them missing.

    An authority's own key signs certificates, not messages, and must not be trusted to sign anybody in.
    """
    return any(
        subject.issuer != subject.subject
        and (other.subject == subject.issuer or _says_it_is_an_authority(other))
        for subject, other in permutations(signing, 2)
    )


def _says_it_is_an_authority(certificate: x509.Certificate) -> bool:
    """Basic constraints (RFC 5280 4.2.1.9). Extensions that can't be read may say so."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
    except (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return True


def _issued(issuer: x509.Certificate, subject: x509.Certificate) -> bool:
    try:
        if _is_costly(issuer.public_key()):
            return False
        subject.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_costly(key: object) -> bool:
    """Whether verifying with it takes long, as its maker may have meant: time grows with exponent and modulus."""
    return isinstance(key, rsa.RSAPublicKey) and (
        key.key_size > MAXIMUM_RSA_BITS or key.public_numbers().e.bit_length() > MAXIMUM_EXPONENT_BITS
    )


def _inspect(certificate: x509.Certificate) -> IdpCertificateInfo:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateRefused(CertificateProblem.UNSUPPORTED_KEY) from error
    if _is_costly(key):
        raise CertificateRefused(CertificateProblem.UNSUPPORTED_KEY)
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < MINIMUM_RSA_BITS:
            raise CertificateRefused(CertificateProblem.WEAK_RSA)
        key_name = f"RSA {key.key_size}"
    elif isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
        key_name = _CURVES[key.curve.name]
    else:
        raise CertificateRefused(CertificateProblem.UNSUPPORTED_KEY)
    try:
        return IdpCertificateInfo(
            pem=certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"),
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            serial=f"{certificate.serial_number:x}",
            sha256=certificate.fingerprint(hashes.SHA256()).hex(),
            # Not for security: older consoles show nothing else to compare.
            sha1=certificate.fingerprint(hashes.SHA1()).hex(),  # noqa: S303
            key=key_name,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )
    except (ValueError, TypeError) as error:
        # TypeError: a name whose value has a type that its attribute may not have.
        raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE) from error
