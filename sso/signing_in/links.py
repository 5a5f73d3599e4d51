"""Removes the link between a member and a NameID, when the person has another NameID now."""

from __future__ import annotations

from django.db import transaction

from accounts import audit
from accounts.audit import Action
from accounts.models import User
from sso.models import LinkedIdentity


def reset_link(member: User, actor: User) -> bool:
    """Remove a member's link, if there is one: returns whether. The next sign-in makes a new one."""
    assert member.organization is not None
    with transaction.atomic():
        removed, _by_model = LinkedIdentity.objects.filter(
            user=member, connection__organization=member.organization
        ).delete()
        if removed:
            audit.record(member.organization, actor, Action.SSO_LINK_RESET, subject=member.email)
    return bool(removed)
