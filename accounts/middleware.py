"""What holds for every request of somebody signed in: the session's bound, and that no page of theirs is kept."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

SESSION_ENDS_AT = "session_ends_at"


class SessionBoundMiddleware:
    """Signs a person out once the bound written into their session has passed (seconds since 1970, UTC).

    The identity provider said when (SessionNotOnOrAfter, SAML core 2.7.2).
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
            # Nothing of a member stays in a browser or a proxy, for whoever comes next.
            add_never_cache_headers(response)
        return response
