"""Decrypts an assertion with the connection's private keys (SAML core 2.3.4, xmlenc-core1 5.2, 5.5).

Every failure gives the same refusal. A sender who could tell failures apart could learn the plaintext from them (a
decryption oracle).
"""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from sso.refusals import Refusal, Refused
from sso.saml.encryption import GCM, KEY_LENGTHS, Encryption, addressee, our_certificates, read_encryption
from sso.saml.envelope import parse
from sso.saml.names import saml, xenc
from sso.saml.types import ConnectionConfig


def decrypt_assertion(encrypted: etree._Element, config: ConnectionConfig) -> etree._Element:
    """The Assertion in an EncryptedAssertion, in a document of its own with the same namespaces in scope.

    It is not moved into the Response: that would change its prefixes, and with them what is signed, wherever the Response
    has another prefix for the same namespace.

    Raises Refused: UNKNOWN_ENCRYPTION for what stands in the clear, else CANNOT_DECRYPT, whatever the reason.
    """
    encryption = read_encryption(encrypted)
    for private_key in config.decryption_keys:
        plaintext = _decrypt(encryption, private_key)
        assertion = None if plaintext is None else _assertion_in_context(plaintext, encrypted)
        if assertion is not None:
            return assertion
    raise Refused(
        Refusal.CANNOT_DECRYPT,
        expected=our_certificates(config.own_certificates),
        received=addressee(encrypted),
    )


def _decrypt(encryption: Encryption, private_key_pem: bytes) -> bytes | None:
    private_key = serialization.load_pem_private_key(private_key_pem, password=None)
    assert isinstance(private_key, rsa.RSAPrivateKey)  # Our own keys are RSA.
    try:
        key = private_key.decrypt(_cipher_value(encryption.encrypted_key), encryption.padding)
        if len(key) != KEY_LENGTHS[encryption.method]:
            return None
        content = _cipher_value(encryption.data)
        if encryption.method in GCM:
            return AESGCM(key).decrypt(content[:12], content[12:], None)
        return _decrypt_cbc(key, content)
    except Exception:  # noqa: BLE001  Every failure looks the same, or this is a decryption oracle.
        return None


def _cipher_value(encrypted: etree._Element) -> bytes:
    return base64.b64decode(encrypted.findtext(f"{xenc('CipherData')}/{xenc('CipherValue')}", ""))


def _decrypt_cbc(key: bytes, content: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(content[:16])).decryptor()
    padded = decryptor.update(content[16:]) + decryptor.finalize()
    # The last octet is the number of padding octets; the others are arbitrary (xmlenc-core1 5.2.1).
    # More than a block of it would let somebody append blocks, and learn from what comes of it.
    if not 1 <= padded[-1] <= 16:
        raise ValueError("padding")
    return padded[: -padded[-1]]


def _assertion_in_context(plaintext: bytes, encrypted: etree._Element) -> etree._Element | None:
    """Parse the plaintext with the namespaces in scope at the EncryptedAssertion.

    Returns None unless it is one Assertion and nothing else.
    """
    wrapper = etree.Element("opened", nsmap=encrypted.nsmap)  # type: ignore[arg-type]
    start = etree.tostring(wrapper, encoding="utf-8").removesuffix(b"/>")
    try:
        holder = parse(start + b">" + plaintext + b"</opened>")
    except Refused:
        return None
    match list(holder):
        case [assertion] if assertion.tag == saml("Assertion") and not _is_text(holder.text, assertion.tail):
            return assertion
    return None


def _is_text(*texts: str | None) -> bool:
    return any(text and text.strip() for text in texts)
