"""Undoing the tie between a member and a NameID, when the identity provider knows the person by another one now."""

from __future__ import annotations

from django.db import transaction

from accounts import audit
from accounts.models import User
from sso.models import LinkedIdentity


def reset_link(member: User, actor: User) -> bool:
    """Forget by which NameID a member signs in; the next sign-in by email makes the link anew. Whether there was one."""
    assert member.organization is not None
    with transaction.atomic():
        removed, _by_model = LinkedIdentity.objects.filter(
            user=member, connection__organization=member.organization
        ).delete()
        if removed:
            audit.record(member.organization, actor, "sso.link_reset", subject=member.email)
    return bool(removed)
