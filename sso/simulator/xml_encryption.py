"""Encrypts assertions (xmlenc-core1; SAML core 6.2) with the library `cryptography`.

The key of the block cipher is encrypted with RSA-OAEP (xmlenc-core1 5.5.2), as OneLogin does it.
"""

import base64
import os
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from lxml import etree

from sso.simulator.connector import EncryptionMethod

XENC = "http://www.w3.org/2001/04/xmlenc#"
DS = "http://www.w3.org/2000/09/xmldsig#"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"

METHOD_URIS = {
    EncryptionMethod.TRIPLEDES_CBC: XENC + "tripledes-cbc",
    EncryptionMethod.AES_128_CBC: XENC + "aes128-cbc",
    EncryptionMethod.AES_192_CBC: XENC + "aes192-cbc",
    EncryptionMethod.AES_256_CBC: XENC + "aes256-cbc",
    EncryptionMethod.AES_128_GCM: "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    EncryptionMethod.AES_256_GCM: "http://www.w3.org/2009/xmlenc11#aes256-gcm",
}
KEY_BYTES = {
    EncryptionMethod.TRIPLEDES_CBC: 24,
    EncryptionMethod.AES_128_CBC: 16,
    EncryptionMethod.AES_192_CBC: 24,
    EncryptionMethod.AES_256_CBC: 32,
    EncryptionMethod.AES_128_GCM: 16,
    EncryptionMethod.AES_256_GCM: 32,
}


class CannotEncrypt(Exception):
    """The "SAML encryption certificate" is missing, unreadable or has no RSA key."""


@dataclass(frozen=True)
class Encryption:
    """The cipher, and the certificate of the recipient."""

    method: EncryptionMethod
    certificate_pem: str


def recipient_of(certificate_pem: str) -> x509.Certificate:
    """The recipient's certificate. Raises CannotEncrypt with a sentence for the administrator."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem.strip().encode())
    except ValueError as trouble:
        raise CannotEncrypt("The SAML encryption certificate is not a certificate in PEM form.") from trouble
    if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
        raise CannotEncrypt("The SAML encryption certificate must have an RSA key.")
    return certificate


def encrypted(assertion: etree._Element, encryption: Encryption) -> etree._Element:
    """The EncryptedAssertion that holds the assertion."""
    certificate = recipient_of(encryption.certificate_pem)
    public_key = certificate.public_key()
    assert isinstance(public_key, rsa.RSAPublicKey)
    key = os.urandom(KEY_BYTES[encryption.method])
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)
    return _envelope(
        encryption.method,
        wrapped_key=public_key.encrypt(key, oaep),
        content=_encipher(encryption.method, key, etree.tostring(assertion)),
        certificate=certificate,
    )


def _encipher(method: EncryptionMethod, key: bytes, plain: bytes) -> bytes:
    """IV, then cipher text, then the tag of GCM (xmlenc-core1 5.2)."""
    if method in (EncryptionMethod.AES_128_GCM, EncryptionMethod.AES_256_GCM):
        nonce = os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, plain, None)
    algorithm: BlockCipherAlgorithm = TripleDES(key) if method is EncryptionMethod.TRIPLEDES_CBC else AES(key)
    block = algorithm.block_size // 8
    fill = block - len(plain) % block
    padded = plain + os.urandom(fill - 1) + bytes([fill])
    iv = os.urandom(block)
    encryptor = Cipher(algorithm, CBC(iv)).encryptor()
    return iv + encryptor.update(padded) + encryptor.finalize()


def _envelope(
    method: EncryptionMethod, *, wrapped_key: bytes, content: bytes, certificate: x509.Certificate
) -> etree._Element:
    """The EncryptedAssertion around both cipher texts."""

    def add(
        parent: etree._Element, namespace: str, name: str, text: bytes = b"", **attributes: str
    ) -> etree._Element:
        child = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
        if text:
            child.text = base64.b64encode(text).decode()
        return child

    outer = etree.Element(f"{{{SAML}}}EncryptedAssertion", nsmap={"saml": SAML, "xenc": XENC, "ds": DS})
    data = add(outer, XENC, "EncryptedData", Type=XENC + "Element")
    add(data, XENC, "EncryptionMethod", Algorithm=METHOD_URIS[method])
    encrypted_key = add(add(data, DS, "KeyInfo"), XENC, "EncryptedKey")
    transport = add(encrypted_key, XENC, "EncryptionMethod", Algorithm=XENC + "rsa-oaep-mgf1p")
    add(transport, DS, "DigestMethod", Algorithm=DS + "sha1")
    der = certificate.public_bytes(serialization.Encoding.DER)
    add(add(add(encrypted_key, DS, "KeyInfo"), DS, "X509Data"), DS, "X509Certificate", der)
    add(add(encrypted_key, XENC, "CipherData"), XENC, "CipherValue", wrapped_key)
    add(add(data, XENC, "CipherData"), XENC, "CipherValue", content)
    return outer
