"""Finds the texts of certificates in pasted markup: an element of metadata, a KeyInfo, a web page around a PEM file."""

from __future__ import annotations

import re

from sso.saml.pasted.certificate_problems import CertificateProblem, CertificateRefused

_METADATA = re.compile(r"<(?:[\w.-]+:)?Entit(?:y|ies)Descriptor\b")
# A certificate in a message proves nothing: whoever made the message chose it.
_MESSAGE = re.compile(
    r"<(?:[\w.-]+:)?(?:(?:Authn|Logout)Request|(?:Logout)?Response|(?:Encrypted)?Assertion|Signature|EncryptedKey)\b"
)
_KEY_DESCRIPTOR = re.compile(r"<(?:[\w.-]+:)?KeyDescriptor\b")
_FOR_ENCRYPTION = re.compile(r"[^<>]*\suse\s*=\s*[\"']\s*encryption\b")
_X509_ELEMENT = re.compile(r"<(?:[\w.-]+:)?X509Certificate\b[^<>]*>([^<]*)<")
_KEY_VALUE = re.compile(r"<(?:[\w.-]+:)?Modulus\b")
_TAG = re.compile(r"<[^<>]*>")
_WEB_PAGE = re.compile(r"<!doctype html|<html|<body|<head|<div|<p\b", re.I)


def without_markup(text: str) -> list[str]:
    """The texts in which to look for certificates, at least one. Raises CertificateRefused."""
    if _METADATA.search(text):
        raise CertificateRefused(CertificateProblem.METADATA)
    if _MESSAGE.search(text):
        raise CertificateRefused(CertificateProblem.MESSAGE)
    for_signing = _without_encryption_keys(text)
    if elements := _X509_ELEMENT.findall(for_signing):
        return list(elements)
    if _X509_ELEMENT.search(text):
        raise CertificateRefused(CertificateProblem.FOR_ENCRYPTION)
    if "-BEGIN " in text:
        return [_TAG.sub("\n", text)]
    if _KEY_VALUE.search(text):
        raise CertificateRefused(CertificateProblem.PUBLIC_KEY)
    if _WEB_PAGE.search(text):
        raise CertificateRefused(CertificateProblem.HTML)
    raise CertificateRefused(CertificateProblem.NOT_A_CERTIFICATE)


def _without_encryption_keys(text: str) -> str:
    """The markup without each KeyDescriptor for encryption (metadata 2.4.1.1)."""
    first, *descriptors = _KEY_DESCRIPTOR.split(text)
    return first + "".join(each for each in descriptors if not _FOR_ENCRYPTION.match(each))
