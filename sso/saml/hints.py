"""Finds what else is wrong with a response whose signature does not verify.

An admin who tests then sees every mistake at once. Nothing here is trusted: a hint can only add what else would fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from sso.phrases import Phrase, Several, Text
from sso.refusals import Refusal
from sso.saml.names import identifier, saml
from sso.saml.report import CheckReport, CheckResult, Outcome, complete, hint
from sso.saml.subject import check_subject
from sso.saml.types import ConnectionConfig, UnverifiedResponse


def with_hints(report: CheckReport, unverified: UnverifiedResponse, config: ConnectionConfig) -> CheckReport:
    """The report, with a hint at each check that was not reached and would fail."""
    assertion = unverified.root.find(saml("Assertion"))
    if assertion is None:
        return report
    unreached = {row.check for row in report.results if row.outcome is Outcome.NOT_REACHED}
    hints = [row for row in _hints(unverified.root, assertion, config) if row.check in unreached]
    return complete((*report.results, *hints))


def _hints(
    response: etree._Element, assertion: etree._Element, config: ConnectionConfig
) -> Iterator[CheckResult]:
    issuer = next(map(identifier, assertion.iterfind(saml("Issuer"))), "")
    if issuer != config.idp_entity_id:
        yield hint(Refusal.WRONG_ISSUER, expected=config.idp_entity_id, received=issuer)
    audiences = [identifier(node) for node in assertion.iterfind(f".//{saml('Audience')}")]
    if config.entity_id not in audiences:
        received: Text = ", ".join(audiences) or Phrase.NO_AUDIENCE()
        yield hint(Refusal.WRONG_AUDIENCE, expected=config.entity_id, received=received)
    destination = response.get("Destination")
    if destination not in (None, config.acs_url):
        received = str(destination) or Phrase.EMPTY_DESTINATION()
        yield hint(Refusal.WRONG_DESTINATION, expected=config.acs_url, received=received)
    recipients = [
        node.get("Recipient", "") for node in assertion.iterfind(f".//{saml('SubjectConfirmationData')}")
    ]
    if recipients and config.acs_url not in recipients:
        received = Several(tuple(recipient or Phrase.NO_RECIPIENT() for recipient in recipients))
        yield hint(Refusal.WRONG_RECIPIENT, expected=config.acs_url, received=received)
    for row in check_subject(assertion):
        if row.outcome is Outcome.FAILED:
            yield replace(row, outcome=Outcome.NOT_REACHED)
