"""A hint for pages that speak of another identity provider than the one that wrote a message."""

from __future__ import annotations

from sso.guides import GUIDES, Guide, guide_named
from sso.guides.recognition import guide_of
from sso.phrases import values_in
from sso.refusals import Check
from sso.saml.report import CheckReport

_TELLING = (Check.ISSUER, Check.STATUS)


def recognised_in(report: CheckReport, guide_name: str) -> Guide | None:
    """The guide of the identity provider that wrote a message, if the pages speak of another one."""
    results = [result for result in report.results if result.check in _TELLING]
    said = [value for result in results for value in values_in(result.received)]
    meant = guide_of(said, GUIDES.values())
    return meant if meant is not guide_named(guide_name) else None
