"""The story of one sign-in.

HTTP form → UnverifiedResponse → SignedAssertion → CheckReport → VerifiedIdentity → Decision → session + event
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction

from accounts.models import User
from sso.connection.availability import require_available
from sso.connection.config import config_of
from sso.log import events, first_causes
from sso.models import Connection, Flow, PendingLogin, SignInEvent
from sso.refusals import Refusal, Refused
from sso.saml.envelope import decode
from sso.saml.examination import Acceptance, Examination, examine, unreadable
from sso.saml.report import Check, CheckReport, passed
from sso.saml.types import ConnectionConfig, RequestState, UnverifiedResponse
from sso.signing_in import pending, provisioning
from sso.signing_in.replay import consume_assertion
from sso.trial import trials as connection_test


@dataclass(frozen=True, slots=True)
class Arrival:
    """A response as it arrived.


    `saml_response` reads the form field, and raises Refused if there is none to read; `browser_secret` gives the secret
    this browser holds for a request, or ''; `tile_secret` is the one it holds while its admin tests the tile.
    """

    saml_response: Callable[[], str]
    browser_secret: Callable[[str], str]
    now: datetime
    tile_secret: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is in: start the session, bounded by `ends_at`, and go where they wanted to go."""

    user: User
    ends_at: datetime | None
    event: SignInEvent
    request: PendingLogin | None


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Nobody is in; members, sessions and settings are as they were."""

    refusal: Refusal
    event: SignInEvent
    request: PendingLogin | None


@dataclass(frozen=True, slots=True)
class Tested:
    """The response belonged to a test of the connection, whose report is written."""

    public_id: str
    is_of_tile: bool


Outcome = SignedIn | TurnedAway | Tested


class ConfigurationChanged(Exception):
    """A response was examined with a configuration that does not count any more. Carries the connection as it is now."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.public_id)
        self.connection = connection


def receive(connection: Connection, arrival: Arrival) -> Outcome:
    """Take in one response posted to the ACS URL of a connection, and say what came of it."""
    now = arrival.now
    try:
        unverified = decode(arrival.saml_response())
    except Refused as refused:
        return _unreadable(connection, refused, arrival)

    claimed = unverified.claimed_in_response_to
    asked = pending.find(connection, claimed)
    answered = pending.state_of(asked, claimed, arrival.browser_secret(claimed or ""), now)
    test = (
        asked.test if asked is not None else connection_test.listening(connection, arrival.tile_secret, now)
    )
    config = connection_test.config_under_test(connection, test)
    examination = examine(unverified, config, answered, now)

    try:
        if test is not None:
            connection_test.require_listener(test, answered)
            connection_test.finish(connection, test, asked, examination, unverified, config, now)
            return Tested(test.public_id, test.is_of_tile)
        return _sign_in(connection, config, examination, unverified, asked, now)
    except ConfigurationChanged as changed:
        # Each time a change by an admin: look at the response anew, with what is saved now.
        return receive(changed.connection, arrival)
    except Refused as refused:
        if _is_overtaken(connection, asked, refused):
            refused = Refused(
                Refusal.UNKNOWN_REQUEST,
                expected="a request sent by the configuration of now",
                received="the configuration was changed in between",
            )
        is_asked_for = answered.state is RequestState.MATCHED
        return _turn_away(connection, refused, examination, unverified, asked, now, is_asked_for=is_asked_for)


def _unreadable(connection: Connection, refused: Refused, arrival: Arrival) -> Outcome:
    examination = unreadable(refused)
    test = connection_test.listening(connection, arrival.tile_secret, arrival.now)
    if test is not None:
        config = connection_test.config_under_test(connection, test)
        try:
            connection_test.finish(connection, test, None, examination, None, config, arrival.now)
            return Tested(test.public_id, test.is_of_tile)
        except Refused as already_answered:
            refused = already_answered
    return _turn_away(connection, refused, examination, None, None, arrival.now)


_OF_THE_CONFIGURATION = {Refusal.WRONG_ISSUER, Refusal.CERTIFICATE_REPLACED, Refusal.SIGNATURE_INVALID}


