"""`python -m tests.bench.seeding`: makes the company whose people sign in, and prints the URLs of its connection."""

# ruff: noqa: E402 - Django is set up before its models can be imported.
from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.utils import timezone

from accounts.models import Organization, User
from accounts.plans import Plan
from accounts.roles import Role
from sso.connection.sp_keys import create_sp_key
from sso.saml.pasted.certificates import read_certificate
from tests.words import PASSWORD


def seed(issuer: str, pem: str) -> dict[str, str]:
    """Acme, with seats for everybody, an owner with PASSWORD, and a tested connection that is on."""
    now = timezone.now()
    acme = Organization.objects.create(
        name="Acme", slug="acme", plan=Plan.BUSINESS.value, seat_limit=10_000_000
    )
    acme.domains.create(name="acme.example", verified_at=now, last_checked_at=now)
    User.objects.create_user("owner@acme.example", PASSWORD, organization=acme, role=Role.OWNER.value)
    connection = acme.connections.create(
        guide="onelogin",
        idp_entity_id=issuer,
        sso_url=issuer,
        enabled_at=now,
        tested_version=1,
        tested_at=now,
    )
    read = read_certificate(pem)
    connection.certificates.create(
        pem=read.pem, sha256=read.sha256, not_before=read.not_before, not_after=read.not_after
    )
    create_sp_key(connection)
    return {"acs_url": connection.acs_url, "entity_id": connection.entity_id}


if __name__ == "__main__":
    found = seed(os.environ["BENCH_ISSUER"], Path(os.environ["BENCH_CERTIFICATE"]).read_text())
    sys.stdout.write(json.dumps(found))
