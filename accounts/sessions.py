"""Sessions: where they start, what bounds them, and how all of a person's end at once."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import SESSION_KEY, login
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from accounts import audit
from accounts.middleware import SESSION_ENDS_AT
from accounts.models import User


def start_session(request: HttpRequest, user: User, ends_at: datetime | None = None) -> None:
    """Sign a member in to this browser, until `ends_at` (aware) at the latest.

    The session key changes, and a session of another person ends (Django's login flushes it).
    """
    if SESSION_KEY in request.session:
        # Django keeps the key when the same person signs in again.
        request.session.cycle_key()
    login(request, user, backend="accounts.backends.MemberBackend")
    if ends_at is None:
        request.session.pop(SESSION_ENDS_AT, None)
    else:
        request.session[SESSION_ENDS_AT] = ends_at.timestamp()


def sign_out_everywhere(user: User, *, actor: User) -> None:
    """End every session of a person, in every browser, at once."""
    assert user.organization is not None
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        audit.record(user.organization, actor, "member.signed_out_everywhere", subject=user.email)
    user.refresh_from_db(fields=["session_epoch"])
