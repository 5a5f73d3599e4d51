"""Acme's connection trusts the identity provider of the field's messages: `field` posts them to it."""

from __future__ import annotations

import pytest

from accounts.models import Organization
from tests.cast import connect
from tests.field.filling import FIELD_ISSUER, Field


@pytest.fixture
def field(acme: Organization) -> Field:
    return Field(connect(acme, issuer=FIELD_ISSUER))
