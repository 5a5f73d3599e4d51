"""Staged edits: a change of a tested, live configuration waits as a candidate until its test has passed.

The live configuration goes on working for everybody meanwhile. Default role and the two tick boxes apply at once: they
decide about members only.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from sso.connection import setup
from sso.connection.config import config_of
from sso.connection.setup import Configuration
from sso.models import ConfigurationCandidate, Connection
from sso.saml.pasted.certificates import read_certificate
from sso.saml.types import ConnectionConfig, PinnedCertificate

Changes = dict[str, list[Any]]


class ChangedMeanwhile(Exception):
    """Somebody else changed the configuration since the page was opened. Nothing was saved."""


class NotTested(Exception):
    """The change has not passed a test as it is now."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What Save Configuration did: what is live now, and what waits for its test."""

    live: Changes
    staged: Changes


def must_be_staged(connection: Connection) -> bool:
    """Whether a change of the identity provider's values waits for a test instead of being live at once."""
    return connection.staged is not None or (connection.is_enabled and connection.is_tested)


def revision_of(connection: Connection) -> str:
    """Changes with everything the configuration form shows: a form that was filled in for another one is out of date."""
    candidate = connection.staged
    shown = [
        connection.version,
        connection.default_role,
        connection.allow_idp_initiated,
        connection.create_members,
        [candidate.pk, candidate.version] if candidate else None,
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def changes_of(connection: Connection, candidate: ConfigurationCandidate) -> Changes:
    """What the candidate would change, as {field: [live, staged]}."""
    changes = {
        name: [getattr(connection, name), getattr(candidate, name)]
        for name in ("sso_url", "idp_entity_id")
        if getattr(connection, name) != getattr(candidate, name)
    }
    live = [row.sha256 for row in connection.certificates.all()]
    if candidate.certificate_sha256 and live != [candidate.certificate_sha256]:
        changes["certificate"] = [", ".join(live), candidate.certificate_sha256]
    return changes


def save(
    connection: Connection, actor: User, configuration: Configuration, now: datetime, *, seen: str = ""
) -> Saved:
    """Save a configuration, or stage what would have to be tested anew.

    `seen` is the revision the form was filled in for. Raises ChangedMeanwhile if it is no longer the present one.
    """
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if seen and seen != revision_of(locked):
            raise ChangedMeanwhile
        if must_be_staged(locked):
            at_once = replace(
                configuration, sso_url=locked.sso_url, idp_entity_id=locked.idp_entity_id, certificate=None
            )
            saved = Saved(
                live=setup.save_configuration(locked, actor, at_once, now),
                staged=_stage(locked, actor, configuration, now),
            )
        else:
            saved = Saved(live=setup.save_configuration(locked, actor, configuration, now), staged={})
    connection.refresh_from_db()
    return saved


def _stage(connection: Connection, actor: User, configuration: Configuration, now: datetime) -> Changes:
    """Make or edit the candidate; the changes it holds if this one made a difference. One without any is discarded."""
    candidate = connection.staged
    before = _values(candidate) if candidate else None
    wanted = candidate or ConfigurationCandidate(connection=connection, version=0)
    wanted.sso_url, wanted.idp_entity_id = configuration.sso_url, configuration.idp_entity_id
    if configuration.certificate is not None:
        wanted.certificate_pem = configuration.certificate.pem
        wanted.certificate_sha256 = configuration.certificate.sha256
    if _values(wanted) == before:
        return {}
    changes = changes_of(connection, wanted)
    if not changes:
        if candidate is not None:
            discard(connection, actor)
        return {}
    wanted.version += 1
    wanted.staged_by, wanted.staged_at = actor, now
    wanted.save()
    audit.record(connection.organization, actor, "sso.change_staged", changes)
    return changes


def _values(candidate: ConfigurationCandidate) -> tuple[str, str, str]:
    return candidate.sso_url, candidate.idp_entity_id, candidate.certificate_sha256


def config_of_change(connection: Connection, candidate: ConfigurationCandidate) -> ConnectionConfig:
    """What the connection would expect of a response, were the change live."""
    config = replace(config_of(connection), sso_url=candidate.sso_url, idp_entity_id=candidate.idp_entity_id)
    if not candidate.certificate_pem:
        return config
    info = read_certificate(candidate.certificate_pem)
    pinned = PinnedCertificate(info.pem, info.sha256, info.not_before, info.not_after)
    return replace(config, certificates=(pinned,))


def apply(
    connection: Connection, actor: User, now: datetime, *, version: int, untested: bool = False
) -> Changes:
    """Make the change live, as {field: [before, after]}.

    `version` is the one the person looked at. Raises ChangedMeanwhile if there is another one or none, and NotTested
    unless it has passed a test or `untested` says that it shall not matter.
    """
    with transaction.atomic():
        locked, candidate = _locked(connection, version)
        is_tested = candidate.is_tested
        if not is_tested and not untested:
            raise NotTested
        changes = changes_of(locked, candidate)
        locked.sso_url, locked.idp_entity_id = candidate.sso_url, candidate.idp_entity_id
        if candidate.certificate_pem:
            setup.replace_certificate(locked, read_certificate(candidate.certificate_pem), now)
        locked.version += 1
        fields = ["sso_url", "idp_entity_id", "version"]
        if is_tested:
            locked.tested_version, locked.tested_at = locked.version, now
            fields += ["tested_version", "tested_at"]
        locked.save(update_fields=fields)
        candidate.delete()
        action = "sso.change_applied" if is_tested else "sso.change_applied_untested"
        audit.record(locked.organization, actor, action, changes)
    connection.refresh_from_db()
    return changes


def discard(connection: Connection, actor: User, *, version: int | None = None) -> None:
    """Forget the change; what is live stays. Raises ChangedMeanwhile if it is not the one the person looked at."""
    with transaction.atomic():
        locked, candidate = _locked(connection, version)
        changes = {name: [staged, live] for name, (live, staged) in changes_of(locked, candidate).items()}
        candidate.delete()
        audit.record(locked.organization, actor, "sso.change_discarded", changes)
    connection.refresh_from_db()


def _locked(connection: Connection, version: int | None) -> tuple[Connection, ConfigurationCandidate]:
    locked = Connection.objects.select_for_update().get(pk=connection.pk)
    candidate = locked.staged
    if candidate is None or (version is not None and candidate.version != version):
        raise ChangedMeanwhile
    return locked, candidate


def vouch(connection: Connection, candidate: ConfigurationCandidate, *, version: int, beside: int) -> bool:
    """Enter a passed test of a change; False if the change or the live configuration is another one by now."""
    same = ConfigurationCandidate.objects.filter(pk=candidate.pk, version=version, connection__version=beside)
    return bool(same.update(tested_version=version, tested_beside=beside))
