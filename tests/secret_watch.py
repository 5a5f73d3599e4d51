"""Watches the whole suite for secrets: every log record, every row that is kept, every page and every e-mail.

A test during which one of them carries a secret fails, whatever the test was about (the fixture in tests/conftest.py).
Looked for are the passwords of the cast, private keys, SAML messages as they arrive, and what is in a signature. Nothing
is looked at through the formatters and redactions that would hide it: a record is searched as its caller made it.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core import mail
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from tests.words import PASSWORDS

# What no log, page, e-mail, event or audit entry may carry.
_SECRETS = re.compile(
    "|".join(
        [
            *(re.escape(password) for password in PASSWORDS),
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{20}",
            # "<samlp:Response", "<saml2p:Response", "<Response" and "<?xml" in base64, as they are posted.
            r"PHNhbWxwOlJlc3|PHNhbWwycDpSZXNwb25z|PFJlc3BvbnNlI|PD94bWwgdmVyc2lvb",
            r"SignatureValue(?:\s[^>]*)?>\s*[A-Za-z0-9+/]{20}",
            r"CipherValue(?:\s[^>]*)?>\s*[A-Za-z0-9+/]{20}",
        ]
    )
)
# In a log, the parts of links that open something, and cookies, besides.
_IN_LOGS = re.compile(
    r"/invitations/(?!<)[\w-]{20,}|/password-reset/[^/<]+/[\w]+-[0-9a-f]{20,}|sessionid=\w|csrftoken=\w"
)
# The tests themselves, and what they sign with.
_NOT_OURS = ("tests.", "signxml", "asyncio")
_WATCHED_MODELS = {"SignInEvent", "AuditEntry", "ConnectionTest", "PendingLogin", "Throttle"}


class SecretWatch(logging.Handler):
    """Collects what was found until it is asked."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self._found: list[str] = []

    def start(self) -> None:
        """Watch from now on, until the process ends."""
        logging.getLogger().addHandler(self)
        post_save.connect(self._on_save, weak=False)

    def take(self) -> list[str]:
        """What was found since the last time, with the e-mails that wait in the outbox."""
        for message in getattr(mail, "outbox", []):
            self.look("an e-mail", f"{message.subject}\n{message.body}")
        found, self._found = self._found, []
        return found

    def look(self, where: str, text: str, pattern: re.Pattern[str] = _SECRETS) -> None:
        """Note a secret in a text, without repeating it whole."""
        # Line breaks inside a list or a dictionary are spelt out.
        if hit := pattern.search(text.replace("\\n", "\n")):
            self._found.append(f"{where} carries a secret: {hit[0][:24]}…")

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(_NOT_OURS):
            return
        for text in _texts_of(record):
            for pattern in (_SECRETS, _IN_LOGS):
                self.look(f"a log record of {record.name}", text, pattern)

    def _on_save(self, sender: type[Any], instance: Any, **_signal: Any) -> None:
        if sender.__name__ in _WATCHED_MODELS:
            for field in sender._meta.concrete_fields:
                self.look(f"{sender.__name__}.{field.name}", str(getattr(instance, field.attname)))


def _texts_of(record: logging.LogRecord) -> Iterator[str]:
    yield record.getMessage()
    if record.exc_info and record.exc_info[1] is not None:
        yield "".join(traceback.format_exception(record.exc_info[1]))
    # The formatters drop the request, whose text is its path with the query string (tests/service/test_logs.py).
    for name, value in vars(record).items():
        if name not in ("msg", "args", "message", "exc_info", "exc_text", "request"):
            yield str(value)


WATCH = SecretWatch()


def _watched(path: str, piece: bytes) -> bytes:
    WATCH.look(f"the page {path}", piece.decode("utf-8", "replace"))
    return piece


class PageWatch:
    """Middleware of the tests, outside of all others: looks at every page as it leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = map(partial(_watched, request.path), response)
        else:
            text = response.content.decode("utf-8", "replace")  # type: ignore[attr-defined]
            WATCH.look(f"the page {request.path}", text)
        for header, value in response.items():
            WATCH.look(f"the header {header} of {request.path}", value)
        return response
