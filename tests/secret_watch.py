"""Watches the whole suite for secrets: every log record, every row that is kept, every page and every e-mail.

A test during which one of them carries a secret fails, whatever the test was about (the fixture in tests/conftest.py).
Looked for are the passwords of the cast, private keys, the keys of the settings, SAML messages as they arrive, what is in
a signature, and each token, cookie and session key that was made during the test, to the letter. Nothing is looked at
through the formatters and redactions that would hide it: a record is searched as its caller made it.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.sessions.backends.base import SessionBase
from django.core import mail
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from tests.words import PASSWORDS

# What no log, page, e-mail, event or audit entry may carry.
_SECRETS = re.compile(
    "|".join(
        [
            *map(re.escape, [*PASSWORDS, settings.SECRET_KEY, *settings.KEY_ENCRYPTION_KEYS]),
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{20}",
            # "<samlp:Response", "<saml2p:Response", "<Response" and "<?xml" in base64, as they are posted.
            r"PHNhbWxwOlJlc3|PHNhbWwycDpSZXNwb25z|PFJlc3BvbnNlI|PD94bWwgdmVyc2lvb",
            r"SignatureValue(?:\s[^>]*)?>\s*[A-Za-z0-9+/]{20}",
            r"CipherValue(?:\s[^>]*)?>\s*[A-Za-z0-9+/]{20}",
        ]
    )
)
# An assertion with its whole ID, or a NameID with a whole address: neither is kept or logged as it came.
_UNREDACTED = re.compile(
    r"<(?:\w+:)?Assertion\s[^>]*?\bID=\W{0,2}[\w.-]{7}|<(?:\w+:)?NameID[^>]*>[^<>\s…]+@[^<>\s…]+</"
)
# In a log, the parts of links that open something, and cookies, besides.
_IN_LOGS = re.compile(
    r"/invitations/(?!<)[\w-]{20,}|/password-reset/[^/<]+/[\w]+-[0-9a-f]{20,}|sessionid=\w|csrftoken=\w"
)
# The tests themselves, and what they sign with.
_NOT_OURS = ("tests.", "signxml", "asyncio")
_WRITE = re.compile(r'(?:INSERT INTO|UPDATE) "(\w+)"')
# Sessions are kept by their keys.
_KEPT_BY_KEY = "django_session"


class SecretWatch(logging.Handler):
    """Collects what was found until it is asked."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self._found: list[str] = []
        # What was made since the last time: parts of links, which go by e-mail, and cookies, which go nowhere else.
        self._links: set[str] = set()
        self._cookies: set[str] = set()
        self._ever: set[str] = set()

    def start(self) -> None:
        """Watch from now on, until the process ends."""
        logging.getLogger().addHandler(self)
        connection_created.connect(self._on_connection)
        _note_what_is_made(self)

    def take(self) -> list[str]:
        """What was found since the last time, with the e-mails that wait in the outbox. Forgets what was made."""
        for message in getattr(mail, "outbox", []):
            parts = [message.body, *(part.content for part in getattr(message, "alternatives", []))]
            self.look("an e-mail", "\n".join(map(str, [message.subject, *parts])), exactly=self._cookies)
        found, self._found = self._found, []
        self._links, self._cookies = set(), set()
        return found

    def made(self, secret: str, *, is_link: bool = False) -> None:
        """Look for this one, too."""
        (self._links if is_link else self._cookies).add(secret)
        self._ever.add(secret)

    def look(
        self, where: str, text: str, *patterns: re.Pattern[str], exactly: Iterable[str] | None = None
    ) -> None:
        """Note a secret in a text, without repeating it whole. Nothing that was made belongs there, or not `exactly`."""
        made = [*self._links, *self._cookies] if exactly is None else list(exactly)
        # Line breaks inside a list or a dictionary are spelt out.
        plain = text.replace("\\n", "\n")
        found = [hit[0] for pattern in (_SECRETS, *patterns) if (hit := pattern.search(plain))]
        for secret in found or [secret for secret in made if secret in text]:
            self._found.append(f"{where} carries a secret: {secret[:24]}…")

    def look_at_page(self, where: str, text: str) -> None:
        """A page may repeat the link that leads to it, and no cookie."""
        self.look(where, text, exactly=self._cookies)

    def look_at_log(self, where: str, text: str) -> None:
        """Lines that another process wrote, during this test or before."""
        self.look(where, text, _IN_LOGS, _UNREDACTED, exactly=self._ever)

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(_NOT_OURS):
            return
        for text in _texts_of(record):
            self.look(f"a log record of {record.name}", text, _IN_LOGS, _UNREDACTED)

    def _on_connection(self, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
        if self._on_query not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._on_query)

    def _on_query(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Every row that is written, whichever way: by save(), update(), in bulk or by hand."""
        if (write := _WRITE.match(sql)) and write[1] != _KEPT_BY_KEY:
            rows = list(params or ()) if many else [params or ()]
            params = rows if many else params
            for row in rows:
                self.look(f"a row of {write[1]}", "\n".join(map(_plain, row)), _UNREDACTED)
        return execute(sql, params, many, context)


def _plain(value: Any) -> str:
    """A value on its way into a row. PostgreSQL's driver wraps what becomes JSON."""
    return str(getattr(value, "adapted", value))


def _note_what_is_made(watch: SecretWatch) -> None:
    """Wrap the places where this service's secrets come from."""
    token, key, reset = (
        secrets.token_urlsafe,
        SessionBase._get_new_session_key,  # type: ignore[attr-defined]
        PasswordResetTokenGenerator.make_token,
    )

    def token_urlsafe(nbytes: int | None = None) -> str:
        caller = sys._getframe(1).f_globals["__name__"]
        made = token(nbytes)
        if caller.startswith(("accounts.", "sso.")):
            watch.made(made, is_link=caller == "accounts.invitations")
        return made

    def new_session_key(session: SessionBase) -> Any:
        made = key(session)
        watch.made(made)
        return made

    def make_token(self: PasswordResetTokenGenerator, user: Any) -> str:
        made = reset(self, user)
        watch.made(made, is_link=True)
        return made

    secrets.token_urlsafe = token_urlsafe
    SessionBase._get_new_session_key = new_session_key  # type: ignore[attr-defined]
    PasswordResetTokenGenerator.make_token = make_token  # type: ignore[method-assign]


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
    WATCH.look_at_page(f"the page {path}", piece.decode("utf-8", "replace"))
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
            WATCH.look_at_page(f"the page {request.path}", text)
        for header, value in response.items():
            WATCH.look_at_page(f"the header {header} of {request.path}", value)
        return response
