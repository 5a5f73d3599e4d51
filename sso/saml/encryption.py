"""What an EncryptedAssertion says of itself: its algorithms, its key, whom it is for (SAML core 2.3.4, xmlenc-core1).

All of it stands in the clear, so saying what is wrong with it gives nothing away of what is encrypted.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from sso.phrases import Phrase, Said, Several, Text
from sso.refusals import Refusal, Refused
from sso.saml.fingerprints import with_colons
from sso.saml.names import DS, DSIG_MORE, XENC, XENC11, ds, xenc

CBC = {f"{XENC}aes128-cbc": 16, f"{XENC}aes192-cbc": 24, f"{XENC}aes256-cbc": 32}
GCM = {f"{XENC11}aes128-gcm": 16, f"{XENC11}aes192-gcm": 24, f"{XENC11}aes256-gcm": 32}
KEY_LENGTHS = CBC | GCM
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


@dataclass(frozen=True, slots=True)
class Encryption:
    """An encryption that we open: the method of the content, its EncryptedKey and the padding of that."""

    method: str
    data: etree._Element
    encrypted_key: etree._Element
    padding: padding.OAEP


def read_encryption(encrypted: etree._Element) -> Encryption:
    """How an EncryptedAssertion is encrypted. Raises Refused(UNKNOWN_ENCRYPTION) if we do not open that."""
    data = encrypted.find(xenc("EncryptedData"))
    assert data is not None  # require_known_shape has checked it.
    if data.get("Type") != f"{XENC}Element":
        raise _unknown(Phrase.DATA_OF_TYPE(type=f"{XENC}Element"), _type_of(data))
    keys = list(encrypted.iter(xenc("EncryptedKey")))
    if len(keys) != 1:
        raise _unknown(Phrase.ONE_ENCRYPTED_KEY(), Phrase.OTHER_ENCRYPTED_KEYS(count=len(keys)))
    (encrypted_key,) = keys
    if encrypted_key.getparent() is encrypted and not _is_pointed_at(encrypted_key, data):
        raise _unknown(Phrase.KEY_AT_THE_DATA(), Phrase.KEY_BESIDE_THE_DATA())
    method, oaep = _method_of(data), _oaep(encrypted_key)
    if method not in KEY_LENGTHS or oaep is None:
        raise _unknown(Phrase.KNOWN_ENCRYPTION(), _in_words(encrypted))
    return Encryption(method, data, encrypted_key, oaep)


def addressee(encrypted: etree._Element) -> Said:
    """By which methods an EncryptedAssertion is encrypted, and to which certificate or key, as far as it says."""
    method = _in_words(encrypted)
    for node in encrypted.iter(ds("X509Certificate")):
        try:
            certificate = x509.load_der_x509_certificate(base64.b64decode(node.text or ""))
        except (ValueError, x509.InvalidVersion):
            continue
        return Phrase.TO_A_CERTIFICATE(method=method, fingerprint=_fingerprint(certificate))
    for node in encrypted.iter(ds("X509IssuerSerial"), ds("X509SubjectName"), ds("KeyName")):
        if name := " / ".join(text.strip() for text in map(str, node.itertext()) if text.strip()):
            return Phrase.TO_A_NAMED_KEY(method=method, name=name)
    return Phrase.TO_AN_UNNAMED_KEY(method=method)


def our_certificates(pems: Sequence[str]) -> Said:
    """The certificates whose keys were tried."""
    if not pems:
        return Phrase.NO_KEY_OF_OURS()
    fingerprints = (_fingerprint(x509.load_pem_x509_certificate(pem.encode())) for pem in pems)
    return Phrase.TO_OUR_CERTIFICATE(fingerprint=Several(tuple(fingerprints), between=" / "))


def _unknown(expected: Text, received: Text) -> Refused:
    return Refused(Refusal.UNKNOWN_ENCRYPTION, expected=expected, received=received)


def _type_of(data: etree._Element) -> Said:
    kind = data.get("Type", "")
    return Phrase.DATA_OF_TYPE(type=kind) if kind else Phrase.DATA_WITHOUT_TYPE()


def _is_pointed_at(encrypted_key: etree._Element, data: etree._Element) -> bool:
    """Whether the KeyInfo of the data leads to a key beside it. python3-saml finds it in no other way."""
    pointers = data.iterfind(f"{ds('KeyInfo')}/{ds('RetrievalMethod')}")
    return any(pointer.get("URI") == f"#{encrypted_key.get('Id')}" for pointer in pointers)


def _method_of(encrypted: etree._Element) -> str:
    """The EncryptionMethod of an EncryptedData or EncryptedKey, or empty."""
    found = encrypted.find(xenc("EncryptionMethod"))
    return "" if found is None else found.get("Algorithm", "")


def _oaep(encrypted_key: etree._Element) -> padding.OAEP | None:
    """The padding of an EncryptedKey. Both hashes are SHA-1 unless it names others (xmlenc-core1 5.5.2)."""
    digest = encrypted_key.find(f"{xenc('EncryptionMethod')}/{ds('DigestMethod')}")
    mask = encrypted_key.find(f"{xenc('EncryptionMethod')}/{{{XENC11}}}MGF")
    algorithm = _DIGESTS.get(f"{DS}sha1" if digest is None else digest.get("Algorithm", ""))
    mask_hash = _MASKS.get(f"{XENC11}mgf1sha1" if mask is None else mask.get("Algorithm", ""))
    # `rsa-oaep-mgf1p` always uses MGF1 with SHA-1, so it may not name an MGF.
    known = (OAEP_MGF1P, OAEP) if mask is None else (OAEP,)
    if _method_of(encrypted_key) not in known or algorithm is None or mask_hash is None:
        return None
    return padding.OAEP(mgf=padding.MGF1(mask_hash), algorithm=algorithm, label=None)


def _in_words(encrypted: etree._Element) -> Text:
    """The methods of the content and of its key, by the names that consoles have for them: `aes256-cbc`."""
    methods: list[Text] = []
    for node in encrypted.iter(xenc("EncryptedData"), xenc("EncryptedKey")):
        options = node.iterfind(f"{xenc('EncryptionMethod')}/*")
        named = ", ".join(filter(None, (_short(option.get("Algorithm", "")) for option in options)))
        method = _short(_method_of(node))
        methods.append(f"{method} ({named})" if named else method or Phrase.NO_ENCRYPTION_METHOD())
    content, key = methods
    return Phrase.ENCRYPTED_BY(content=content, key=key)


def _short(algorithm: str) -> str:
    return algorithm.rpartition("#")[2]


def _fingerprint(certificate: x509.Certificate) -> str:
    return with_colons(certificate.fingerprint(hashes.SHA256()).hex())
