"""Finds the responses in a recording of what a browser sent: a HAR file, or an export of SAML-tracer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# In a form body, in the fields that developer tools list, in a shell command, in source code.
FIELD = re.compile(
    r"\b(SAMLResponse|SAMLRequest)[\"']?\s*(?:=|:|\n|,\s*\"value\"\s*:)\s*\[?\s*[\"']?([^&#\"'<>{}\\]*)"
)
# Where SAML-tracer shows the XML of a response.
_RESPONSE = re.compile(r"\s*(?:<\?[^>]*>\s*)?<(?:[\w.-]+:)?Response\b")
_HAR_START = re.compile(r"\{\s*\"(?:log\"|requests\"\s*:\s*\[\s*\{)")


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """Request `number` of `total` in a recording.

    `url` is where it was sent, `started` the time as the file has it, or empty.
    """

    number: int
    total: int
    url: str
    started: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """A response that a browser posted: its form field, and its XML if the recording has it as well."""

    request: RecordedRequest
    value: str = field(repr=False)
    xml: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Recording:
    """The responses of a recording, in its order. SAML-tracer's may have been made unreadable by its own export."""

    responses: list[RecordedResponse]
    is_of_tracer: bool = False


class BrokenRecording(Exception):
    """It begins like a recording, and its end is missing or damaged."""


def read_recording(text: str) -> Recording | None:
    """The recording in a text, or None if it is none. Raises BrokenRecording."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        if _HAR_START.match(text):
            raise BrokenRecording from None
        return None
    entries = _at(document, "log", "entries")
    requests = document if _is_list_of_requests(document) else _at(document, "requests")
    if isinstance(entries, list):
        return Recording(list(_of_har(entries)))
    if isinstance(requests, list):
        return Recording(list(_of_tracer(requests)), is_of_tracer=True)
    return None


def _of_har(entries: list[Any]) -> Iterator[RecordedResponse]:
    for number, entry in enumerate(entries, start=1):
        request = _at(entry, "request")
        if value := _posted_response(_at(request, "postData")):
            started = _text_at(entry, "startedDateTime")[:40]
            yield RecordedResponse(_request(number, len(entries), request, started), value)


def _is_list_of_requests(document: Any) -> bool:
    """Whether it is the list of an export of SAML-tracer alone, cut out of it."""
    return isinstance(document, list) and any(_at(each, "url") for each in document)


def _of_tracer(requests: list[Any]) -> Iterator[RecordedResponse]:
    """`post` and `get` have pairs of name and value, `saml` the XML as it was decoded. It names no time of a request.

    With the values masked or removed, `saml` stays as it was.
    """
    for number, request in enumerate(requests, start=1):
        saml = _text_at(request, "saml")
        xml = _bytes_of(saml) if _RESPONSE.match(saml) else b""
        values = [
            value
            for name, value in (*_pairs(_at(request, "post")), *_pairs(_at(request, "get")))
            if name == "SAMLResponse"
        ]
        if values or xml:
            value = _text(values[-1]) if values else ""
            yield RecordedResponse(_request(number, len(requests), request), value, xml)


def _pairs(parameters: Any) -> Iterator[tuple[Any, Any]]:
    for pair in parameters if isinstance(parameters, list) else []:
        if isinstance(pair, list) and len(pair) == 2:
            yield pair[0], pair[1]


def _bytes_of(saml: str) -> bytes:
    """The bytes of a message that SAML-tracer has decoded: each is a character, unless it has read them as UTF-8."""
    try:
        message = saml.encode("latin-1")
        message.decode()
    except ValueError:
        return saml.encode()
    return message


def _request(number: int, total: int, request: Any, started: str = "") -> RecordedRequest:
    method = _text_at(request, "method")[:10] or "POST"
    return RecordedRequest(number, total, _text_at(request, "url")[:2000], started, method)


def _posted_response(body: Any) -> str:
    params = _at(body, "params")
    for param in params if isinstance(params, list) else []:
        if _text_at(param, "name") == "SAMLResponse":
            return _text_at(param, "value")
    fields = [found[2] for found in FIELD.finditer(_text_at(body, "text")) if found[1] == "SAMLResponse"]
    return fields[-1] if fields else ""


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text_at(value: Any, name: str) -> str:
    return _text(_at(value, name))


def _text(found: Any) -> str:
    # JSON can contain half of a surrogate pair, which can't be encoded as UTF-8.
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""
