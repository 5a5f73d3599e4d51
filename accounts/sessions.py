"""Sessions: how they start, when they end, and that no page of a member is cached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import SESSION_KEY, login, logout
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from accounts import audit
from accounts.audit import Action
from accounts.models import User

_JUST_NOW = timedelta(minutes=1)
SESSION_ENDS_AT = "session_ends_at"  # seconds since 1970, UTC


def start_session(request: HttpRequest, user: User, ends_at: datetime | None = None) -> None:
    """Sign a member in to this browser, until `ends_at` (aware) at the latest.

    The session gets a new key. If somebody else was signed in here, their session ends (Django's `login` flushes it).
    It is written at once: inside the caller's transaction, if there is one.
    """
    if SESSION_KEY in request.session:
        # `login` keeps the key if the same person signs in again.
        request.session.cycle_key()
    login(request, user)
    if ends_at is None:
        request.session.pop(SESSION_ENDS_AT, None)
    else:
        request.session[SESSION_ENDS_AT] = ends_at.timestamp()
    request.session.save()


def note_sign_in(sender: object, user: User, **_signal: object) -> None:
    """Write `last_login`, unless the sign-in has just written it with what else it writes of the member."""
    now = timezone.now()
    if user.last_login is None or not timedelta(0) <= now - user.last_login < _JUST_NOW:
        user.last_login = now
        user.save(update_fields=["last_login"])


def sign_out_everywhere(user: User, *, actor: User) -> None:
    """End every session of a member at once, in every browser."""
    assert user.organization is not None
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        audit.record(user.organization, actor, Action.MEMBER_SIGNED_OUT_EVERYWHERE, subject=user.email)
    user.refresh_from_db(fields=["session_epoch"])


class SessionBoundMiddleware:
    """Signs a member out when their session has reached its end, and keeps their pages out of caches.

    The identity provider says when a session ends (SessionNotOnOrAfter, SAML core 2.7.2).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ends_at = request.session.get(SESSION_ENDS_AT)
        if ends_at is not None and timezone.now().timestamp() >= ends_at:
            logout(request)
        was_in = SESSION_KEY in request.session
        response = self.get_response(request)
        if was_in or SESSION_KEY in request.session:
            # Whoever uses this browser or proxy next must not see a member's page.
            add_never_cache_headers(response)
        return response
