"""Finds the certificates in pasted text or an uploaded file, whatever its format."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import unquote

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from sso.saml.pasted.certificate_problems import CertificateProblem, CertificateRefused

MAX_BYTES = 64 * 1024

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad\x00"), None)
# Word processors turn runs of hyphens into dashes.
_DASHES = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "--", "\u2014": "--", "\u2015": "--"}
)
_ARMOUR = re.compile(
    r"-{2,} *BEGIN ([A-Z0-9 ]{3,40}?) *-{2,}(.*?)(?:-{2,} *END [A-Z0-9 ]{3,40}?-{2,}|(?=-{2,} *BEGIN)|\Z)",
    re.S,
)
_LONG_RULE = re.compile(r"-{10,}")
_LAST_LINE = re.compile(r"-{2,} *END [A-Z0-9 ]{3,40}?-{2,}")
_PRIVATE = re.compile(r"PRIVATE KEY|PuTTY-User-Key-File")
_X509_ELEMENT = re.compile(r"<(?:\w+:)?X509Certificate\b[^<>]*>([^<]*)<")
_FINGERPRINT = re.compile(
    r"^(?:[^=\n]{0,40}=)?\s*((?:[0-9A-F]{2}[\s:-]?){20}|(?:[0-9A-F]{2}[\s:-]?){32})$", re.I
)
# Characters that e-mail quoting, tables and source code put between the lines.
_LITTER = re.compile(r"[\s>|\"'`,;]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-][A-Za-z0-9+/_=-]*")
_UP_TO_PADDING = re.compile(r"[^=]+=*")
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
_CERTIFICATE_LABELS = {"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PKCS7", "CMS"}
# What ends a line in XML and HTML. Java writes the carriage return of its base64 as &#13; (xml-c14n 2.3).
_LINE_ENDS = re.compile(r"&(?:#0*(?:9|10|13|32|160)|#x0*(?:9|A|D|20|A0)|nbsp);|<br\s*/?>", re.I)
_ESCAPED_MARKUP = {"&lt;": "<", "&gt;": ">", "&quot;": '"'}
# Errors that the library raises for DER of another kind.
_UNREADABLE = (ValueError, UnsupportedAlgorithm, x509.InvalidVersion)


def certificates_in(data: bytes | str) -> list[x509.Certificate]:
    """Every certificate in the input (at most 64 KiB), in order. Raises CertificateRefused."""
    if len(data) > MAX_BYTES:
        raise CertificateRefused(CertificateProblem.TOO_LARGE)
    if isinstance(data, str):
        return _from_text(data)
    text = as_text(data)
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
    # Shorten rules of dashes: the patterns below would take quadratic time for one of thousands. Ten dashes are the end
    # of one certificate and the beginning of the next, glued together.
    text = unquote(_LONG_RULE.sub("-----\n-----", pasted.translate(_INVISIBLE).translate(_DASHES)))
    # The source of a page, in which markup is text.
    for escaped, sign in _ESCAPED_MARKUP.items():
        text = text.replace(escaped, sign)
    text = _LINE_ENDS.sub("\n", text)
    # In JSON and source code, a line ends with the two characters \ and n.
    text = re.sub(r"\\[nrt]", "\n", text).replace("\\", "").strip()
    if not text:
        raise CertificateRefused(CertificateProblem.EMPTY)
    # Before anything else, because we must not keep a private key.
    if _PRIVATE.search(text):
        raise CertificateRefused(CertificateProblem.PRIVATE_KEY)
    if "<" in text:
        return _from_markup(text)
    if blocks := _ARMOUR.findall(text):
        return [certificate for label, body in blocks for certificate in _from_block(label, body)]
    if text.startswith(("ssh-", "ecdsa-sha2-")):
        raise CertificateRefused(CertificateProblem.PUBLIC_KEY)
    if _FINGERPRINT.match(text):
        raise CertificateRefused(CertificateProblem.FINGERPRINT)
    if re.match(r"https?://", text):
        raise CertificateRefused(CertificateProblem.WEB_ADDRESS)
    return _from_base64(_LAST_LINE.sub("", text))


def _from_markup(text: str) -> list[x509.Certificate]:
    if re.search(r"EntityDescriptor|EntitiesDescriptor", text):
        raise CertificateRefused(CertificateProblem.METADATA)
    if elements := _X509_ELEMENT.findall(text):
        return [certificate for element in elements for certificate in _from_base64(element)]
    if re.search(r"<!doctype html|<html|<body|<head|<div|<p\b", text, re.I):
        raise CertificateRefused(CertificateProblem.HTML)
    raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE)


def _from_block(label: str, body: str) -> list[x509.Certificate]:
    if problem := _BY_LABEL.get(label):
        raise CertificateRefused(problem)
    if label not in _CERTIFICATE_LABELS:
        raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE)
    if label == "TRUSTED CERTIFICATE":
        # Behind it OpenSSL writes what it trusts the certificate for.
        der = _decoded(body)
        return _from_der(der[: _declared_length(der)])
    return _from_base64(body)


def _from_base64(text: str) -> list[x509.Certificate]:
    """The certificates of one base64 text or of several in a row: padding ends one."""
    body = _LITTER.sub("", text)
    if not body:
        raise CertificateRefused(CertificateProblem.TRUNCATED)
    if not _BASE64.fullmatch(body):
        raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE)
    return [certificate for part in _UP_TO_PADDING.findall(body) for certificate in _from_part(part)]


def _from_part(body: str) -> list[x509.Certificate]:
    der = _decoded(body)
    # The base64 of a whole PEM file, as some consoles and scripts give it.
    return _from_text(der.decode("ascii", "replace")) if der.startswith(b"-----BEGIN ") else _from_der(der)


def _decoded(body: str) -> bytes:
    try:
        # Add the longest padding that can be missing. Python ignores what is too much.
        return base64.b64decode(_LITTER.sub("", body).replace("-", "+").replace("_", "/") + "===")
    except binascii.Error as error:
        # Base64 never has one digit more than a multiple of four, so something is missing.
        cut_off = body.startswith("MI")
        problem = CertificateProblem.TRUNCATED if cut_off else CertificateProblem.NOT_A_CERTIFICATE
        raise CertificateRefused(problem) from error


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
