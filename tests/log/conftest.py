"""The log is read by an Admin of Acme."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User


@pytest.fixture
def client(admin: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(admin)
