"""Decrypts an assertion with the connection's private keys (SAML core 2.3.4, xmlenc-core1 5.2, 5.5).

Every failure gives the same refusal. A sender who could tell failures apart could learn the plaintext from them (a
decryption oracle).
"""

from __future__ import annotations

import base64
import copy

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.saml.envelope import parse
from sso.saml.names import DS, DSIG_MORE, XENC, XENC11, ds, saml, xenc

CBC = {f"{XENC}aes128-cbc": 16, f"{XENC}aes192-cbc": 24, f"{XENC}aes256-cbc": 32}
GCM = {f"{XENC11}aes128-gcm": 16, f"{XENC11}aes192-gcm": 24, f"{XENC11}aes256-gcm": 32}
_KEY_LENGTHS = CBC | GCM
OAEP_MGF1P = f"{XENC}rsa-oaep-mgf1p"
OAEP = f"{XENC11}rsa-oaep"
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    f"{DS}sha1": hashes.SHA1(),  # noqa: S303  OAEP's default. Collisions of SHA-1 do not weaken it.
    f"{XENC}sha256": hashes.SHA256(),
    f"{DSIG_MORE}sha384": hashes.SHA384(),
    f"{XENC}sha512": hashes.SHA512(),
}
_MASKS: dict[str, hashes.HashAlgorithm] = {
    f"{XENC11}mgf1sha1": hashes.SHA1(),  # noqa: S303  As above.
    f"{XENC11}mgf1sha224": hashes.SHA224(),
    f"{XENC11}mgf1sha256": hashes.SHA256(),
    f"{XENC11}mgf1sha384": hashes.SHA384(),
    f"{XENC11}mgf1sha512": hashes.SHA512(),
}


def decrypt_assertion(response: etree._Element, private_keys: tuple[bytes, ...]) -> etree._Element:
    """A copy of the Response with its EncryptedAssertion replaced by the Assertion inside.

    Content is encrypted with AES-CBC or AES-GCM, its key with RSA-OAEP. Each private key (PEM) is tried.

    Raises Refused(CANNOT_DECRYPT), whatever the reason.
    """
    decrypted = copy.deepcopy(response)
    encrypted = decrypted.find(saml("EncryptedAssertion"))
    assert encrypted is not None  # The caller has checked it.
    data = encrypted.find(xenc("EncryptedData"))
    assert data is not None  # require_known_shape has checked it.
    keys = list(encrypted.iter(xenc("EncryptedKey")))
    plaintexts = (plaintext for pem in private_keys if (plaintext := _decrypt(data, keys, pem)) is not None)
    for plaintext in plaintexts:
        assertion = _assertion_in_context(plaintext, encrypted)
        if assertion is not None:
            assertion.tail = encrypted.tail
            decrypted.replace(encrypted, assertion)
            return decrypted
    raise Refused(
        Refusal.CANNOT_DECRYPT,
        expected=Phrase.KNOWN_ENCRYPTION(),
        received=_method(data) or Phrase.NO_ENCRYPTION_METHOD(),
    )


def _method(encrypted: etree._Element) -> str:
    """The EncryptionMethod of an EncryptedData or EncryptedKey, or empty."""
    found = encrypted.find(xenc("EncryptionMethod"))
    return "" if found is None else found.get("Algorithm", "")


def _decrypt(data: etree._Element, keys: list[etree._Element], private_key_pem: bytes) -> bytes | None:
    private_key = serialization.load_pem_private_key(private_key_pem, password=None)
    assert isinstance(private_key, rsa.RSAPrivateKey)  # Our own keys are RSA.
    method = _method(data)
    try:
        (encrypted_key,) = keys
        key = private_key.decrypt(_cipher_value(encrypted_key), _oaep(encrypted_key))
        if len(key) != _KEY_LENGTHS[method]:
            return None
        content = _cipher_value(data)
        if method in GCM:
            return AESGCM(key).decrypt(content[:12], content[12:], None)
        return _decrypt_cbc(key, content)
    except Exception:  # noqa: BLE001  Every failure looks the same, or this is a decryption oracle.
        return None


def _oaep(encrypted_key: etree._Element) -> padding.OAEP:
    """The padding of an EncryptedKey. Both hashes are SHA-1 unless it names others (xmlenc-core1 5.5.2)."""
    digest = encrypted_key.find(f"{xenc('EncryptionMethod')}/{ds('DigestMethod')}")
    algorithm = _DIGESTS[f"{DS}sha1" if digest is None else digest.get("Algorithm", "")]
    mask = encrypted_key.find(f"{xenc('EncryptionMethod')}/{{{XENC11}}}MGF")
    # `rsa-oaep-mgf1p` always uses MGF1 with SHA-1, so it may not name an MGF.
    known = (OAEP_MGF1P, OAEP) if mask is None else (OAEP,)
    if _method(encrypted_key) not in known:
        raise ValueError("not a key transport we know")
    mask_hash = _MASKS[f"{XENC11}mgf1sha1" if mask is None else mask.get("Algorithm", "")]
    return padding.OAEP(mgf=padding.MGF1(mask_hash), algorithm=algorithm, label=None)


def _cipher_value(encrypted: etree._Element) -> bytes:
    return base64.b64decode(encrypted.findtext(f"{xenc('CipherData')}/{xenc('CipherValue')}", ""))


def _decrypt_cbc(key: bytes, content: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(content[:16])).decryptor()
    padded = decryptor.update(content[16:]) + decryptor.finalize()
    # The last octet is the number of padding octets; the others are arbitrary (xmlenc-core1 5.2.1).
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
            return copy.deepcopy(assertion)
    return None


def _is_text(*texts: str | None) -> bool:
    return any(text and text.strip() for text in texts)
