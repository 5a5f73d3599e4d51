"""The story of one sign-in.

UnverifiedResponse → SignedAssertion → CheckReport → VerifiedIdentity → Decision → event and session
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

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
from sso.signing_in import pending, provisioning
from sso.signing_in.arrived import Arrived, examined
from sso.signing_in.replay import ConfigurationChanged, consume_assertion
from sso.signing_in.statements import connection_named
from sso.signing_in.turning_away import TurnedAway, turn_away

# Each look but the first is because an admin saved a change in just that moment.
_MOST_LOOKS = 3
_A_MINUTE = timedelta(minutes=1)
# Begins a session in the browser that brought the response, bounded by the second argument.
BeginSession = Callable[[User, datetime | None], None]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is in, and their session is written: go where they wanted to go."""

    user: User
    event: SignInEvent
    request: PendingLogin | None


def sign_in(arrived: Arrived, begin_session: BeginSession) -> SignedIn | TurnedAway:
    """Examine a response and let its person in, or say why not."""
    for _look in range(_MOST_LOOKS):
        attempt = examined(arrived, config_of(arrived.connection, with_keys=_is_encrypted(arrived)))
        try:
            return _let_in(attempt, arrived.connection, begin_session)
        except ConfigurationChanged:
            current = connection_named(arrived.connection.public_id)
            if current is None:
                return turn_away(attempt, _deleted())
            arrived = replace(arrived, connection=current)
        except Refused as refused:
            return turn_away(attempt, _overtaken() if _is_overtaken(attempt, refused) else refused)
    return turn_away(attempt, _overtaken())


def _is_encrypted(arrived: Arrived) -> bool:
    return not isinstance(arrived.unverified, Refused) and arrived.unverified.is_encrypted


def _accepted(attempt: Attempt) -> Acceptance:
    """What both locks have accepted. Raises Refused with the first check that failed."""
    assert attempt.examination is not None
    if attempt.examination.acceptance is None:
        failure = attempt.report.failures[0]
        raise Refused(
            failure.refusal or Refusal.OUR_FAULT, expected=failure.expected, received=failure.received
        )
    return attempt.examination.acceptance


def _let_in(attempt: Attempt, connection: Connection, begin_session: BeginSession) -> SignedIn:
    """Use assertion and request up, find or make the member, write event and session: all of it or nothing."""
    acceptance = _accepted(attempt)
    identity, now = acceptance.identity, attempt.now
    require_available(connection)
    with transaction.atomic():
        # First: it waits for an admin's change, and a change that comes later waits for this sign-in.
        consume_assertion(connection, acceptance.assertion_id, acceptance.valid_until, now, if_unchanged=True)
        if attempt.request is not None:
            pending.consume(attempt.request, now)
        admitted = provisioning.admit(connection, identity, now)
        _note_certificate(connection, acceptance.certificate_sha256, now)
        report = attempt.report.with_results(
            passed(Check.DOMAIN, identity.email.rpartition("@")[2]), passed(Check.MEMBER, admitted.user.email)
        )
        event = events.record(attempt, report, user=admitted.user, admission=admitted.admission)
        begin_session(admitted.user, identity.session_ends_at)
    return SignedIn(admitted.user, event, attempt.request)


def _note_certificate(connection: Connection, sha256: str, now: datetime) -> None:
    """When it was last used is written once a minute: everybody of a company signs in by the same one."""
    for certificate in connection.certificates.all():
        used_at = certificate.last_used_at
        if certificate.sha256 == sha256 and (used_at is None or now - used_at >= _A_MINUTE):
            connection.certificates.filter(pk=certificate.pk).update(last_used_at=now)


def _deleted() -> Refused:
    return Refused(Refusal.SSO_OFF, expected=Phrase.SSO_TURNED_ON(), received=Phrase.CONFIGURATION_DELETED())


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
