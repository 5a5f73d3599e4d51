"""Whether a connection may sign people in now, and which connection an e-mail address belongs to."""

from __future__ import annotations

from accounts.plans import Plan
from sso.models import Connection
from sso.phrases import Phrase
from sso.refusals import Refusal, Refused


def why_unavailable(connection: Connection) -> Refused | None:
    """The reason why nobody can sign in with this connection now, or None."""
    plan = connection.organization.current_plan
    if not plan.includes_sso:
        return Refused(
            Refusal.PLAN_LAPSED,
            expected=Phrase.THE_PLAN(plan=Plan.BUSINESS.value),
            received=Phrase.THE_PLAN(plan=plan.value),
        )
    if not connection.is_enabled:
        return Refused(Refusal.SSO_OFF, expected=Phrase.SSO_TURNED_ON(), received=Phrase.SSO_IS_OFF())
    return None


def require_available(connection: Connection) -> None:
    """Raise Refused if nobody can sign in with this connection now."""
    refused = why_unavailable(connection)
    if refused is not None:
        raise refused


def connection_for_email(email: str) -> Connection | None:
    """The connection of the organization that has verified the address's domain, on or off. One query."""
    domain = email.rpartition("@")[2].lower()
    return (
        Connection.objects.select_related("organization")
        .filter(organization__domains__name=domain, organization__domains__verified_at__isnull=False)
        .first()
    )
