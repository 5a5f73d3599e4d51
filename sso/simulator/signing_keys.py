"""The keys and self-signed certificates of the stand-in, as on OneLogin's page "Certificates"."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

FIVE_YEARS = 1826


class KeyKind(StrEnum):
    """The keys a new certificate can have."""

    RSA_2048 = "RSA 2048"
    RSA_4096 = "RSA 4096"
    EC_P256 = "EC P-256"


CERTIFICATE_NAMES = {
    KeyKind.RSA_2048: "Standard Strength Certificate (2048-bit)",
    KeyKind.RSA_4096: "High Strength Certificate (4096-bit)",
    KeyKind.EC_P256: "Elliptic Curve Certificate (P-256)",
}


@dataclass(kw_only=True)
class Certificate:
    """One certificate of the account. Its private key is in a file of its own."""

    id: str
    name: str
    kind: KeyKind
    pem: str

    @property
    def x509(self) -> x509.Certificate:
        """The parsed certificate."""
        return x509.load_pem_x509_certificate(self.pem.encode())

    @property
    def der(self) -> bytes:
        """The certificate as DER."""
        return self.x509.public_bytes(serialization.Encoding.DER)

    @property
    def valid_from(self) -> dt.datetime:
        """Not before, UTC."""
        return self.x509.not_valid_before_utc

    @property
    def valid_until(self) -> dt.datetime:
        """Not after, UTC."""
        return self.x509.not_valid_after_utc

    def fingerprint(self, algorithm: hashes.HashAlgorithm) -> str:
        """The fingerprint as upper-case pairs with colons."""
        return self.x509.fingerprint(algorithm).hex(":").upper()


def make_certificate(
    kind: KeyKind, *, id: str, name: str, now: dt.datetime, valid_days: int = FIVE_YEARS, age_days: int = 0
) -> tuple[Certificate, bytes]:
    """A new self-signed certificate and its private key as PEM.

    It begins `age_days` before now and is valid for `valid_days`: so it can be made expired.
    """
    key: SigningKey
    if kind is KeyKind.EC_P256:
        key = ec.generate_private_key(ec.SECP256R1())
    else:
        key = rsa.generate_private_key(65537, 4096 if kind is KeyKind.RSA_4096 else 2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "OneLogin stand-in"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"OneLogin Account {id}"),
        ]
    )
    starts = now.replace(microsecond=0) - dt.timedelta(days=age_days)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(starts + dt.timedelta(days=valid_days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return Certificate(id=id, name=name or CERTIFICATE_NAMES[kind], kind=kind, pem=pem), private


def load_key(pem: bytes) -> SigningKey:
    """The private key from its PEM."""
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, SigningKey), "only RSA and EC keys are ever written here"
    return key
