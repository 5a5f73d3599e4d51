"""Saves a configuration: at once, or as a staged change that waits for a test.

While single sign-on is on and tested, a change of SSO URL, Issuer or certificates must not break it: it is staged until
a test has passed. Default role and the two tick boxes only decide about members, so they are saved at once.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts import audit
from accounts.audit import Action
from accounts.models import User
from sso.connection.configuration import (
    Configuration,
    changes_between,
    live_configuration,
    make_live,
    staged_configuration,
)
from sso.connection.staging import ChangedMeanwhile, discard
from sso.guides import GUIDES, OTHER
from sso.guides.recognition import guide_of
from sso.models import ConfigurationCandidate, Connection
from sso.saml.pasted.certificates import IdpCertificateInfo


class Saved(StrEnum):
    """What Save Configuration did."""

    LIVE = "live"
    LIVE_UNTESTED = "live_untested"
    STAGED = "staged"
    DISCARDED = "discarded"
    UNCHANGED = "unchanged"

    @property
    def sentence(self) -> str:
        """What the person reads: what happened, and what comes next."""
        return _SENTENCES[self]


_SENTENCES = {
    Saved.LIVE: gettext_noop("Configuration saved."),
    Saved.LIVE_UNTESTED: gettext_noop("Configuration saved. Next: Test Connection."),
    Saved.STAGED: gettext_noop(
        "The change is staged. What is live goes on working. Next: Test Connection, then apply it."
    ),
    Saved.DISCARDED: gettext_noop("This is what is live already, so the staged change was discarded."),
    Saved.UNCHANGED: gettext_noop("Nothing was different, so nothing was changed."),
}


def revision_of(connection: Connection) -> str:
    """A hash of everything that the form shows. It tells whether a form was filled in for an older state."""
    candidate = connection.staged
    shown = [
        connection.version,
        connection.default_role,
        connection.allow_idp_initiated,
        connection.create_members,
        sorted(certificate.sha256 for certificate in connection.certificates.all()),
        [candidate.pk, candidate.version] if candidate else None,
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def must_be_staged(connection: Connection) -> bool:
    """Whether a change of the identity provider's values is staged, not saved at once."""
    return connection.staged is not None or (connection.is_enabled and connection.is_tested)


def save_configuration(
    connection: Connection, actor: User, configuration: Configuration, now: datetime, *, seen: str = ""
) -> Saved:
    """Save a configuration, and stage the part of it that must be tested again.

    `seen` is the revision that the form was filled in for. Raises ChangedMeanwhile if it is not the present one.
    """
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if seen and seen != revision_of(locked):
            raise ChangedMeanwhile
        if must_be_staged(locked):
            live = live_configuration(locked)
            at_once = replace(
                configuration,
                sso_url=live.sso_url,
                idp_entity_id=live.idp_entity_id,
                certificates=live.certificates,
            )
            saved = _save_live(locked, actor, at_once, now)
            saved = _stage(locked, actor, configuration, now) or saved
        else:
            saved = _save_live(locked, actor, configuration, now)
    connection.refresh_from_db()
    return saved


def _save_live(connection: Connection, actor: User, configuration: Configuration, now: datetime) -> Saved:
    changes = make_live(connection, configuration, now)
    if not changes:
        return Saved.UNCHANGED
    if not connection.guide:
        changes["guide"] = _choose_guide(connection)
    audit.record(connection.organization, actor, Action.CONFIGURATION_SAVED, changes)
    return Saved.LIVE if connection.is_tested else Saved.LIVE_UNTESTED


def _choose_guide(connection: Connection) -> list[str]:
    """Nobody has chosen a guide: from now on the pages speak as the one whose addresses these are."""
    meant = guide_of((connection.sso_url, connection.idp_entity_id), GUIDES.values()) or OTHER
    connection.guide = meant.name
    connection.save(update_fields=["guide"])
    return ["", meant.name]


def _stage(connection: Connection, actor: User, configuration: Configuration, now: datetime) -> Saved | None:
    """Create, edit or discard the staged change. Returns None if nothing differs from it."""
    candidate = connection.staged
    live = live_configuration(connection)
    changes = changes_between(live, configuration)
    if not changes:
        if candidate is None:
            return None
        discard(connection, actor)
        return Saved.DISCARDED
    if candidate is not None and not changes_between(
        staged_configuration(connection, candidate), configuration
    ):
        return None
    wanted = candidate or ConfigurationCandidate(connection=connection, version=0)
    wanted.sso_url, wanted.idp_entity_id = configuration.sso_url, configuration.idp_entity_id
    _set_certificates(wanted, configuration.certificates if "certificates" in changes else ())
    wanted.version += 1
    wanted.staged_by, wanted.staged_at = actor, now
    wanted.save()
    audit.record(connection.organization, actor, Action.CHANGE_STAGED, changes)
    return Saved.STAGED


def _set_certificates(
    candidate: ConfigurationCandidate, certificates: tuple[IdpCertificateInfo, ...]
) -> None:
    candidate.certificates = [each.pem for each in certificates]
    # The previous release reads these two, and may still run while this one is installed.
    candidate.certificate_pem = certificates[0].pem if certificates else ""
    candidate.certificate_sha256 = certificates[0].sha256 if certificates else ""
