"""Sign-in events: what happened to each attempt, under the reference that the person was shown."""

from __future__ import annotations

import logging
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to sign in, as far as it got.

    `request` is our request that it answers. `is_asked_for`: the same browser brings the answer, in time. `typed` is the
    address that somebody typed at the start.
    Without a response there is no examination. A response that cannot be read has one, but no `unverified`.
    """

    flow: Flow
    now: datetime
    organization: Organization | None
    connection: Connection | None = None
    request: PendingLogin | None = None
    is_asked_for: bool = False
    typed: str = ""
    unverified: UnverifiedResponse | None = None
    examination: Examination | None = None

    @property
    def is_signed(self) -> bool:
        """Whether a trusted key signed the response."""
        return self.examination is not None and self.examination.signature_verified

    @property
    def signed_email(self) -> str:
        """The person's address, if a trusted key signed it; else an empty text."""
        return self.examination.email if self.examination and self.is_signed else ""

    @property
    def typed_email(self) -> str:
        """The address that was typed at the start, where no signature names one."""
        typed = self.typed or (self.request.typed_email if self.request else "")
        return "" if self.signed_email else typed

    @property
    def report(self) -> CheckReport:
        """The results of the checks; empty without a response."""
        return self.examination.report if self.examination else CheckReport(())


def record(
    attempt: Attempt,
    report: CheckReport,
    *,
    refusal: Refusal | None = None,
    user: User | None = None,
    admission: Admission | None = None,
    reference: str = "",
    repeated: int | None = None,
) -> SignInEvent:
    """Write one event. Without a verified signature it has no person and no attributes. XML is redacted."""
    signed = attempt.examination if attempt.is_signed else None
    event = SignInEvent.objects.create(
        reference=reference or new_reference(),
        organization=attempt.organization,
        connection=attempt.connection,
        user=user,
        occurred_at=attempt.now,
        requested_at=attempt.request.created_at if attempt.request else None,
        flow=attempt.flow,
        refusal=refusal.value if refusal else "",
        admission=admission or "",
        email=attempt.signed_email,
        typed_email=attempt.typed_email,
        checks=report.as_list(),
        attributes=_short(signed.attributes) if signed else {},
        redacted_xml=redact(attempt.unverified.root) if attempt.unverified else "",
        repeated=repeated,
    )
    if attempt.request is not None and refusal is not None:
        # Something came back, refused or not. A refused response does not use up the request.
        PendingLogin.objects.filter(pk=attempt.request.pk, answered_at__isnull=True).update(
            answered_at=attempt.now
        )
    _log(event, attempt.organization)
    return event


def _log(event: SignInEvent, organization: Organization | None) -> None:
    logger.info(
        "sign-in %s",
        "refused" if event.refusal else "accepted",
        extra={
            "reference": event.reference,
            "organization": organization.slug if organization else "",
            "flow": str(event.flow),
            "refusal": event.refusal,
        },
    )


def _short(attributes: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        name[:200]: [value[:300] for value in values[:_MAX_ATTRIBUTE_VALUES]]
        for name, values in list(attributes.items())[:100]
    }
