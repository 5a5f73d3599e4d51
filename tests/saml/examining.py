"""One short way to examine a message in the tests of the pure core."""

from __future__ import annotations

from datetime import UTC, datetime

from sso.refusals import Refusal
from sso.saml.envelope import decode
from sso.saml.examination import Examination, examine
from sso.saml.types import UNSOLICITED, AnsweredRequest, ConnectionConfig
from tests.saml.messages import IdentityProvider

IDP = IdentityProvider()


def examined(
    saml_response: str,
    config: ConnectionConfig | None = None,
    request: AnsweredRequest = UNSOLICITED,
    now: datetime | None = None,
) -> Examination:
    """Examine a SAMLResponse field at a time (now). Raises Refused for what is no response at all."""
    return examine(decode(saml_response), config or IDP.config(), request, now or datetime.now(UTC))


def refusals_of(examination: Examination) -> list[Refusal | None]:
    """The codes of the failed checks; with one, there is no acceptance."""
    failures = [row.refusal for row in examination.report.failures]
    assert bool(failures) == (examination.acceptance is None)
    return failures
