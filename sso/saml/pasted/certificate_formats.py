"""Finds the certificates in pasted text or an uploaded file, whatever its format."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from sso.saml.pasted.certificate_markup import without_markup
from sso.saml.pasted.certificate_problems import CertificateProblem, CertificateRefused
from sso.saml.pasted.copied_text import plain_text

Reader = Callable[[bytes], list[x509.Certificate]]
MAX_BYTES = 64 * 1024

# Two blocks may share one rule of dashes, so the last one is not used up.
_ARMOUR = re.compile(
    r"-{2,} *BEGIN ([A-Z0-9 ]{3,40}?) *-{2,}(.*?)(?:-{2,} *END [A-Z0-9 ]{3,40}?(?=-{2,})|(?=-{2,} *BEGIN)|\Z)",
    re.S,
)
_LAST_LINE = re.compile(r"-{2,} *END [A-Z0-9 ]{3,40}?-{2,}")
# Of PEM, PuTTY, JSON (RFC 7518 6.2.2.1, 6.3.2.1) and .NET.
_PRIVATE = re.compile(r"PRIVATE KEY|PuTTY-User-Key-File|\"d\"\s*:\s*\"[\w-]{20}|<InverseQ>")
_FINGERPRINT = re.compile(
    r"^(?:[^=:\n]{0,40}[=:\n])?\s*+(?:(?:[0-9A-F]{2}[\s:-]?){16}|(?:[0-9A-F]{2}[\s:-]?){20}|(?:[0-9A-F]{2}[\s:-]?){32})$",
    re.I,
)
# Characters that e-mail quoting, tables and source code put between the lines.
_LITTER = re.compile(r"[\s>|\"'`,;]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-][A-Za-z0-9+/_=-]*")
_PADDED = re.compile(r"[A-Za-z0-9+/_-]+=*")
# The name of a setting or key before the base64 of DER: idp_cert=MII…, x509cert: MII…
_NAME = re.compile(r"^ *[\w.-]{1,40} *[=:] *[\"']?(?=MI)", re.M)
# DER of some length, in base64, somewhere in other text.
_AMONG_TEXT = re.compile(r"(?<![A-Za-z0-9+/_=-])MI[A-Za-z0-9+/_\s-]{100,}=*")
_HEADER = rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...)"
# The first bytes of a private key, so that we also recognise half of one. PKCS #1, #8 and #12 and SEC 1 begin with a
# small version number, an encrypted PKCS #8 with the identifier of a password-based cipher (RFC 8018 A, RFC 7292 C).
_PRIVATE_DER = re.compile(
    rb"\A" + _HEADER + rb"(?:\x02\x01[\x00\x01\x03]|\x30.\x06.\x2a\x86\x48\x86\xf7\x0d\x01[\x05\x0c])",
    re.S,
)
_BY_LABEL = {
    "CERTIFICATE REQUEST": CertificateProblem.CSR,
    "NEW CERTIFICATE REQUEST": CertificateProblem.CSR,
    "PUBLIC KEY": CertificateProblem.PUBLIC_KEY,
    "RSA PUBLIC KEY": CertificateProblem.PUBLIC_KEY,
    "SSH2 PUBLIC KEY": CertificateProblem.PUBLIC_KEY,
}
_CERTIFICATE_LABELS = {"CERTIFICATE", "X509 CERTIFICATE", "PKCS7", "CMS"}
# OpenSSL adds to the certificate what it is trusted for.
_TRUSTED_LABEL = "TRUSTED CERTIFICATE"
_BY_SHAPE = (
    (re.compile(r"^(?:ssh-|ecdsa-sha2-)"), CertificateProblem.PUBLIC_KEY),
    (re.compile(r"^https?://\S*$", re.I), CertificateProblem.WEB_ADDRESS),
    (_FINGERPRINT, CertificateProblem.FINGERPRINT),
    (re.compile(r"^ *Signature Algorithm: ", re.M), CertificateProblem.DESCRIPTION),
    (re.compile(r"\A(?!.*\"x5c\").*\"kty\"\s*:", re.S), CertificateProblem.PUBLIC_KEY),
)
# A PEM file, the base64 of a certificate, or XML: all ASCII, which DER never is.
_TEXT_INSIDE = re.compile(rb"\s*(?:-----BEGIN|MI|<|Bag Attributes)[\t\n\r -~]{20,}\Z")
# Errors that the library raises for DER of another kind.
_UNREADABLE = (ValueError, UnsupportedAlgorithm, x509.InvalidVersion)


def certificates_in(data: bytes | str) -> list[x509.Certificate]:
    """Every certificate in the input (at most 64 KiB), in order. Raises CertificateRefused."""
    if len(data) > MAX_BYTES:
        raise CertificateRefused(CertificateProblem.TOO_LARGE)
    if isinstance(data, str):
        return _from_text(data)
    text = as_text(data)
    if text is None and b"-BEGIN " in data:
        # A PEM file with words of another encoding around it.
        text = data.decode("latin-1")
    return _from_der(data) if text is None else _from_text(text)


def as_text(data: bytes) -> str | None:
    """The text of a file, or None if it is not text. DER as long as a certificate is no UTF-8."""
    # Notepad saves UTF-16 with a byte order mark.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _from_text(pasted: str) -> list[x509.Certificate]:
    text = plain_text(pasted)
    if not text:
        raise CertificateRefused(CertificateProblem.EMPTY)
    # Before anything else, because we must not keep a private key.
    if _PRIVATE.search(text):
        raise CertificateRefused(CertificateProblem.PRIVATE_KEY)
    if "<" in text:
        return [found for each in without_markup(text) for found in _from_plain(each)]
    return _from_plain(text)


def _from_plain(text: str) -> list[x509.Certificate]:
    if blocks := _ARMOUR.findall(text):
        return [certificate for label, body in blocks for certificate in _from_block(label, body)]
    for pattern, problem in _BY_SHAPE:
        if pattern.search(text):
            raise CertificateRefused(problem)
    return _from_base64(_LAST_LINE.sub("", text))


def _from_block(label: str, body: str) -> list[x509.Certificate]:
    if problem := _BY_LABEL.get(label):
        raise CertificateRefused(problem)
    if label == _TRUSTED_LABEL:
        return _from_base64(body, read=_from_trusted_der)
    if label not in _CERTIFICATE_LABELS:
        raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE)
    return _from_base64(body)


def _from_base64(text: str, read: Reader | None = None) -> list[x509.Certificate]:
    text = _NAME.sub("", text)
    body = _LITTER.sub("", text)
    if not body:
        raise CertificateRefused(CertificateProblem.TRUNCATED)
    if _BASE64.fullmatch(body):
        # Padding ends one base64 text, and what follows is another.
        parts = _PADDED.findall(body)
    else:
        parts = ["".join(found.split()) for found in _AMONG_TEXT.findall(text)]
    if not parts:
        raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE)
    return [certificate for part in parts for certificate in (read or _from_decoded)(_decoded(part))]


def _decoded(body: str) -> bytes:
    try:
        # Add the longest padding that can be missing. Python ignores what is too much.
        return base64.b64decode(body.replace("-", "+").replace("_", "/") + "===")
    except binascii.Error as error:
        # Base64 never has one digit more than a multiple of four, so something is missing.
        cut_off = body.startswith("MI")
        problem = CertificateProblem.TRUNCATED if cut_off else CertificateProblem.NOT_A_CERTIFICATE
        raise CertificateRefused(problem) from error


def _from_decoded(content: bytes) -> list[x509.Certificate]:
    """The certificates in what was base64: DER, or again text. Each time it is a quarter shorter, so this ends."""
    return _from_text(content.decode()) if _TEXT_INSIDE.match(content) else _from_der(content)


def _from_trusted_der(der: bytes) -> list[x509.Certificate]:
    """The certificate alone, without what OpenSSL has added."""
    return _from_der(der[: _declared_length(der)])


def _from_der(der: bytes) -> list[x509.Certificate]:
    if _PRIVATE_DER.match(der):
        raise CertificateRefused(CertificateProblem.PRIVATE_KEY)
    length = _declared_length(der)
    if length is None:
        return _from_other_der(der)
    if length > len(der):
        raise CertificateRefused(CertificateProblem.TRUNCATED)
    try:
        first = x509.load_der_x509_certificate(der[:length])
    except _UNREADABLE:
        return _from_other_der(der)
    rest = der[length:]
    # Nothing follows in a DER file, except a line end that an editor may have added.
    return [first, *_from_der(rest)] if rest.strip(b"\r\n") else [first]


def _declared_length(der: bytes) -> int | None:
    """The length of the outermost SEQUENCE in bytes, with its header (X.690 8.1.3).

    Returns None for anything else, and for less than 128 bytes, which is too short for a certificate.
    """
    if der[:1] != b"\x30" or der[1:2] not in (b"\x81", b"\x82", b"\x83"):
        return None
    octets = der[1] - 0x80
    return 2 + octets + int.from_bytes(der[2 : 2 + octets], "big")


def _from_other_der(der: bytes) -> list[x509.Certificate]:
    """The certificates in PKCS #7. Other DER is refused with its own reason."""
    if _loads(x509.load_der_x509_csr, der):
        raise CertificateRefused(CertificateProblem.CSR)
    if _loads(serialization.load_der_public_key, der):
        raise CertificateRefused(CertificateProblem.PUBLIC_KEY)
    try:
        return list(pkcs7.load_der_pkcs7_certificates(der))
    except _UNREADABLE as error:
        raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE) from error


def _loads(load: Callable[[bytes], object], der: bytes) -> bool:
    try:
        load(der)
    except _UNREADABLE:
        return False
    return True
