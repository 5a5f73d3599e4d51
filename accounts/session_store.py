"""Where sessions are kept: Django's table, with one statement for a new session.

Django looks for a new key in the table before it takes it, saves the session empty, and saves it again at the end of the
request. A key has 165 random bits: no two are alike, and the primary key would refuse a second one. So a new session is
written once, whole, and only again if something in it has changed.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """The session of one browser. `save` may be called inside a transaction of the caller's, and belongs to it then."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._is_new = False
        self._saved: tuple[str | None, dict[str, Any]] | None = None

    def exists(self, session_key: str) -> bool:
        """Whether a new key is taken. No look: the primary key would say so."""
        return False

    def create(self) -> None:
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self._get_session(no_load=True)  # type: ignore[attr-defined]  # Nothing is there to be loaded.
        self._is_new = True
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raises UpdateError if it was deleted meanwhile: somebody has signed out."""
        if self.session_key is None:
            self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        if self._saved == (self.session_key, data):
            return
        if must_create or self._is_new:
            self.create_model_instance(data).save(force_insert=True)
        else:
            super().save()
        self._is_new = False
        self._saved = (self.session_key, deepcopy(data))
