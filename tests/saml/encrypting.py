"""Encrypts an assertion to a service provider (xmlenc-core1), with cryptography alone."""

from __future__ import annotations

import base64
import functools
import os

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from tests.saml.messages import SAML
from tests.saml.moves import Move, assertion_of

XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"
DS = "http://www.w3.org/2000/09/xmldsig#"


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
    inside: bool = True,
) -> Move:
    """A move that encrypts the Response's assertion (or another plaintext) to the service provider's key."""

    def move(root: etree._Element) -> etree._Element:
        assertion = assertion_of(root)
        assertion.tail = None
        content = etree.tostring(assertion) if plaintext is None else plaintext
        size = int(cipher[3:6]) // 8 if cipher.startswith("aes") else 32
        secret = os.urandom(size)
        family = XENC11 if cipher.endswith("gcm") else XENC
        hash_ = hashes.SHA256() if digest == f"{XENC}sha256" else hashes.SHA1()
        sealed = (
            (key or sp_key(0))
            .public_key()
            .encrypt(secret, padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hash_, label=None))
        )
        options = (f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{digest}"/>' if digest else "") + (
            f'<xenc11:MGF xmlns:xenc11="{XENC11}" Algorithm="{mgf}"/>' if mgf else ""
        )
        encrypted_key = (
            f'<xenc:EncryptedKey xmlns:xenc="{XENC}"><xenc:EncryptionMethod Algorithm="{transport}">{options}'
            f"</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>{base64.b64encode(sealed).decode()}"
            "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>"
        )
        said = f' Type="{kind}"' if kind else ""
        key_info = f'<ds:KeyInfo xmlns:ds="{DS}">{encrypted_key}</ds:KeyInfo>' if inside else ""
        text = (
            f'<saml:EncryptedAssertion xmlns:saml="{SAML}"><xenc:EncryptedData xmlns:xenc="{XENC}"{said}>'
            f'<xenc:EncryptionMethod Algorithm="{family}{cipher}"/>{key_info}<xenc:CipherData><xenc:CipherValue>'
            f"{base64.b64encode(_encrypt(cipher, secret, content)).decode()}</xenc:CipherValue></xenc:CipherData>"
            f"</xenc:EncryptedData>{'' if inside else encrypted_key}</saml:EncryptedAssertion>"
        )
        root.replace(assertion, etree.fromstring(text))
        return root

    return move


def _encrypt(cipher: str, key: bytes, content: bytes) -> bytes:
    if cipher.endswith("gcm"):
        nonce = os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, content, None)
    fill = 16 - len(content) % 16
    iv = os.urandom(16)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return iv + encryptor.update(content + b"\0" * (fill - 1) + bytes([fill])) + encryptor.finalize()
