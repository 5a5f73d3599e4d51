"""E-mails as they leave: text and HTML that say the same, with names that do no harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives

from accounts.emails import send_email
from tests.letters import HOSTILE, LETTERS, complaints, html_of, templates_of_emails


def _sent(name: str, facts: dict[str, Any]) -> EmailMessage:
    send_email(name, facts, ["olivia@acme.example"])
    return mail.outbox[-1]


def test_every_email_there_is_is_looked_at_here() -> None:
    assert {name for name, _facts in LETTERS} == templates_of_emails()


@pytest.mark.parametrize(("name", "facts"), LETTERS)
def test_it_says_the_same_in_text_and_in_html(name: str, facts: dict[str, Any]) -> None:
    message = _sent(name, facts)
    assert complaints(message) == []
    text = str(message.body)
    for key, fact in facts.items():
        if isinstance(fact, str):
            assert " ".join(fact.split()) in f"{message.subject}\n{text}", key
    assert text.endswith((".\n", "/\n"))


@pytest.mark.parametrize(("name", "facts"), LETTERS)
def test_its_three_templates_lie_side_by_side(name: str, facts: dict[str, Any]) -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    assert all((folder / f"{name}{end}").is_file() for end in ("_subject.txt", ".txt", ".html"))


def test_a_hostile_name_is_escaped_in_html_and_is_itself_in_text() -> None:
    message = _sent(
        "accounts/emails/invitation", {"company": HOSTILE, "days": 7, "link": "https://x.example/"}
    )
    assert "&lt;b&gt;R&amp;D&lt;/b&gt; &#x27;Söhne&#x27; &quot;{{ link }}&quot; Bcc: x@evil.example" in str(
        html_of(message)
    )
    assert "<b>R&D</b> 'Söhne' \"{{ link }}\" Bcc: x@evil.example invites you" in str(message.body)


def test_a_name_with_line_breaks_adds_no_header_no_recipient_and_no_paragraph() -> None:
    message = _sent(
        "accounts/emails/invitation", {"company": HOSTILE, "days": 7, "link": "https://x.example/"}
    )
    as_sent = message.message()
    assert as_sent["Bcc"] is None
    assert message.recipients() == ["olivia@acme.example"]
    assert "\n" not in message.subject
    assert str(message.body).count("\n\n") == 1


_HTML = '<!doctype html><html lang="en"><body><p>{}</p></body></html>'


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        (None, "has no HTML part"),
        (_HTML.format("Good evening."), "not in the HTML: Good morning."),
        (_HTML.format("Good morning.</p><p>Buy."), "not in the text: Buy."),
        (_HTML.format('Good morning. <a href="https://evil.example/">Here</a>'), "another link"),
        (_HTML.format('Good morning.<img src="https://evil.example/">'), "<img"),
        (_HTML.format('<strong class="big">Good morning.</strong>'), "class"),
        (_HTML.format('<strong style="background: url(x)">Good morning.</strong>'), "url("),
        (_HTML.format("<strong>Good morning."), "closes nothing"),
        (_HTML.format("Good morning.").replace(' lang="en"', ""), "no language"),
        (_HTML.format("Good morning.").removeprefix("<!doctype html>"), "no doctype"),
        (_HTML.format("Good morning.").removesuffix("</html>"), "not closed"),
    ],
)
def test_what_is_wrong_with_an_email_is_found(html: str | None, complaint: str) -> None:
    message = EmailMultiAlternatives("Hello", "Good morning.\n")
    if html is not None:
        message.attach_alternative(html, "text/html")
    assert complaint in " ".join(complaints(message))
