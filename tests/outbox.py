"""Lets e-mails leave."""

from __future__ import annotations

from typing import Any

from django.core import mail

from accounts import outbox


def deliver() -> list[Any]:
    """Send everything that is due, as the mail thread does once a test commits. All e-mails of the test so far."""
    assert outbox.THREAD.wait_until_idle(20)
    outbox.send_due()
    return list(mail.outbox)
