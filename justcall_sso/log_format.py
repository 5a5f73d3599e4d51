"""The two formats of a log line, JSON and text, and the removal of secrets from both.

Nothing should log a secret in the first place. This is a second protection: the request object is dropped, because its
text holds the query string; what looks like a message, a cookie or a password is replaced, however deep in a field.
"""

import logging
import re
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from justcall_sso.request_log import current_request_id

# The attributes that the standard library gives every record.
_NOT_FIELDS = [*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"]
_NAME = r"\w{0,20}(?:SAMLResponse|SAMLRequest|RelayState|password|token|sessionid)\w{0,20}|sso_\w+"
_SECRET_NAME = re.compile(rf"(?i)\b(?:{_NAME})")
# A name with its value, in a query string, a header, JSON or a Python dictionary.
_SECRET = re.compile(
    rf"(?i)\b({_NAME})([\\\"']*(?:=|%3D|:\s*)\\*)(?:\[[^\]]*\]?|b?\"[^\"]*\"?|b?'[^']*'?|[^&\s\"',;]+)"
)
_XML = re.compile(r"<\??[\w:]*(?:Response|Assertion|LogoutRequest|xml)\b.*", re.DOTALL)


def without_secrets(text: str) -> str:
    """The text without the values of secret fields, and without anything that begins a SAML document."""
    return _XML.sub("[xml removed]", _SECRET.sub(r"\1\2[removed]", text))


def fields_without_secrets(value: Any) -> Any:
    """The value of a field as JSON data without secrets, at every depth. Of bytes only the size is kept."""
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
    """One JSON object a line: time, level, logger, message, request id, and the caller's own fields."""

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
    """Time, level, logger, message and request id, for a terminal."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname:<7} {name}: {message}", style="{", datefmt="%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  The library's name.
        """The line without control characters: a path may hold some, and a terminal would obey them."""
        return "".join(
            char if char.isprintable() else ascii(char)[1:-1] for char in super().formatMessage(record)
        )

    def format(self, record: logging.LogRecord) -> str:
        request_id = current_request_id.get()
        return without_secrets(super().format(record)) + (f" [{request_id}]" if request_id else "")
