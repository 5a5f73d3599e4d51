"""The identity provider's certificate: what may be saved, and what it says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, permutations

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
]

MINIMUM_RSA_BITS = 2048
MAXIMUM_RSA_BITS = 8192
MAXIMUM_EXPONENT_BITS = 32
# A chain of more is nobody's sign-in certificate, and putting it in order is work.
MOST_IN_A_CHAIN = 5
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
    return _inspect(_the_signing_one(certificates_in(data)))


def _the_signing_one(found: list[x509.Certificate]) -> x509.Certificate:
    distinct = list({certificate.fingerprint(hashes.SHA256()): certificate for certificate in found}.values())
    if not distinct:
        # An empty PKCS #7.
        raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE)
    if len(distinct) <= MOST_IN_A_CHAIN:
        issued = {
            (subject, issuer) for subject, issuer in permutations(distinct, 2) if _issued(issuer, subject)
        }
        leaves = {order[0] for order in permutations(distinct) if issued.issuperset(pairwise(order))}
        if len(leaves) == 1:
            return leaves.pop()
    raise CertificateRefused(CertificateProblem.SEVERAL)


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
