"""E-mails: subject, text and HTML are templates, and the outbox sends them (accounts/outbox.py).

An e-mail named `accounts/emails/invitation` is three files: `invitation_subject.txt`, `invitation.txt` and
`invitation.html`, which extends `emails/base.html`. Both parts say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine

_EMPTY_LINES = re.compile(r"\n\s*\n")


def send_email(name: str, facts: Mapping[str, object], to: list[str]) -> None:
    """Send the e-mail of this name now, once, to all these addresses. Who wants one sent puts it into the outbox.

    Raises OSError if the mail server refuses or is away, and UnicodeError if an address cannot be written in ASCII.
    """
    known = {key: _one_line(value) if isinstance(value, str) else value for key, value in facts.items()}
    subject = _one_line(_render(f"{name}_subject.txt", known))
    text = _EMPTY_LINES.sub("\n\n", _render(f"{name}.txt", known).strip()) + "\n"
    html = _render(f"{name}.html", known | {"subject": subject}, is_html=True)
    message = EmailMultiAlternatives(subject, text, to=to)
    message.attach_alternative(html, "text/html")
    message.send()


def _render(template: str, facts: Mapping[str, object], *, is_html: bool = False) -> str:
    """Only HTML is escaped: in plain text, “R&D” must not become “R&amp;D”."""
    return Engine.get_default().get_template(template).render(Context(dict(facts), autoescape=is_html))


def _one_line(text: str) -> str:
    """A line break in a name would end the subject's header, or begin a paragraph of its own in the text."""
    return " ".join(text.split())