def _is_overtaken(connection: Connection, asked: PendingLogin | None, refused: Refused) -> bool:
    """Whether somebody was on the way while an admin changed the identity provider: they need only start again."""
    return (
        asked is not None
        and asked.test_id is None
        and asked.version not in (None, connection.version)
        and refused.refusal in _OF_THE_CONFIGURATION
    )


def _sign_in(
    connection: Connection,
    config: ConnectionConfig,
    examination: Examination,
    unverified: UnverifiedResponse,
    asked: PendingLogin | None,
    now: datetime,
) -> SignedIn:
    acceptance = _accepted(examination)
    with transaction.atomic():
        current = _hold(connection, config)
        consume_assertion(current, acceptance.assertion_id, acceptance.valid_until, now)
        if asked is not None:
            pending.consume(asked, now)
        admitted = provisioning.admit(current, acceptance.identity, now)
        current.certificates.filter(sha256=acceptance.certificate_sha256).update(last_used_at=now)
        domain = acceptance.identity.email.rpartition("@")[2]
        event = events.record(
            flow=_flow(asked),
            now=now,
            organization=current.organization,
            connection=current,
            user=admitted.user,
            admission=admitted.admission,
            examination=examination,
            report=examination.report.with_results(
                passed(Check.DOMAIN, domain), passed(Check.MEMBER, admitted.user.email)
            ),
            unverified=unverified,
            pending=asked,
        )
    return SignedIn(admitted.user, acceptance.identity.session_ends_at, event, asked)


def _hold(connection: Connection, examined_with: ConnectionConfig) -> Connection:
    """The connection and its organization as they are now, locked until the sign-in commits.

    What was committed before counts for this sign-in, and a change that comes later waits for it. Only a response that
    both locks accepted gets here, so nobody else makes others wait. Raises Refused or ConfigurationChanged.
    """
    current = (
        Connection.objects.select_for_update(no_key=True)
        .select_related("organization")
        .filter(pk=connection.pk)
        .first()
    )
    if current is None:
        raise Refused(
            Refusal.SSO_OFF, expected="single sign-on turned on", received="the configuration was deleted"
        )
    require_available(current)
    if config_of(current) != examined_with:
        raise ConfigurationChanged(current)
    return current


def _accepted(examination: Examination) -> Acceptance:
    if examination.acceptance is None:
        failure = examination.report.failures[0]
        raise Refused(
            failure.refusal or Refusal.OUR_FAULT, expected=failure.expected, received=failure.received
        )
    return examination.acceptance


def _turn_away(
    connection: Connection,
    refused: Refused,
    examination: Examination,
    unverified: UnverifiedResponse | None,
    asked: PendingLogin | None,
    now: datetime,
    *,
    is_asked_for: bool = False,
) -> TurnedAway:
    entry = partial(
        events.record,
        flow=_flow(asked),
        now=now,
        organization=connection.organization,
        refusal=refused.refusal,
        examination=examination,
        report=examination.report.with_refusal(refused),
        unverified=unverified,
        pending=asked,
    )
    try:
        with transaction.atomic():
            event = entry(connection=connection)
    except IntegrityError:
        # The configuration was deleted while we looked; the attempt is still kept in its organization's log.
        event = entry()
    first_causes.note(
        event, refused.refusal, is_signed=examination.signature_verified, is_asked_for=is_asked_for
    )
    return TurnedAway(refused.refusal, event, asked)


def our_fault(connection: Connection, now: datetime) -> TurnedAway:
    """Nobody is in because something of ours broke: the person gets a reference that leads to it."""
    refused = Refused(
        Refusal.OUR_FAULT, expected="no fault of ours", received="an error, noted in the service's log"
    )
    return _turn_away(connection, refused, Examination(CheckReport(())), None, None, now)


def _flow(asked: PendingLogin | None) -> Flow:
    if asked is None:
        return Flow.TILE
    return Flow.TEST if asked.test_id else Flow.SSO_PAGE
