"""Sign-in events: what happened to each attempt, under the reference its person was shown."""

from __future__ import annotations

import logging
from datetime import datetime

from accounts.models import Organization, User
from sso.log.reference import new_reference
from sso.models import Admission, Connection, Flow, PendingLogin, SignInEvent
from sso.refusals import Refusal
from sso.saml.examination import Examination
from sso.saml.redaction import redact
from sso.saml.report import CheckReport
from sso.saml.types import UnverifiedResponse

logger = logging.getLogger(__name__)

_MAX_ATTRIBUTE_VALUES = 20


def record(
    *,
    flow: Flow,
    now: datetime,
    organization: Organization | None,
    connection: Connection | None = None,
    refusal: Refusal | None = None,
    user: User | None = None,
    examination: Examination | None = None,
    report: CheckReport | None = None,
    unverified: UnverifiedResponse | None = None,
    pending: PendingLogin | None = None,
    reference: str = "",
    admission: Admission | None = None,
) -> SignInEvent:
    """Write one event. Person and attributes are kept only if the signature verified; the XML is redacted."""
    verified = examination is not None and examination.signature_verified
    results = report or (examination.report if examination else CheckReport(()))
    event = SignInEvent.objects.create(
        reference=reference or new_reference(),
        organization=organization,
        connection=connection,
        user=user,
        occurred_at=now,
        requested_at=pending.created_at if pending else None,
        flow=flow,
        refusal=refusal.value if refusal else "",
        admission=admission or "",
        email=examination.email if examination is not None and verified else "",
        checks=results.as_list(),
        attributes=_short(examination.attributes) if examination is not None and verified else {},
        redacted_xml=redact(unverified.root) if unverified else "",
    )
    if pending is not None:
        # Refused or not, something came back. A refused answer does not use the request up.
        PendingLogin.objects.filter(pk=pending.pk, answered_at__isnull=True).update(answered_at=now)
    logger.info(
        "sign-in %s",
        "refused" if refusal else "accepted",
        extra={
            "reference": event.reference,
            "organization": organization.slug if organization else "",
            "flow": str(flow),
            "refusal": event.refusal,
        },
    )
    return event


def _short(attributes: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        name[:200]: [value[:300] for value in values[:_MAX_ATTRIBUTE_VALUES]]
        for name, values in list(attributes.items())[:100]
    }
