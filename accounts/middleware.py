"""Ends a session at the moment the identity provider said it ends (SessionNotOnOrAfter, SAML core 2.7.2)."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SESSION_ENDS_AT = "session_ends_at"


class SessionBoundMiddleware:
    """Signs a person out once the bound written into their session has passed (seconds since 1970, UTC)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ends_at = request.session.get(SESSION_ENDS_AT)
        if ends_at is not None and timezone.now().timestamp() >= ends_at:
            logout(request)
        return self.get_response(request)
