"""The page is used by an Admin of Acme."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.cast import SignedIn


@pytest.fixture
def client(admin: User, signed_in: SignedIn) -> Client:
    return signed_in(admin)
