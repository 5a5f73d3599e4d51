"""The two shapes of a log line: JSON for machines, text for people. Neither carries a secret.

Callers log no secrets in the first place. This is the second lock: the request object (whose text holds the
query string) is dropped, and what looks like a message, a cookie or a password is blanked out, however deep in a field.
"""

import logging
import re
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from justcall_sso.request_log import current_request_id

# What the standard library puts on every record.
_NOT_FIELDS = [*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"]
_NAME = r"\w{0,20}(?:SAMLResponse|SAMLRequest|RelayState|password|token|sessionid)\w{0,20}|sso_\w+"
_SECRET_NAME = re.compile(rf"(?i)\b(?:{_NAME})")
# As in a query string, a header, JSON or a Python dictionary.
_SECRET = re.compile(
    rf"(?i)\b({_NAME})([\\\"']*(?:=|%3D|:\s*)\\*)(?:\[[^\]]*\]?|b?\"[^\"]*\"?|b?'[^']*'?|[^&\s\"',;]+)"
)
_XML = re.compile(r"<\??[\w:]*(?:Response|Assertion|LogoutRequest|xml)\b.*", re.DOTALL)


def without_secrets(text: str) -> str:
    """The text with values of secret fields and anything that begins a SAML document blanked out."""
    return _XML.sub("[xml removed]", _SECRET.sub(r"\1\2[removed]", text))


def fields_without_secrets(value: Any) -> Any:
    """The value of a field, all the way down, as what JSON knows. What is not text is told by its size alone."""
    match value:
        case dict():
            return {
                without_secrets(str(name)): "[removed]"
                if _SECRET_NAME.search(str(name))
                else fields_without_secrets(each)
                for name, each in value.items()
            }
        case list() | tuple() | set() | frozenset():
            return [fields_without_secrets(each) for each in value]
        case bytes() | bytearray() | memoryview():
            return f"[{len(value)} bytes]"
        case None | bool() | int() | float():
            return value
    return without_secrets(str(value))


class JsonLog(JsonFormatter):
    """One JSON object a line: time, level, logger, message, request, and the fields the caller added."""

    def __init__(self) -> None:
        super().__init__(
            "{levelname}{name}{message}",
            style="{",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            reserved_attrs=[*_NOT_FIELDS, "request", "server_time"],
        )

    def process_log_record(self, log_record: dict[str, Any]) -> dict[str, Any]:
        if request_id := current_request_id.get():
            log_record["request_id"] = request_id
        cleaned: dict[str, Any] = fields_without_secrets(log_record)
        return cleaned


class TextLog(logging.Formatter):
    """Time, level, request and message, for a terminal."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname:<7} {name}: {message}", style="{", datefmt="%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  The library's name.
        """Without line breaks and escape sequences: a path may hold both, and a terminal obeys them."""
        return "".join(
            char if char.isprintable() else ascii(char)[1:-1] for char in super().formatMessage(record)
        )

    def format(self, record: logging.LogRecord) -> str:
        request_id = current_request_id.get()
        return without_secrets(super().format(record)) + (f" [{request_id}]" if request_id else "")
