"""Encrypts an assertion to a service provider (xmlenc-core1), with cryptography alone."""

from __future__ import annotations

import base64
import functools
import hashlib
import os
from collections.abc import Callable

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from tests.saml.messages import SAML
from tests.saml.moves import Move, assertion_of

XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"
DS = "http://www.w3.org/2000/09/xmldsig#"
_HASHES = {
    f"{XENC}sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    f"{XENC}sha512": "sha512",
}


@functools.cache
def sp_key(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def sp_key_pem(number: int = 0) -> bytes:
    return sp_key(number).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def encrypt(
    cipher: str = "aes256-gcm",
    *,
    key: rsa.RSAPrivateKey | None = None,
    transport: str = f"{XENC}rsa-oaep-mgf1p",
    digest: str | None = None,
    mgf: str | None = None,
    kind: str | None = f"{XENC}Element",
    plaintext: bytes | None = None,
    before: bytes = b"",
    behind: bytes = b"",
    inside: bool = True,
    retrieval: bool = False,
    recipients: int = 1,
    leaning: bool = False,
    random: Callable[[int], bytes] = os.urandom,
) -> Move:
    """A move that encrypts the Response's assertion (or another plaintext) to the service provider's key.

    `before` and `behind` are written around the assertion. The EncryptedKey stands inside the EncryptedData or beside
    it, there with or without a RetrievalMethod. A `leaning` plaintext does not declare the prefixes that are declared
    at the Response, as libxmlsec writes it.
    """

    def move(root: etree._Element) -> etree._Element:
        assertion = assertion_of(root)
        assertion.tail = None
        text = _without(root.nsmap, etree.tostring(assertion)) if leaning else etree.tostring(assertion)
        content = before + (text if plaintext is None else plaintext) + behind
        size = int(cipher[3:6]) // 8 if cipher.startswith("aes") else 24
        secret = random(size)
        family = XENC11 if cipher.endswith("gcm") else XENC
        hash_name = "sha1" if digest is None else _HASHES.get(digest, "sha1")
        mask_hash = "sha1" if mgf is None else mgf.rpartition("#mgf1")[2]
        public = (key or sp_key(0)).public_key().public_numbers()
        if transport == f"{XENC}rsa-1_5":
            sealed = _pkcs1_sealed(secret, public, random)
        else:
            sealed = _oaep_sealed(secret, public, hash_name, mask_hash, random)
        options = (f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{digest}"/>' if digest else "") + (
            f'<xenc11:MGF xmlns:xenc11="{XENC11}" Algorithm="{mgf}"/>' if mgf else ""
        )
        named = ' Id="key"' if retrieval else ""
        encrypted_key = (
            f'<xenc:EncryptedKey xmlns:xenc="{XENC}"{named}><xenc:EncryptionMethod Algorithm="{transport}">{options}'
            f"</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>{base64.b64encode(sealed).decode()}"
            "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>"
        )
        said = f' Type="{kind}"' if kind else ""
        pointer = f'<ds:RetrievalMethod Type="{XENC}EncryptedKey" URI="#key"/>' if retrieval else ""
        held = pointer + (encrypted_key * recipients if inside else "")
        key_info = f'<ds:KeyInfo xmlns:ds="{DS}">{held}</ds:KeyInfo>' if held else ""
        sealed_text = (
            f'<saml:EncryptedAssertion xmlns:saml="{SAML}"><xenc:EncryptedData xmlns:xenc="{XENC}"{said}>'
            f'<xenc:EncryptionMethod Algorithm="{family}{cipher}"/>{key_info}<xenc:CipherData><xenc:CipherValue>'
            f"{base64.b64encode(_encrypt(cipher, secret, content, random)).decode()}</xenc:CipherValue></xenc:CipherData>"
            f"</xenc:EncryptedData>{'' if inside else encrypted_key}</saml:EncryptedAssertion>"
        )
        root.replace(assertion, etree.fromstring(sealed_text))
        return root

    return move


def _without(declared: dict[str | None, str], xml: bytes) -> bytes:
    for prefix, namespace in declared.items():
        xml = xml.replace(f' xmlns{f":{prefix}" if prefix else ""}="{namespace}"'.encode(), b"")
    return xml


def _encrypt(cipher: str, key: bytes, content: bytes, random: Callable[[int], bytes]) -> bytes:
    if cipher.endswith("gcm"):
        nonce = random(12)
        return nonce + AESGCM(key).encrypt(nonce, content, None)
    block = 8 if cipher.startswith("tripledes") else 16
    algorithm = TripleDES(key) if block == 8 else algorithms.AES(key)
    fill = block - len(content) % block
    iv = random(block)
    encryptor = Cipher(algorithm, modes.CBC(iv)).encryptor()
    return iv + encryptor.update(content + b"\0" * (fill - 1) + bytes([fill])) + encryptor.finalize()


def _oaep_sealed(
    secret: bytes,
    public: rsa.RSAPublicNumbers,
    hash_name: str,
    mask_hash: str,
    random: Callable[[int], bytes],
) -> bytes:
    """RSAES-OAEP (RFC 8017, 7.1.1), written out because the seed must come from the caller."""
    size = (public.n.bit_length() + 7) // 8
    label = hashlib.new(hash_name, b"").digest()
    block = label + bytes(size - len(secret) - 2 * len(label) - 2) + b"\1" + secret
    seed = random(len(label))
    masked = xor(block, mask(seed, len(block), mask_hash))
    encoded = b"\0" + xor(seed, mask(masked, len(seed), mask_hash)) + masked
    return pow(int.from_bytes(encoded), public.e, public.n).to_bytes(size)


def _pkcs1_sealed(secret: bytes, public: rsa.RSAPublicNumbers, random: Callable[[int], bytes]) -> bytes:
    """RSAES-PKCS1-v1_5 (RFC 8017, 7.2.1)."""
    size = (public.n.bit_length() + 7) // 8
    fill = bytes(octet or 1 for octet in random(size - len(secret) - 3))
    return pow(int.from_bytes(b"\0\2" + fill + b"\0" + secret), public.e, public.n).to_bytes(size)


def mask(seed: bytes, size: int, hash_name: str) -> bytes:
    """MGF1 (RFC 8017, B.2.1)."""
    octets = b"".join(
        hashlib.new(hash_name, seed + number.to_bytes(4)).digest() for number in range(size // 20 + 1)
    )
    return octets[:size]


def xor(left: bytes, right: bytes) -> bytes:
    """Of two texts of one length."""
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
