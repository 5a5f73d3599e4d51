"""Team members in a browser: what has become of the e-mail of each invitation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts import outbox
from accounts.invitations import invite
from accounts.models import Organization, OutgoingEmail, User
from accounts.roles import Role
from tests.in_browser import LookAt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_each_state_of_an_invitations_email_can_be_read_by_everybody(
    acme: Organization, owner: User, look_at: LookAt, settings: Any
) -> None:
    # None leaves while we look.
    settings.EMAIL_BACKEND = "tests.log.test_first_causes.BrokenMail"
    now = timezone.now()
    states: dict[str, dict[str, Any]] = {
        "waits": {"last_error": ""},
        "delayed": {"last_error": "TimeoutError"},
        "given-up": {"given_up_at": now},
        "refused": {"given_up_at": now, "is_refused": True},
    }
    invited = [invite(acme, f"{name}@acme.example", Role.AGENT, actor=owner, now=now) for name in states]
    assert outbox.THREAD.wait_until_idle(20)
    for invitation, state in zip(invited, states.values(), strict=True):
        email = OutgoingEmail.objects.filter(about=f"invitation {invitation.pk}")
        email.update(due_at=now + timedelta(hours=1), **state)

    def shows_all(page: Page) -> None:
        for words in ("E-mail on its way", "E-mail not sent yet", "E-mail not sent", "E-mail refused"):
            assert page.get_by_text(words, exact=True).count() == 1

    look_at(owner, "/settings/team/", shows_all)
