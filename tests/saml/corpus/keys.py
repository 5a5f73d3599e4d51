"""The keys of the corpus: made once, for tests only, so that every message can be made again byte for byte.

`keys.json` holds the primes of the RSA keys; the EC keys come from their names. Their certificates are made from them.
"""

from __future__ import annotations

import functools
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

CURVES: dict[str, ec.EllipticCurve] = {
    "p256": ec.SECP256R1(),
    "p384": ec.SECP384R1(),
    "p521": ec.SECP521R1(),
}
# More certificates of the same keys: one that has run out, and one that bears the name of another.
ALIASES = {"idp_expired": "idp", "mallory_as_idp": "mallory"}
_STARTS = datetime(2024, 3, 12, tzinfo=UTC)
_ENDS = datetime(2034, 3, 12, tzinfo=UTC)
_LONG_OVER = datetime(2025, 3, 12, tzinfo=UTC)


@functools.cache
def private_key(name: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """A key by its name: an RSA key of keys.json, or the EC key of a curve."""
    name = ALIASES.get(name, name)
    if name in CURVES:
        # Smaller than the order of each of the curves by its length.
        secret = hashlib.sha512(f"JustCall SSO corpus, test key {name}".encode()).digest()[:31]
        return ec.derive_private_key(int.from_bytes(secret), CURVES[name])
    primes = json.loads((Path(__file__).parent / "keys.json").read_text(encoding="utf-8"))[name]
    p, q = int(primes["p"], 16), int(primes["q"], 16)
    e = 65537
    d = rsa.rsa_recover_private_exponent(e, p, q)
    return rsa.RSAPrivateNumbers(
        p,
        q,
        d,
        rsa.rsa_crt_dmp1(d, p),
        rsa.rsa_crt_dmq1(d, q),
        rsa.rsa_crt_iqmp(p, q),
        rsa.RSAPublicNumbers(e, p * q),
    ).private_key()


def rsa_key(name: str) -> rsa.RSAPrivateKey:
    key = private_key(name)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@functools.cache
def certificate(name: str) -> x509.Certificate:
    """The self-signed certificate of a key, the same each time."""
    key = private_key(name)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Corpus {name.rpartition('_as_')[2]}")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 1 | 1)
        .not_valid_before(_STARTS)
        .not_valid_after(_LONG_OVER if name == "idp_expired" else _ENDS)
    )
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    return builder.sign(key, hashes.SHA256())


@functools.cache
def certificate_pem(name: str) -> str:
    return certificate(name).public_bytes(serialization.Encoding.PEM).decode("ascii")


@functools.cache
def private_pem(name: str) -> bytes:
    """The private key as the application keeps it. Made in memory; no such block is in the repository."""
    return private_key(name).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
