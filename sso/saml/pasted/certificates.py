"""Reads pasted or uploaded certificates and says which of them may be saved."""

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
# More is a trust store, not a chain. Finding who issued whom also takes time for each pair.
MOST_AT_ONCE = 10
_CURVES = {"secp256r1": "EC P-256", "secp384r1": "EC P-384", "secp521r1": "EC P-521"}


@dataclass(frozen=True, slots=True)
class IdpCertificateInfo:
    """A certificate that may be saved, with what people compare about it.

    `serial`, `sha256` and `sha1` are lower-case hex. Both times are aware.
    """

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
    """Read the one signing certificate in pasted text or an uploaded file.

    Takes PEM, base64 without its BEGIN line, text around both, DER, PKCS #7, and a chain: a certificate that issued
    another one is left out. Raises CertificateRefused, and nothing else.
    """
    match _signing_ones(certificates_in(data)):
        case [certificate]:
            return _inspect(certificate)
    raise CertificateRefused(CertificateProblem.SEVERAL)


def read_certificates(data: bytes | str) -> tuple[IdpCertificateInfo, ...]:
    """Read every signing certificate in pasted text or an uploaded file, in order, each once.

    Takes what `read_certificate` takes, but any number of signing certificates. Raises CertificateRefused, and nothing
    else: if one can't be used, none is taken.
    """
    signing = _signing_ones(certificates_in(data))
    infos = tuple(_inspect(certificate) for certificate in signing)
    if _may_hold_an_authority(signing):
        raise CertificateRefused(CertificateProblem.SEVERAL)
    return infos


def _signing_ones(found: list[x509.Certificate]) -> list[x509.Certificate]:
    """The certificates that issued none of the others, in order, each once."""
    distinct = list({certificate.fingerprint(hashes.SHA256()): certificate for certificate in found}.values())
    if not distinct:
        # An empty PKCS #7.
        raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE)
    if len(distinct) > MOST_AT_ONCE:
        raise CertificateRefused(CertificateProblem.SEVERAL)
    # A self-signed certificate has no other issuer. One with the same name and key is its renewal.
    issued_by_others = [certificate for certificate in distinct if not _issued(certificate, certificate)]
    issuers = {issuer for subject in issued_by_others for issuer in distinct if _issued(issuer, subject)}
    signing = [certificate for certificate in distinct if certificate not in issuers]
    if not signing:
        raise CertificateRefused(CertificateProblem.SEVERAL)
    return signing


def _may_hold_an_authority(signing: list[x509.Certificate]) -> bool:
    """Whether one certificate may be an authority that issued another one through a missing link.

    The key of an authority signs certificates, not messages. We must not trust it to sign anybody in.
    """
    return any(
        subject.issuer != subject.subject
        and (other.subject == subject.issuer or _says_it_is_an_authority(other))
        for subject, other in permutations(signing, 2)
    )


def _says_it_is_an_authority(certificate: x509.Certificate) -> bool:
    """Whether its basic constraints say so (RFC 5280 4.2.1.9), or can't be read."""
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
    """Whether it was made so that verifying takes long: time grows with the exponent and the modulus."""
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
            # For comparing only: older consoles show no other fingerprint.
            sha1=certificate.fingerprint(hashes.SHA1()).hex(),  # noqa: S303
            key=key_name,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )
    except (ValueError, TypeError) as error:
        # TypeError: an attribute of a name has a value of a type it must not have.
        raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE) from error
