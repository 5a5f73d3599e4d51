"""A session is written once, whole, and again only if something in it has changed."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounts.session_store import SessionStore


@pytest.mark.django_db
class TestSessionStore:
    def test_a_new_session_is_one_statement(self) -> None:
        session = SessionStore()
        with CaptureQueriesContext(database) as caught:
            session.cycle_key()
            session["a"] = {"b": 1}
            session.save()
            session.save()
        assert [query["sql"].split()[0] for query in caught.captured_queries] == ["INSERT"]
        assert SessionStore(session.session_key)["a"] == {"b": 1}

    def test_a_change_deep_in_it_is_written(self) -> None:
        session = SessionStore()
        session["a"] = {"b": 1}
        session.save()
        session["a"]["b"] = 2
        session.save()
        assert SessionStore(session.session_key)["a"] == {"b": 2}

    def test_what_was_in_it_stays_when_it_gets_another_key(self) -> None:
        first = SessionStore()
        first["a"] = 1
        first.save()
        session = SessionStore(first.session_key)
        session.cycle_key()
        session.save()
        assert session.session_key != first.session_key
        assert SessionStore(session.session_key)["a"] == 1
        assert not Session.objects.filter(session_key=first.session_key).exists()

    def test_a_session_that_was_deleted_is_not_written_again(self) -> None:
        session = SessionStore()
        session["a"] = 1
        session.save()
        late = SessionStore(session.session_key)
        late["a"] = 2
        Session.objects.all().delete()
        with pytest.raises(UpdateError):
            late.save()
        assert not Session.objects.exists()

    def test_after_flush_it_is_another_session(self) -> None:
        session = SessionStore()
        session["a"] = 1
        session.save()
        key = session.session_key
        session.flush()
        session["b"] = 2
        session.save()
        assert session.session_key not in (None, key)
        assert dict(SessionStore(session.session_key).items()) == {"b": 2}
