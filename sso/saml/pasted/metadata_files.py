"""Reads the XML of a metadata file, and names what people bring instead: a web page, JSON, a certificate, …"""

from __future__ import annotations

import re

from lxml import etree

from sso.saml.names import SAMLP
from sso.saml.pasted import certificate_formats
from sso.saml.pasted.certificate_formats import as_text, certificates_in
from sso.saml.pasted.certificate_problems import CertificateProblem, CertificateRefused
from sso.saml.pasted.copied_text import unescaped, visible
from sso.saml.pasted.metadata_problems import MetadataProblem, MetadataRefused

MAX_BYTES = 1024 * 1024
_XHTML = "http://www.w3.org/1999/xhtml"
_DECLARATION = re.compile(r"\A<\?xml\s[^>]*>\s*")
# An HTML page, behind an XML declaration or comments if there are any.
_WEB_PAGE = re.compile(
    r"(?:\s|<\?[^>]*>|<!--(?:[^-]|-(?!->))*-->)*<(?:!doctype\s+html|html|head|body|div|script|meta|p)(?=[\s>/]|\Z)",
    re.I,
)
# What browsers say above XML that they show.
_SHOWN_BY_BROWSER = re.compile(r"\AThis XML file does not appear to have any style information[^<]*(?=<)")
_JSON = re.compile(r"[\[{]\s*[\"\[{\]}]")
_WEB_ADDRESS = re.compile(r"https?://\S*\Z|\[InternetShortcut\]", re.I)
_DOCUMENTS = (b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_OF_CERTIFICATES = {
    CertificateProblem.PRIVATE_KEY: MetadataProblem.PRIVATE_KEY,
    CertificateProblem.TRUNCATED: MetadataProblem.CERTIFICATE,
}


def read_xml(data: bytes) -> etree._Element:
    """The root of an XML file of at most 1 MiB, without comments. Raises MetadataRefused."""
    if len(data) > MAX_BYTES:
        raise MetadataRefused(MetadataProblem.TOO_LARGE)
    if data.startswith(_DOCUMENTS):
        raise MetadataRefused(MetadataProblem.DOCUMENT)
    text = _text_of(data)
    if text is not None:
        return _parsed(_xml_in(text).encode())
    if problem := _problem_of_certificate(data):
        raise MetadataRefused(problem)
    # Of another encoding, which its declaration names.
    return _parsed(data.strip())


def problem_of_root(root: etree._Element) -> MetadataProblem:
    """What a document is whose root is none of metadata's."""
    namespace = etree.QName(root).namespace
    if namespace == _XHTML:
        return MetadataProblem.HTML
    return MetadataProblem.MESSAGE if namespace == SAMLP else MetadataProblem.NOT_METADATA


def _text_of(data: bytes) -> str | None:
    """The text of the file in UTF-8 or UTF-16, or None. Some programs leave the byte order mark out."""
    if data.startswith(b"<\x00"):
        data = b"\xff\xfe" + data
    elif data.startswith(b"\x00<"):
        data = b"\xfe\xff" + data
    return as_text(data)


def _xml_in(copied: str) -> str:
    """The XML in a text, without its declaration: that names the encoding it had before. Raises MetadataRefused."""
    text = visible(copied).strip()
    if not text:
        raise MetadataRefused(MetadataProblem.EMPTY)
    if text.startswith("&lt;"):
        text = unescaped(text)
    text = _SHOWN_BY_BROWSER.sub("", text)
    if problem := _problem_of(text):
        raise MetadataRefused(problem)
    return _DECLARATION.sub("", text)


def _problem_of(text: str) -> MetadataProblem | None:
    if _WEB_PAGE.match(text):
        return MetadataProblem.HTML
    if text.startswith("<"):
        return None
    if _JSON.match(text):
        return MetadataProblem.OPENID
    if _WEB_ADDRESS.match(text):
        return MetadataProblem.WEB_ADDRESS
    return _problem_of_certificate(text)


def _problem_of_certificate(data: str | bytes) -> MetadataProblem | None:
    """What to say of a certificate, even a part of one, or a private key; None for anything else."""
    try:
        certificates_in(data[: certificate_formats.MAX_BYTES])
    except CertificateRefused as refused:
        return _OF_CERTIFICATES.get(refused.problem)
    return MetadataProblem.CERTIFICATE


def _parsed(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    # This stops a DTD before the parser reads it. A DTD in another encoding is found after parsing, below.
    if b"<!DOCTYPE" in xml:
        raise MetadataRefused(MetadataProblem.FORBIDDEN_XML)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise MetadataRefused(MetadataProblem.NOT_XML) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise MetadataRefused(MetadataProblem.FORBIDDEN_XML)
    return root
