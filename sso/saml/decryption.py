"""Opens an encrypted assertion with the connection's own key (xmlenc-core1 4.4, 5.2, 5.5; SAML core 2.3.4).

Whatever goes wrong has one answer, so that nobody learns anything about the plaintext from how it failed.
"""

from __future__ import annotations

import base64
import copy

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from sso.refusals import Refusal, Refused
from sso.saml.envelope import parse
from sso.saml.names import DS, XENC, XENC11, saml, xenc

CBC = {f"{XENC}aes128-cbc": 16, f"{XENC}aes192-cbc": 24, f"{XENC}aes256-cbc": 32}
GCM = {f"{XENC11}aes128-gcm": 16, f"{XENC11}aes192-gcm": 24, f"{XENC11}aes256-gcm": 32}
OAEP_MGF1P = f"{XENC}rsa-oaep-mgf1p"
OAEP = f"{XENC11}rsa-oaep"
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    f"{DS}sha1": hashes.SHA1(),  # noqa: S303  The default of OAEP; its strength does not rest on collisions.
    f"{XENC}sha256": hashes.SHA256(),
    f"{XENC}sha512": hashes.SHA512(),
}


def open_assertion(response: etree._Element, private_keys: tuple[bytes, ...]) -> etree._Element:
    """A copy of the Response with its EncryptedAssertion replaced by the Assertion inside.

    Takes AES-CBC and AES-GCM content under RSA-OAEP key transport, and tries each private key (PEM). Raises
    Refused(CANNOT_DECRYPT) for whatever reason.
    """
    opened = copy.deepcopy(response)
    encrypted = opened.find(saml("EncryptedAssertion"))
    assert encrypted is not None  # The caller has seen it.
    method = _method(encrypted.find(xenc("EncryptedData")))
    plaintexts = (plaintext for pem in private_keys if (plaintext := _decrypt(encrypted, pem)) is not None)
    for plaintext in plaintexts:
        assertion = _assertion_in_context(plaintext, encrypted)
        if assertion is not None:
            assertion.tail = encrypted.tail
            opened.replace(encrypted, assertion)
            return opened
    raise Refused(
        Refusal.CANNOT_DECRYPT,
        expected="AES-GCM or AES-CBC with RSA-OAEP, encrypted to the certificate of this connection",
        received=method[:120] or "no encryption method",
    )


def _method(element: etree._Element | None) -> str:
    found = None if element is None else element.find(xenc("EncryptionMethod"))
    return "" if found is None else found.get("Algorithm", "")


def _decrypt(encrypted: etree._Element, private_key_pem: bytes) -> bytes | None:
    data = encrypted.find(xenc("EncryptedData"))
    keys = list(encrypted.iter(xenc("EncryptedKey")))
    if data is None or len(keys) != 1:
        return None
    private_key = serialization.load_pem_private_key(private_key_pem, password=None)
    assert isinstance(private_key, rsa.RSAPrivateKey)  # We made it.
    transport = _oaep(keys[0].find(xenc("EncryptionMethod")))
    method = _method(data)
    length = CBC.get(method) or GCM.get(method)
    if transport is None or length is None:
        return None
    try:
        key = private_key.decrypt(_cipher_value(keys[0]), transport)
        if len(key) != length:
            return None
        content = _cipher_value(data)
        if method in GCM:
            return AESGCM(key).decrypt(content[:12], content[12:], None)
        return _decrypt_cbc(key, content)
    except Exception:  # noqa: BLE001  One answer for every failure: a distinction here is a decryption oracle.
        return None


def _oaep(method: etree._Element | None) -> padding.OAEP | None:
    if method is None or method.get("Algorithm") not in (OAEP_MGF1P, OAEP):
        return None
    # A mask function of its own choice is more than the schema of the second lock knows.
    if method.find(f"{{{XENC11}}}MGF") is not None:
        return None
    digest_node = method.find(f"{{{DS}}}DigestMethod")
    digest = _DIGESTS.get(f"{DS}sha1" if digest_node is None else digest_node.get("Algorithm", ""))
    if digest is None:
        return None
    return padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=digest, label=None)  # noqa: S303


def _cipher_value(element: etree._Element) -> bytes:
    value = element.find(f"{xenc('CipherData')}/{xenc('CipherValue')}")
    return base64.b64decode("".join((value.text or "").split()) if value is not None else "", validate=True)


def _decrypt_cbc(key: bytes, content: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(content[:16])).decryptor()
    padded = decryptor.update(content[16:]) + decryptor.finalize()
    # xmlenc padding: only the last octet counts (xmlenc-core1 5.2.1).
    return padded[: -padded[-1]]


def _assertion_in_context(plaintext: bytes, encrypted: etree._Element) -> etree._Element | None:
    """Parse the plaintext where it stood, so that prefixes declared around it keep their meaning."""
    wrapper = etree.Element("opened", nsmap=encrypted.nsmap)  # type: ignore[arg-type]
    start, _, end = etree.tostring(wrapper, encoding="utf-8").partition(b"/>")
    try:
        holder = parse(start + b">" + plaintext + b"</opened>" + end)
    except Refused:
        return None
    children = list(holder)
    if len(children) != 1 or children[0].tag != saml("Assertion") or (holder.text or "").strip():
        return None
    return copy.deepcopy(children[0])
