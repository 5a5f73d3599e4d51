"""Reads an e-mail as its two readers do, and compares them: its text, and its HTML as a mail program shows it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives

# Every mail program shows these, and nothing of them is fetched, run or left to a style sheet.
_TAGS = {"html", "head", "meta", "title", "body", "main", "p", "h1", "h2", "strong", "a"}
_ATTRIBUTES = {"lang", "charset", "name", "content", "style", "href"}
_BLOCKS = {"p", "h1", "h2", "title"}
_ADDRESS = re.compile(r"https?://\S+")
# Stands above each e-mail, and says nothing.
_SENDER = "JustCall"


class _Html(HTMLParser):
    """Its paragraphs, where its links lead, and what is wrong with it."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.links: set[str] = set()
        self.labels: set[str] = set()
        self.paragraphs: list[str] = [""]
        self._open: list[str] = []
        self.feed(content)
        self.close()
        if self._open:
            self.wrong.append(f"not closed: {self._open}")
        if not content.lstrip().lower().startswith("<!doctype html>"):
            self.wrong.append("no doctype")
        self.paragraphs = [shown for text in self.paragraphs if (shown := _plain(text))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if (
            tag not in _TAGS
            or not set(attributes) <= _ATTRIBUTES
            or "url(" in (attributes.get("style") or "")
        ):
            self.wrong.append(f"<{tag} {attributes}>")
        if tag == "html" and not attributes.get("lang"):
            self.wrong.append("no language")
        if tag == "a":
            self.links.add(attributes.get("href") or "")
            self.labels.add("")
        if tag in _BLOCKS:
            self.paragraphs.append("")
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")
        if tag in _BLOCKS:
            self.paragraphs.append("")

    def handle_data(self, data: str) -> None:
        self.paragraphs[-1] += data
        if "a" in self._open:
            self.labels.add(_plain(data))


def complaints(message: EmailMessage) -> list[str]:
    """What is wrong with an e-mail: it must have two parts that say the same, and HTML that is safe everywhere."""
    html = html_of(message)
    if html is None:
        return [f"“{message.subject}” has no HTML part"]
    read, text = _Html(html), str(message.body)
    lines = [_plain(line) for line in text.splitlines() if line.strip()]
    shown = _plain(" ".join(read.paragraphs))
    found = [
        *read.wrong,
        *(f"not in the HTML: {line}" for line in lines if line not in shown),
        *(
            f"not in the text: {paragraph}"
            for paragraph in read.paragraphs
            if paragraph not in _plain(text) and paragraph not in {_SENDER, message.subject, *read.labels}
        ),
        *(f"another link: {link}" for link in read.links ^ set(_ADDRESS.findall(text))),
    ]
    if "\n\n\n" in text:
        found.append("empty lines in the text")
    return [f"“{message.subject}”: {complaint}" for complaint in found]


def html_of(message: EmailMessage) -> str | None:
    """The HTML part; None if there is none, or more than one alternative."""
    if not isinstance(message, EmailMultiAlternatives) or len(message.alternatives) != 1:
        return None
    content, kind = message.alternatives[0]
    return str(content) if kind == "text/html" else None


def _plain(text: str) -> str:
    return " ".join(text.split())


# A name as somebody hostile would choose it.
HOSTILE = "<b>R&D</b> 'Söhne' \"{{ link }}\"\r\nBcc: x@evil.example"
_LINK = "https://sso.justcall.example/somewhere/4f9a/"
_AT = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
_CAUSE: dict[str, Any] = {
    "company": HOSTILE,
    "reference": "SSO-7K2M9QXD",
    "at": _AT,
    "title": "Invalid audience",
    "sentence": "The response is meant for another service provider than this JustCall configuration.",
    "is_signed": True,
    "where": "OneLogin → Applications → Applications → JustCall → Configuration → Audience (EntityID)",
    "instruction": "Copy the Entity ID from JustCall and paste it. Click Save.",
    "link": _LINK,
    "log": "https://sso.justcall.example/settings/security/sign-in-log/",
}
# Every e-mail there is, with what it may have to say.
LETTERS: list[tuple[str, dict[str, Any]]] = [
    ("accounts/emails/invitation", {"company": HOSTILE, "days": 7, "link": _LINK}),
    ("accounts/emails/invitation", {"company": "Acme", "days": 1, "link": _LINK}),
    ("accounts/emails/invitation", {"company": "Acme", "inviter": HOSTILE, "days": 7, "link": _LINK}),
    ("accounts/emails/password_reset", {"hours": 24, "link": _LINK}),
    ("accounts/emails/sign_in_locked", {"failures": 5, "minutes": 30}),
    (
        "accounts/emails/domain_record_missing",
        {"domain": "acme.example", "until": _AT, "link": _LINK},
    ),
    ("sso/log/emails/first_cause", _CAUSE),
    ("sso/log/emails/first_cause", _CAUSE | {"company": "Acme", "is_signed": False, "where": ""}),
]


def templates_of_emails() -> set[str]:
    """The names of all e-mails, by their templates."""
    folder = Path(settings.BASE_DIR) / "templates"
    found = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/**/emails/*.*")}
    return {name.removesuffix("_subject") for name in found}
