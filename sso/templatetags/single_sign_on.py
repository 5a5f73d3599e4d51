"""Single sign-on on pages of people who are not members yet."""

from __future__ import annotations

from django import template

from accounts.models import Invitation
from sso.connection.availability import connection_for_email, why_unavailable
from sso.guides import OTHER, guide_named
from sso.models import Connection

register = template.Library()


@register.simple_tag
def single_sign_on_of(invitation: Invitation) -> Connection | None:
    """The connection by which this invitation can be taken up: of its company, for its email's domain, and on."""
    connection = connection_for_email(invitation.email)
    if connection is None or connection.organization_id != invitation.organization_id:
        return None
    return connection if why_unavailable(connection) is None else None


@register.filter
def provider_name(connection: Connection) -> str:
    """What its people call the identity provider; empty if nobody has said which one it is."""
    guide = guide_named(connection.guide)
    return "" if guide is OTHER else guide.title
