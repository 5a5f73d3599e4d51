"""The release before knew one certificate of a staged change, and may still run beside this one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import User
from sso.connection import staging
from sso.connection.configuration import live_configuration, staged_configuration
from sso.connection.saving import save_configuration
from sso.models import ConfigurationCandidate, Connection
from sso.saml.pasted.certificates import read_certificate
from tests.saml.messages import IdentityProvider

NEXT, LAST = IdentityProvider("rsa-new"), IdentityProvider("rsa-stranger")


@pytest.fixture
def older(db: None) -> Any:
    """The staged changes as the release before knows them."""
    loader = MigrationExecutor(database).loader
    state = loader.project_state(("sso", "0002_tile_of_every_identity_provider"))
    return state.apps.get_model("sso", "ConfigurationCandidate")


def staged_by_the_older(older: Any, connection: Connection) -> ConfigurationCandidate:
    row = older.objects.create(
        connection_id=connection.pk,
        sso_url=connection.sso_url,
        idp_entity_id=connection.idp_entity_id,
        certificate_pem=NEXT.pem,
        certificate_sha256=NEXT.pinned.sha256,
    )
    return ConfigurationCandidate.objects.get(pk=row.pk)


def stage_both(connection: Connection, actor: User) -> ConfigurationCandidate:
    both = (read_certificate(NEXT.pem), read_certificate(LAST.pem))
    wanted = replace(live_configuration(connection), certificates=both)
    save_configuration(connection, actor, wanted, timezone.now())
    assert connection.staged is not None
    return connection.staged


def test_what_it_has_staged_is_shown_and_applied(older: Any, live: Connection, owner: User) -> None:
    candidate = staged_by_the_older(older, live)
    assert candidate.certificates == []
    assert [each.sha256 for each in staged_configuration(live, candidate).certificates] == [
        NEXT.pinned.sha256
    ]
    staging.apply(live, owner, timezone.now(), version=1, untested=True)
    assert live.certificates.get().sha256 == NEXT.pinned.sha256


def test_it_reads_the_first_certificate_of_what_is_staged_now(
    older: Any, live: Connection, owner: User
) -> None:
    stage_both(live, owner)
    row = older.objects.get()
    assert (row.certificate_pem, row.certificate_sha256) == (NEXT.pem, NEXT.pinned.sha256)


def test_what_it_edits_counts(older: Any, live: Connection, owner: User) -> None:
    candidate = stage_both(live, owner)
    assert candidate.pems == [NEXT.pem, LAST.pem]
    older.objects.update(certificate_pem=LAST.pem, certificate_sha256=LAST.pinned.sha256)
    candidate.refresh_from_db()
    assert candidate.pems == [LAST.pem]
    older.objects.update(certificate_pem="", certificate_sha256="")
    candidate.refresh_from_db()
    assert candidate.pems == []
    assert staged_configuration(live, candidate) == live_configuration(live)
