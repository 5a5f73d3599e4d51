"""E-mails: subject, text and HTML are templates, and one function sends them.

An e-mail named `accounts/emails/invitation` is three files: `invitation_subject.txt`, `invitation.txt` and
`invitation.html`, which extends `emails/base.html`. Both parts say the same.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connections
from django.template import Context, Engine

log = logging.getLogger("justcall.mail")
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
_EMPTY_LINES = re.compile(r"\n\s*\n")


def send_email(
    name: str, facts: Mapping[str, object], to: list[str], *, timeout: float | None = None
) -> None:
    """Send the e-mail of this name, once, to all these addresses.

    `timeout`: seconds to wait for the mail server (None: EMAIL_TIMEOUT). Raises OSError if it refuses or is away, and
    UnicodeError if an address cannot be written in ASCII.
    """
    known = {key: _one_line(value) if isinstance(value, str) else value for key, value in facts.items()}
    subject = _one_line(_render(f"{name}_subject.txt", known))
    text = _EMPTY_LINES.sub("\n\n", _render(f"{name}.txt", known).strip()) + "\n"
    html = _render(f"{name}.html", known | {"subject": subject}, is_html=True)
    message = EmailMultiAlternatives(subject, text, to=to, connection=get_connection(timeout=timeout))
    message.attach_alternative(html, "text/html")
    message.send()


def _render(template: str, facts: Mapping[str, object], *, is_html: bool = False) -> str:
    """Only HTML is escaped: in plain text, “R&D” must not become “R&amp;D”."""
    return Engine.get_default().get_template(template).render(Context(dict(facts), autoescape=is_html))


def _one_line(text: str) -> str:
    """A line break in a name would end the subject's header, or begin a paragraph of its own in the text."""
    return " ".join(text.split())


def later(send: Callable[[], object]) -> Future[None]:
    """Call `send` in the mail thread, after what waits there already. An error is logged.

    For e-mails that must not delay the answer: how long it takes would tell whether somebody got mail. Each process has
    one such thread, with a database connection of its own, and waits for it when it ends, so that nothing is lost.
    """
    sent = _thread.submit(_call, send)
    sent.add_done_callback(_log_failure)
    return sent


def _call(send: Callable[[], object]) -> None:
    try:
        send()
    finally:
        connections.close_all()


def _log_failure(sent: Future[None]) -> None:
    if error := sent.exception():
        log.error("an e-mail could not be sent", exc_info=error)
