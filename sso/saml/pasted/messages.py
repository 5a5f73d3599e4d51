"""Finds the SAML response or the reference in what people paste or upload when a sign-in has failed.

Anything else gets a name, so that the page can say what to paste instead. Nothing here is trusted, and nothing raises.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sso.saml.pasted.certificate_formats import as_text, certificates_in
from sso.saml.pasted.certificate_problems import CertificateProblem, CertificateRefused
from sso.saml.pasted.copied_text import unescaped, visible
from sso.saml.pasted.message_kinds import PastedForm, PastedKind
from sso.saml.pasted.recordings import FIELD, BrokenRecording, RecordedRequest, read_recording

__all__ = [
    "Pasted",
    "PastedForm",
    "PastedKind",
    "PastedReference",
    "PastedResponse",
    "RecordedRequest",
    "SomethingElse",
    "read_pasted",
]

MAX_BYTES = 5 * 1024 * 1024
_MAX_XML = 1024 * 1024
_MAX_REFERENCE_TEXT = 200


@dataclass(frozen=True, slots=True)
class PastedReference:
    """The reference of a sign-in, as our records spell it."""

    reference: str


@dataclass(frozen=True, slots=True)
class PastedResponse:
    """Something that looks like a SAML response. `encoded` is the text of its form field (base64)."""

    encoded: str = field(repr=False)
    form: PastedForm
    entry: RecordedRequest | None = None


@dataclass(frozen=True, slots=True)
class SomethingElse:
    """Neither a response nor a reference. `name` is that of the XML root, shortened, or empty."""

    kind: PastedKind
    name: str = ""


Pasted = PastedReference | PastedResponse | SomethingElse

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212_", "-"))
# Not the name of a host, such as sso.justcall.example.
_REFERENCE = re.compile(r"\bSSO[\s:#-]*([A-Z0-9]{4})[\s-]?([A-Z0-9]{4})\b(?!\.[A-Z0-9])", re.ASCII)
_BARE_REFERENCE = re.compile(r"#?([A-Z0-9]{4})[\s-]?([A-Z0-9]{4})", re.ASCII)
_ERROR_REFERENCE = re.compile(r"\bREQ-?\s?[0-9A-Z]{10}\b", re.ASCII)
_JWT = re.compile(r"(?:Bearer\s+)?eyJ[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
# What follows the value: a field of SAML's, another field on a line of its own, or the end of a part of the form.
_NEXT_FIELD = re.compile(r"(?:\s(?:RelayState|SigAlg|Signature)\b|[\r\n](?:--|[\w.-]+:\s)).*", re.S)
_JSON_ESCAPE = re.compile(r"\\u00([0-9A-Fa-f]{2})")
_REQUEST = re.compile(r"(?:GET|POST) \S+ HTTP/|curl |fetch\(|Invoke-WebRequest ")
_INPUT = re.compile(r"\bname\s*=\s*[\"']?SAMLResponse\b", re.I)
_VALUE = re.compile(r"\bvalue\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|div|form|script|input|meta|p)\b", re.I)
# The root element, after what may stand before it. Possessive quantifiers: no text makes it backtrack.
_ROOT = re.compile(
    r"(?:\s|(?><\?.*?\?>)|(?><!--.*?-->)|(?><!DOCTYPE[^\[>]*+(?:\[[^\]]*+\])?+[^>]*+>))*+<(?:[\w.-]+:)?([\w.-]+)",
    re.S,
)
_END_OF_RESPONSE = re.compile(rb"</(?:[\w.-]+:)?Response\s*>")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+=*", re.ASCII)
# What stands where a value was masked or removed: {hash:…}, [REDACTED], ***.
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/=_%\s-]")
_ROOTS = {
    "AuthnRequest": PastedKind.AUTHN_REQUEST,
    "LogoutRequest": PastedKind.LOGOUT_REQUEST,
    "LogoutResponse": PastedKind.LOGOUT_RESPONSE,
    "EntityDescriptor": PastedKind.METADATA,
    "EntitiesDescriptor": PastedKind.METADATA,
    "Assertion": PastedKind.ASSERTION,
    "EncryptedAssertion": PastedKind.ASSERTION,
}


def read_pasted(data: bytes | str, acs_url: str = "") -> Pasted:
    """Recognise what was pasted (text) or uploaded (bytes).

    If a recording has several responses, we take the last one that was posted to `acs_url`, or else the last one. Raises
    nothing.
    """
    if len(data) > MAX_BYTES:
        return SomethingElse(PastedKind.TOO_LARGE)
    text = data if isinstance(data, str) else as_text(data)
    if text is None:
        return _certificate(data) or SomethingElse(PastedKind.BINARY)
    text = visible(text).strip().strip("`").strip()
    return _recorded(text, acs_url) or next(found for read in _READERS if (found := read(text)) is not None)


def _private_key(text: str) -> Pasted | None:
    """Comes first: if there is a private key anywhere, nothing else is read."""
    found = "PRIVATE KEY-" in text or "PuTTY-User-Key-File" in text
    return SomethingElse(PastedKind.PRIVATE_KEY) if found else None


def _reference(text: str) -> Pasted | None:
    if len(text) > _MAX_REFERENCE_TEXT:
        return None
    shouted = text.translate(_DASHES).upper()
    if found := _REFERENCE.search(shouted) or _BARE_REFERENCE.fullmatch(shouted):
        return PastedReference(f"SSO-{found[1]}{found[2]}")
    if _ERROR_REFERENCE.search(shouted):
        return SomethingElse(PastedKind.ERROR_REFERENCE)
    return SomethingElse(PastedKind.NOT_A_REFERENCE) if shouted.startswith("SSO-") else None


def _token(text: str) -> Pasted | None:
    return SomethingElse(PastedKind.JWT) if _JWT.fullmatch(text) else None


def _markup(text: str) -> Pasted | None:
    if text.startswith("&lt;"):
        text = unescaped(text)
    if not text.startswith("<"):
        return None
    if control := _INPUT.search(text):
        before, after = text[: control.start()].rpartition("<")[2], text[control.start() :].partition(">")[0]
        value = _VALUE.search(before + after)
        return _message(unescaped(value[1] or value[2] or "") if value else "", PastedForm.WEB_PAGE)
    if _HTML.match(text):
        return SomethingElse(PastedKind.WEB_PAGE)
    return _xml(text.encode("utf-8", "replace"), PastedForm.XML)


def _form_field(text: str) -> Pasted | None:
    """A SAMLResponse or SAMLRequest in form fields or a URL. If both are there, the response."""
    form = PastedForm.URL if re.match(r"https?://\S+$", text, re.I) else PastedForm.FORM_BODY
    fields = sorted(FIELD.finditer(_without_escapes(text)), key=lambda found: found[1] == "SAMLRequest")
    if fields:
        return _message(_NEXT_FIELD.sub("", fields[0][2]), form)
    if _REQUEST.match(text):
        return SomethingElse(PastedKind.REQUEST_WITHOUT_RESPONSE)
    return SomethingElse(PastedKind.URL) if form is PastedForm.URL else None


def _without_escapes(text: str) -> str:
    """The text without the escapes of strings in JSON, source code and shells (RFC 8259 7)."""
    text = _JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\[nrt]", "\n", text).replace("\\", "")


def _json(text: str) -> Pasted | None:
    return SomethingElse(PastedKind.JSON) if text.startswith("{") else None


def _certificate(data: bytes | str) -> Pasted | None:
    """A certificate, a certificate request or a key."""
    try:
        certificates_in(data)
    except CertificateRefused as refused:
        if refused.problem is CertificateProblem.PRIVATE_KEY:
            return SomethingElse(PastedKind.PRIVATE_KEY)
        if refused.problem not in (CertificateProblem.CSR, CertificateProblem.PUBLIC_KEY):
            return None
    return SomethingElse(PastedKind.CERTIFICATE)


def _bare(text: str) -> Pasted:
    return _message(text, PastedForm.BASE64)


_READERS: tuple[Callable[[str], Pasted | None], ...] = (
    _private_key,
    _reference,
    _token,
    _markup,
    _form_field,
    _json,
    _certificate,
    _bare,
)


def _message(value: str, form: PastedForm) -> Pasted:
    """Decode a form field: base64, perhaps URL-encoded, in lines, or deflated for HTTP-Redirect."""
    # A plus sign is a base64 digit here, not a space. Windows' command line escapes with carets.
    value = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value.replace("^", ""))
    encoded = re.sub(r"[\s\"']+", "", value).replace("-", "+").replace("_", "/")
    if not encoded:
        return SomethingElse(PastedKind.NOTHING)
    if not _BASE64.fullmatch(encoded):
        return SomethingElse(PastedKind.UNKNOWN)
    digits = encoded.rstrip("=")
    # Base64 never has one digit more than a multiple of four, so something is missing.
    is_cut = len(digits) % 4 == 1
    # Add the longest padding that can be missing. Python ignores what is too much.
    content = base64.b64decode(digits[: len(digits) - is_cut] + "===")
    message = content if _is_markup(content) else _inflated(content)
    if message is None:
        return SomethingElse(PastedKind.UNKNOWN)
    if is_cut:
        return SomethingElse(PastedKind.TRUNCATED)
    return _xml(message, form)


def _is_markup(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _inflated(content: bytes) -> bytes | None:
    """Undo DEFLATE (bindings 3.4.4.1), up to the longest message we read. None if it is not XML."""
    try:
        message = zlib.decompressobj(wbits=-15).decompress(content, _MAX_XML)
    except zlib.error:
        return None
    return message if _is_markup(message) else None


def _xml(message: bytes, form: PastedForm) -> Pasted:
    """A Response with its bytes unchanged, or the name of another root."""
    root = _ROOT.match(message.decode("utf-8", "replace").lstrip("\ufeff"))
    name = root[1] if root else ""
    if name != "Response":
        return SomethingElse(_ROOTS.get(name, PastedKind.OTHER_XML), name[:60])
    if not _END_OF_RESPONSE.search(message) and not message.rstrip().endswith(b"/>"):
        return SomethingElse(PastedKind.TRUNCATED)
    return PastedResponse(base64.b64encode(message).decode("ascii"), form)


def _recorded(text: str, acs_url: str) -> Pasted | None:
    try:
        recording = read_recording(text)
    except BrokenRecording:
        return SomethingElse(PastedKind.BROKEN_JSON)
    if recording is None:
        return None
    if not recording.responses:
        return SomethingElse(PastedKind.RECORDING_WITHOUT_RESPONSE)
    to_us = [each for each in recording.responses if each.request.url == acs_url]
    posted = (to_us or recording.responses)[-1]
    form = PastedForm.TRACER if recording.is_of_tracer else PastedForm.HAR
    found = _message(posted.value, form)
    if isinstance(found, SomethingElse) and posted.xml:
        # An export with masked values still has the XML.
        found = _xml(posted.xml, form)
    elif found == SomethingElse(PastedKind.UNKNOWN) and _NO_BASE64.search(posted.value):
        found = SomethingElse(PastedKind.MASKED)
    return replace(found, entry=posted.request) if isinstance(found, PastedResponse) else found
