"""The embedded database is set up for several writers at once."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_sqlite_writes_ahead_so_that_readers_do_not_wait_for_writers() -> None:
    if connection.vendor != "sqlite":
        assert connection.vendor == "postgresql"
        return
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (1,)
