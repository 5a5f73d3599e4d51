"""Acme's connection as a draft, and as it is once OneLogin's details are saved."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Organization, User
from sso.connection.setup import Configuration, enable_sso, save_configuration
from sso.models import Connection
from sso.saml.pasted.certificates import read_certificate
from tests.saml.certificate_forms import certificate, pem_of

SSO_URL = "https://acme.onelogin.com/trust/saml2/http-post/sso/1234567"
ISSUER = "https://app.onelogin.com/saml/metadata/1234567"


@pytest.fixture
def draft(acme: Organization, owner: User) -> Connection:
    """Enabled, with nothing of OneLogin saved yet."""
    return enable_sso(acme, owner)


@pytest.fixture
def configured(draft: Connection, owner: User) -> Connection:
    """With OneLogin's three values saved, not tested and not on."""
    info = read_certificate(pem_of(certificate()))
    save_configuration(
        draft, owner, Configuration(SSO_URL, ISSUER, info, "agent", True, True), timezone.now()
    )
    return draft
