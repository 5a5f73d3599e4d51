"""Certificates and the things people mistake for them, really made."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import (
    CertificateIssuerPrivateKeyTypes,
    CertificatePublicKeyTypes,
    PrivateKeyTypes,
)
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


@functools.cache
def rsa_key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """A key; another `number` gives another one."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@functools.cache
def ec_key(curve: str = "secp256r1") -> ec.EllipticCurvePrivateKey:
    curves: dict[str, ec.EllipticCurve] = {
        "secp256r1": ec.SECP256R1(),
        "secp384r1": ec.SECP384R1(),
        "secp521r1": ec.SECP521R1(),
        "secp256k1": ec.SECP256K1(),
    }
    return ec.generate_private_key(curves[curve])


@functools.cache
def dsa_key() -> dsa.DSAPrivateKey:
    return dsa.generate_private_key(2048)


@functools.cache
def ed25519_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def named(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


@functools.cache
def certificate(
    key: CertificateIssuerPrivateKeyTypes | None = None,
    *,
    subject: str = "OneLogin Account",
    issuer: str = "",
    issuer_key: CertificateIssuerPrivateKeyTypes | None = None,
    not_after: datetime = NOW + timedelta(days=412),
) -> x509.Certificate:
    key = key or rsa_key()
    return certified(
        key.public_key(),
        subject=subject,
        issuer=issuer or subject,
        issuer_key=issuer_key or key,
        not_after=not_after,
    )


def certified(
    key: CertificatePublicKeyTypes,
    *,
    subject: str,
    issuer: str,
    issuer_key: CertificateIssuerPrivateKeyTypes,
    not_after: datetime = NOW + timedelta(days=412),
) -> x509.Certificate:
    """A certificate for a public key, of whatever kind."""
    digest = None if isinstance(issuer_key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_after - timedelta(days=1826))
        .not_valid_after(not_after)
        .sign(issuer_key, digest)
    )


def pem_of(made: x509.Certificate) -> str:
    return made.public_bytes(Encoding.PEM).decode()


def der_of(made: x509.Certificate) -> bytes:
    return made.public_bytes(Encoding.DER)


def bare_base64_of(made: x509.Certificate) -> str:
    return "".join(pem_of(made).splitlines()[1:-1])


def private_key_of(
    key: PrivateKeyTypes,
    encoding: Encoding = Encoding.PEM,
    form: PrivateFormat = PrivateFormat.PKCS8,
    password: bytes = b"",
) -> bytes:
    lock: KeySerializationEncryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(encoding, form, lock)


def signing_request(key: rsa.RSAPrivateKey, encoding: Encoding = Encoding.PEM) -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(named("request"))
    return builder.sign(key, hashes.SHA256()).public_bytes(encoding)
