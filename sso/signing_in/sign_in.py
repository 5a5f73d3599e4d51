"""The story of one sign-in.

UnverifiedResponse → SignedAssertion → CheckReport → VerifiedIdentity → Decision → event, and the view's session
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from accounts.models import User
from sso.connection.availability import require_available
from sso.connection.expected import config_of
from sso.log import events
from sso.log.events import Attempt
from sso.models import Connection, PendingLogin, SignInEvent
from sso.phrases import Phrase
from sso.refusals import CATALOGUE, Check, Refusal, Refused, Retry
from sso.saml.examination import Acceptance
from sso.saml.report import passed
from sso.saml.types import ConnectionConfig
from sso.signing_in import pending, provisioning
from sso.signing_in.arrived import Arrived, examined
from sso.signing_in.replay import consume_assertion
from sso.signing_in.turning_away import TurnedAway, turn_away

# Each look but the first is because an admin saved a change in just that moment.
_MOST_LOOKS = 3


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is in: start the session, bounded by `ends_at`, and go where they wanted to go."""

    user: User
    ends_at: datetime | None
    event: SignInEvent
    request: PendingLogin | None


class ConfigurationChanged(Exception):
    """The configuration changed while a response was examined. Carries the connection as it is now."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.public_id)
        self.connection = connection


def sign_in(arrived: Arrived) -> SignedIn | TurnedAway:
    """Examine a response and let its person in, or say why not."""
    for _look in range(_MOST_LOOKS):
        config = config_of(arrived.connection)
        attempt = examined(arrived, config)
        try:
            return _let_in(attempt, _accepted(attempt), config)
        except ConfigurationChanged as changed:
            arrived = replace(arrived, connection=changed.connection)
        except Refused as refused:
            return turn_away(attempt, _overtaken() if _is_overtaken(attempt, refused) else refused)
    return turn_away(attempt, _overtaken())


def _accepted(attempt: Attempt) -> Acceptance:
    """What both locks have accepted. Raises Refused with the first check that failed."""
    assert attempt.examination is not None
    if attempt.examination.acceptance is None:
        failure = attempt.report.failures[0]
        raise Refused(
            failure.refusal or Refusal.OUR_FAULT, expected=failure.expected, received=failure.received
        )
    return attempt.examination.acceptance


def _let_in(attempt: Attempt, acceptance: Acceptance, config: ConnectionConfig) -> SignedIn:
    """Use assertion and request up, find or make the member, and write the event: all of it or nothing."""
    identity = acceptance.identity
    with transaction.atomic():
        connection = _hold(attempt, config)
        consume_assertion(connection, acceptance.assertion_id, acceptance.valid_until, attempt.now)
        if attempt.request is not None:
            pending.consume(attempt.request, attempt.now)
        admitted = provisioning.admit(connection, identity, attempt.now)
        connection.certificates.filter(sha256=acceptance.certificate_sha256).update(last_used_at=attempt.now)
        report = attempt.report.with_results(
            passed(Check.DOMAIN, identity.email.rpartition("@")[2]), passed(Check.MEMBER, admitted.user.email)
        )
        event = events.record(
            replace(attempt, organization=connection.organization, connection=connection),
            report,
            user=admitted.user,
            admission=admitted.admission,
        )
    return SignedIn(admitted.user, identity.session_ends_at, event, attempt.request)


def _hold(attempt: Attempt, examined_by: ConnectionConfig) -> Connection:
    """The connection and its organization as they are now, locked until the sign-in commits.

    What was committed before counts for this sign-in, and a change that comes later waits for it. Only a response that
    both locks accepted gets here, so nobody else makes others wait. Raises Refused or ConfigurationChanged.
    """
    assert attempt.connection is not None
    current = (
        Connection.objects.select_for_update(no_key=True)
        .select_related("organization")
        .filter(pk=attempt.connection.pk)
        .first()
    )
    if current is None:
        raise Refused(
            Refusal.SSO_OFF, expected=Phrase.SSO_TURNED_ON(), received=Phrase.CONFIGURATION_DELETED()
        )
    require_available(current)
    if config_of(current) != examined_by:
        raise ConfigurationChanged(current)
    return current


def _is_overtaken(attempt: Attempt, refused: Refused) -> bool:
    """Whether an admin changed the configuration after the request was sent: starting again helps."""
    return (
        attempt.connection is not None
        and attempt.request is not None
        and attempt.request.version not in (None, attempt.connection.version)
        and CATALOGUE[refused.refusal].retry is Retry.AFTER_A_CHANGE
    )


def _overtaken() -> Refused:
    return Refused(
        Refusal.UNKNOWN_REQUEST,
        expected=Phrase.CURRENT_REQUEST(),
        received=Phrase.CONFIGURATION_CHANGED(),
    )
