"""A staged change: what it changes, how it is tested, applying and discarding it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.audit import Action, Changes
from accounts.models import User
from sso.connection.configuration import (
    changes_between,
    live_configuration,
    make_live,
    staged_configuration,
)
from sso.connection.expected import config_of, pinned
from sso.models import ConfigurationCandidate, Connection
from sso.saml.types import ConnectionConfig


class ChangedMeanwhile(Exception):
    """Somebody else changed the configuration since the page was opened. Nothing was saved."""


class NotTested(Exception):
    """The change has not passed a test in its present version."""


def changes_of(connection: Connection, candidate: ConfigurationCandidate) -> Changes:
    """What the staged change changes, as {field: [live, staged]}."""
    return changes_between(live_configuration(connection), staged_configuration(connection, candidate))


def config_of_change(connection: Connection, candidate: ConfigurationCandidate) -> ConnectionConfig:
    """What the connection will expect of a response once the change is applied."""
    staged = staged_configuration(connection, candidate)
    return replace(
        config_of(connection),
        sso_url=staged.sso_url,
        idp_entity_id=staged.idp_entity_id,
        certificates=tuple(pinned(each) for each in staged.certificates),
    )


def apply(
    connection: Connection, actor: User, now: datetime, *, version: int, untested: bool = False
) -> Changes:
    """Make the change live, as {field: [before, after]}.

    `version` is the version that the person has seen. Raises ChangedMeanwhile if it is not the present one, and NotTested
    if it has not passed a test, unless `untested` is true.
    """
    with transaction.atomic():
        locked, candidate = _locked(connection, version)
        is_tested = candidate.is_tested
        if not is_tested and not untested:
            raise NotTested
        changes = make_live(locked, staged_configuration(locked, candidate), now)
        if is_tested:
            locked.tested_version, locked.tested_at = locked.version, now
            locked.save(update_fields=["tested_version", "tested_at"])
        candidate.delete()
        action = Action.CHANGE_APPLIED if is_tested else Action.CHANGE_APPLIED_UNTESTED
        audit.record(locked.organization, actor, action, changes)
    connection.refresh_from_db()
    return changes


def discard(connection: Connection, actor: User, *, version: int | None = None) -> None:
    """Delete the change; what is live stays. Raises ChangedMeanwhile if it is not this version."""
    with transaction.atomic():
        locked, candidate = _locked(connection, version)
        changes = {name: [staged, live] for name, (live, staged) in changes_of(locked, candidate).items()}
        candidate.delete()
        audit.record(locked.organization, actor, Action.CHANGE_DISCARDED, changes)
    connection.refresh_from_db()


def _locked(connection: Connection, version: int | None) -> tuple[Connection, ConfigurationCandidate]:
    locked = Connection.objects.select_for_update().get(pk=connection.pk)
    candidate = locked.staged
    if candidate is None or (version is not None and candidate.version != version):
        raise ChangedMeanwhile
    return locked, candidate


def vouch(connection: Connection, candidate: ConfigurationCandidate, *, version: int, beside: int) -> bool:
    """Record a passed test of a change. False if the change or the live configuration has changed since."""
    same = ConfigurationCandidate.objects.filter(pk=candidate.pk, version=version, connection__version=beside)
    return bool(same.update(tested_version=version, tested_beside=beside))
