"""A response that has arrived, and whom it answers: where a sign-in and a test both begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sso.log.events import Attempt
from sso.models import Connection, ConnectionTest, Flow, PendingLogin
from sso.refusals import Refused
from sso.saml.examination import examine, unreadable
from sso.saml.types import AnsweredRequest, ConnectionConfig, RequestState, UnverifiedResponse


@dataclass(frozen=True, slots=True)
class Arrived:
    """A response, and whom it answers. Nothing in it has been examined.

    `unverified` is why it can't be read, if it can't. `request` is the one of ours that it answers, and `answered` what
    became of that request; `test` is the test that waits for this response.
    """

    connection: Connection
    unverified: UnverifiedResponse | Refused
    request: PendingLogin | None
    answered: AnsweredRequest
    test: ConnectionTest | None
    now: datetime

    @property
    def flow(self) -> Flow:
        """How the attempt was started, as far as that is known."""
        if self.test is not None:
            return Flow.TEST
        if self.request is not None:
            return Flow.SSO_PAGE
        is_unsolicited = self.answered.state is RequestState.UNSOLICITED
        return Flow.TILE if is_unsolicited and not isinstance(self.unverified, Refused) else Flow.UNKNOWN


def examined(arrived: Arrived, config: ConnectionConfig) -> Attempt:
    """The attempt, with what every check has found by this configuration. Raises nothing."""
    if isinstance(arrived.unverified, Refused):
        unverified, examination = None, unreadable(arrived.unverified)
    else:
        unverified = arrived.unverified
        examination = examine(unverified, config, arrived.answered, arrived.now)
    return Attempt(
        flow=arrived.flow,
        now=arrived.now,
        organization=arrived.connection.organization,
        connection=arrived.connection,
        request=arrived.request,
        is_asked_for=arrived.answered.state is RequestState.MATCHED,
        unverified=unverified,
        examination=examination,
    )
