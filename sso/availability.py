"""Whether a connection may sign people in right now, and which connection an e-mail address belongs to."""

from __future__ import annotations

from sso.models import Connection
from sso.refusals import Refusal


def refusal_of(connection: Connection) -> Refusal | None:
    """Why nobody can sign in by this connection at the moment, or None."""
    if not connection.organization.current_plan.includes_sso:
        return Refusal.PLAN_LAPSED
    if not connection.is_enabled:
        return Refusal.SSO_OFF
    return None


def connection_for_email(email: str) -> Connection | None:
    """The connection of the organization that has verified the address's domain, on or off. One query."""
    domain = email.rpartition("@")[2].lower()
    return (
        Connection.objects.select_related("organization")
        .filter(organization__domains__name=domain, organization__domains__verified_at__isnull=False)
        .first()
    )
