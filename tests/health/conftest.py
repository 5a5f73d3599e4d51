"""A configuration that is well."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sso.models import Connection
from tests.cast import Arrivals


@pytest.fixture
def healthy(arrivals: Arrivals) -> Connection:
    """Tested, on, and somebody has signed in."""
    Connection.objects.update(tested_version=1, tested_at=timezone.now())
    now = timezone.now()
    arrivals.connection.tests.create(version=1, started_at=now, finished_at=now, passed=True)
    assert arrivals.post(arrivals.of("nora@acme.example")).status_code == 303
    arrivals.connection.refresh_from_db()
    return arrivals.connection
