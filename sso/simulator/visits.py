"""In memory: who is signed in at the portal, and which requests wait until somebody has signed in."""

import datetime as dt
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

from sso.simulator.authn_request import AuthnRequest

MOST_KEPT = 5000
REQUEST_LIFE = dt.timedelta(minutes=30)

Kept = TypeVar("Kept")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One signed-in browser."""

    person_id: int
    signed_in_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PendingRequest:
    """A request that waits at the sign-in page. Each has a token of its own, so two tabs can wait."""

    app_id: int
    request: AuthnRequest
    arrived_at: dt.datetime

    def is_satisfied_by(self, visit: Visit) -> bool:
        """Whether this visit is enough. With ForceAuthn it must have begun after the request."""
        return not self.request.force_authn or visit.signed_in_at >= self.arrived_at


class Visits:
    """The visits and the waiting requests, by random token. The oldest are dropped first."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = threading.Lock()
        self._visits: OrderedDict[str, Visit] = OrderedDict()
        self._pending: OrderedDict[str, PendingRequest] = OrderedDict()

    def sign_in(self, person_id: int, now: dt.datetime) -> str:
        """Begin a visit. Returns the token for the cookie."""
        return self._keep(self._visits, Visit(person_id=person_id, signed_in_at=now))

    def visit(self, token: str) -> Visit | None:
        """The visit with this token."""
        return self._visits.get(token)

    def sign_out(self, token: str) -> None:
        """End a visit."""
        with self._lock:
            self._visits.pop(token, None)

    def wait(self, app_id: int, request: AuthnRequest, now: dt.datetime) -> str:
        """Keep a request. Returns the token for the URL."""
        return self._keep(self._pending, PendingRequest(app_id=app_id, request=request, arrived_at=now))

    def pending(self, token: str, now: dt.datetime) -> PendingRequest | None:
        """The request with this token. It stays until it is too old, so that a page can be reloaded."""
        found = self._pending.get(token)
        return found if found and now - found.arrived_at < REQUEST_LIFE else None

    def forget_all(self) -> None:
        """End every visit, and drop every request."""
        with self._lock:
            self._visits.clear()
            self._pending.clear()

    def _keep(self, where: OrderedDict[str, Kept], what: Kept) -> str:
        token = secrets.token_urlsafe(18)
        with self._lock:
            where[token] = what
            while len(where) > MOST_KEPT:
                where.popitem(last=False)
        return token
