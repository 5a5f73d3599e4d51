"""Signs as identity providers do, and as they never should: every part of an XML signature can be chosen.

Written for the corpus on lxml and cryptography alone, and without a random number: the same message each time.
`Signing()` is what is common today: RSA-SHA256, enveloped-signature, exclusive C14N, the certificate in the KeyInfo.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from tests.saml.corpus.keys import certificate, certificate_pem, private_key, rsa_key
from tests.saml.encrypting import mask, xor
from tests.saml.messages import DS, SAML

ENVELOPED = f"{DS}enveloped-signature"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_XMLENC = "http://www.w3.org/2001/04/xmlenc#"
DIGESTS = {
    "md5": f"{_MORE}md5",
    "sha1": f"{DS}sha1",
    "sha224": f"{_MORE}sha224",
    "sha256": f"{_XMLENC}sha256",
    "sha384": f"{_MORE}sha384",
    "sha512": f"{_XMLENC}sha512",
}
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),
    "sha1": hashes.SHA1(),
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True)
class Signing:
    """How a signature is made. `hash` signs, `digest` (the same unless named) digests; URIs follow from them."""

    key: str = "idp"
    hash: str = "sha256"
    digest: str = ""
    scheme: str = ""  # "hmac" or "pss" in place of what fits the key
    salt: int = 64  # octets of it, at most the hash's
    prefix: str = "ds"
    key_info: tuple[str, ...] = ("certificate",)
    certificates: tuple[str, ...] = ()  # of these keys, in place of the one that signs
    transforms: tuple[str, ...] = (ENVELOPED, EXCLUSIVE)
    inclusive: str | None = None  # the PrefixList of the last transform's InclusiveNamespaces
    c14n: str = EXCLUSIVE  # of SignedInfo
    uri: str | None = "#{id}"
    covers: Callable[[etree._Element], bytes] | None = None  # what is digested, when it is not the element
    references: int = 1
    last: bool = False  # the Signature as the last child, not after the Issuer
    line: str = "\n"
    width: int = 76


def canonical(element: etree._Element, algorithm: str = EXCLUSIVE, prefixes: str | None = None) -> bytes:
    """The canonical form of an element as it stands in its document."""
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    exclusive = algorithm.startswith(EXCLUSIVE)
    return etree.tostring(
        alone,
        method="c14n",
        exclusive=exclusive,
        with_comments=algorithm.endswith("WithComments"),
        inclusive_ns_prefixes=(prefixes or "").split() if exclusive and prefixes else None,
    )


def sign(element: etree._Element, signing: Signing) -> etree._Element:
    """Put an enveloped signature into an element of its document; give the Signature."""
    digested = (
        canonical(element, signing.transforms[-1], signing.inclusive)
        if signing.covers is None
        else signing.covers(element)
    )
    signature = etree.fromstring(_skeleton(element, signing, digested))
    issuer = element.find(f"{{{SAML}}}Issuer")
    if signing.last:
        element.append(signature)
    elif issuer is None:
        text = element.text or ""
        element.insert(0, signature)
        element.text, signature.tail = text[:1], text[1:]
    else:
        # Blanks that were digested stand on both sides of the signature, as they do where a template is signed.
        tail, issuer.tail = issuer.tail or "", None
        issuer.addnext(signature)
        before = 1 if tail.isspace() else len(tail)
        issuer.tail, signature.tail = tail[:before], tail[before:]
    _fill_in_value(signature, signing)
    return signature


def _skeleton(element: etree._Element, signing: Signing, digested: bytes) -> str:
    d = f"{signing.prefix}:" if signing.prefix else ""
    xmlns = f'xmlns{":" + signing.prefix if signing.prefix else ""}="{DS}"'
    digest_name = signing.digest or signing.hash
    digest = base64.b64encode(hashlib.new(digest_name, digested).digest()).decode()
    listed = ""
    if signing.inclusive is not None:
        listed = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{signing.inclusive}"/>'
    transforms = "".join(
        f'<{d}Transform Algorithm="{algorithm}">'
        f"{listed if number == len(signing.transforms) - 1 else ''}</{d}Transform>"
        for number, algorithm in enumerate(signing.transforms)
    )
    uri = "" if signing.uri is None else f' URI="{signing.uri.format(id=element.get("ID"))}"'
    reference = (
        f"<{d}Reference{uri}><{d}Transforms>{transforms}</{d}Transforms>"
        f'<{d}DigestMethod Algorithm="{DIGESTS[digest_name]}"/><{d}DigestValue>{digest}</{d}DigestValue>'
        f"</{d}Reference>"
    )
    return (
        f'<{d}Signature {xmlns}><{d}SignedInfo><{d}CanonicalizationMethod Algorithm="{signing.c14n}"/>'
        f'<{d}SignatureMethod Algorithm="{_method(signing)}"/>{reference * signing.references}</{d}SignedInfo>'
        f"<{d}SignatureValue/>{_key_info(signing, d)}</{d}Signature>"
    )


def _method(signing: Signing) -> str:
    if signing.scheme == "pss":
        return f"http://www.w3.org/2007/05/xmldsig-more#{signing.hash}-rsa-MGF1"
    ecdsa = isinstance(private_key(signing.key), ec.EllipticCurvePrivateKey)
    name = f"{signing.scheme or ('ecdsa' if ecdsa else 'rsa')}-{signing.hash}"
    return f"{DS if name in ('rsa-sha1', 'hmac-sha1') else _MORE}{name}"


def _key_info(signing: Signing, d: str) -> str:
    made = {
        "certificate": lambda: _x509_data(signing, d),
        "subject": lambda: (
            f"<{d}X509Data><{d}X509SubjectName>{certificate(signing.key).subject.rfc4514_string()}"
            f"</{d}X509SubjectName>{_certificates(signing, d)}</{d}X509Data>"
        ),
        "name": lambda: f"<{d}KeyName>Corpus {signing.key}</{d}KeyName>",
        "value": lambda: _key_value(signing, d),
    }
    inner = "".join(made[part]() for part in signing.key_info)
    return f"<{d}KeyInfo>{inner}</{d}KeyInfo>" if inner else ""


def _x509_data(signing: Signing, d: str) -> str:
    return f"<{d}X509Data>{_certificates(signing, d)}</{d}X509Data>"


def _certificates(signing: Signing, d: str) -> str:
    return "".join(
        f"<{d}X509Certificate>{_lines(certificate(key).public_bytes(serialization.Encoding.DER), signing)}"
        f"</{d}X509Certificate>"
        for key in signing.certificates or (signing.key,)
    )


def _key_value(signing: Signing, d: str) -> str:
    numbers = rsa_key(signing.key).public_key().public_numbers()
    modulus, exponent = (
        base64.b64encode(number.to_bytes((number.bit_length() + 7) // 8)).decode()
        for number in (numbers.n, numbers.e)
    )
    return (
        f"<{d}KeyValue><{d}RSAKeyValue><{d}Modulus>{modulus}</{d}Modulus>"
        f"<{d}Exponent>{exponent}</{d}Exponent></{d}RSAKeyValue></{d}KeyValue>"
    )


def _lines(data: bytes, signing: Signing) -> str:
    text = base64.b64encode(data).decode()
    return signing.line.join(
        text[start : start + signing.width] for start in range(0, len(text), signing.width)
    )


def _fill_in_value(signature: etree._Element, signing: Signing) -> None:
    signed_info, value = signature[0], signature[1]
    octets = _signature_value(canonical(signed_info, signing.c14n), signing)
    text = _lines(octets, signing)
    # As a character reference, where an identity provider writes one ("&#13;"), it arrives as the character.
    value.text = text.replace("&#13;", "\r")


def _signature_value(octets: bytes, signing: Signing) -> bytes:
    algorithm = _HASHES[signing.hash]
    if signing.scheme == "hmac":
        # The public key as the shared secret: what a verifier that is told its algorithm by the message falls for.
        return hmac.new(certificate_pem(signing.key).encode(), octets, signing.hash).digest()
    key = private_key(signing.key)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(octets, ec.ECDSA(algorithm, deterministic_signing=True)))
        size = (key.key_size + 7) // 8
        return r.to_bytes(size) + s.to_bytes(size)
    if signing.scheme == "pss":
        return _pss_signature(octets, key, signing)
    return key.sign(octets, padding.PKCS1v15(), algorithm)


def _pss_signature(octets: bytes, key: rsa.RSAPrivateKey, signing: Signing) -> bytes:
    """RSASSA-PSS (RFC 8017, 8.1.1) with a salt as long as the hash, written out because the salt is no random one."""
    numbers = key.private_numbers()
    bits = key.key_size - 1
    size = (bits + 7) // 8
    digest = hashlib.new(signing.hash, octets).digest()
    salt = hashlib.new(signing.hash, b"salt" + octets).digest()[: signing.salt]
    seed = hashlib.new(signing.hash, bytes(8) + digest + salt).digest()
    block = bytes(size - len(salt) - len(seed) - 2) + b"\1" + salt
    masked = bytearray(xor(block, mask(seed, len(block), signing.hash)))
    masked[0] &= 0xFF >> (8 * size - bits)
    encoded = int.from_bytes(bytes(masked) + seed + b"\xbc")
    return pow(encoded, numbers.d, numbers.public_numbers.n).to_bytes(key.key_size // 8)
