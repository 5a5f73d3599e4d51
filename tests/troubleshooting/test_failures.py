"""The failures of the last seven days on the Troubleshoot page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from sso.models import Connection
from sso.refusals import Refusal
from sso.signing_in import pending
from tests.cast import SignedIn, Write


def test_the_page_shows_them_with_links(
    connection: Connection, write: Write, admin: User, signed_in: SignedIn
) -> None:
    client: Any = signed_in(admin)
    page = client.get("/settings/security/sso/troubleshoot/").content.decode()
    assert "Nobody was refused." in page
    reference = write(refusal=Refusal.WRONG_AUDIENCE).reference
    pending.start(connection, timezone.now() - timedelta(minutes=9))
    page = client.get("/settings/security/sso/troubleshoot/").content.decode()
    assert f"?reference={reference}" in page
    assert "Started, no response" in page
    assert re.search(r">\s*1 time\s*<", page)
