"""Whether a connection may sign people in now, and which connection an e-mail address belongs to."""

from __future__ import annotations

from sso.models import Connection
from sso.refusals import Refusal, Refused


def refusal_of(connection: Connection) -> Refusal | None:
    """The reason why nobody can sign in with this connection now, or None."""
    if not connection.organization.current_plan.includes_sso:
        return Refusal.PLAN_LAPSED
    if not connection.is_enabled:
        return Refusal.SSO_OFF
    return None


def require_available(connection: Connection) -> None:
    """Raise Refused if nobody can sign in with this connection now."""
    match refusal_of(connection):
        case Refusal.PLAN_LAPSED as refusal:
            plan = connection.organization.current_plan.label
            raise Refused(refusal, expected="the Business plan", received=f"the {plan} plan")
        case Refusal() as refusal:
            raise Refused(refusal, expected="single sign-on turned on", received="it is off")


def connection_for_email(email: str) -> Connection | None:
    """The connection of the organization that has verified the address's domain, on or off. One query."""
    domain = email.rpartition("@")[2].lower()
    return (
        Connection.objects.select_related("organization")
        .filter(organization__domains__name=domain, organization__domains__verified_at__isnull=False)
        .first()
    )
