"""Invitations: sent by e-mail, good for seven days, taken up by password or by a first single sign-on."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.addresses import canonical_email
from accounts.emails import send_email
from accounts.members import EmailTaken, NotAllowed, create_member, lock_organization
from accounts.models import INVITATION_LIFETIME, Invitation, Organization, User
from accounts.roles import Role
from accounts.throttle import hit

log = logging.getLogger("justcall.mail")
_SENT, _WINDOW = 100, timedelta(hours=1)


class TooManyInvitations(Exception):
    """The organization has sent as many as it may for now: we are nobody's way to fill mailboxes."""


class NotSent(Exception):
    """The mail server did not take the e-mail; the message is for the person who tried. Nothing was changed."""


class InvitationOver(Exception):
    """The invitation was taken up, revoked or has expired."""


def invite(organization: Organization, email: str, role: Role, *, actor: User, now: datetime) -> Invitation:
    """Invite somebody, or invite them anew with this role.

    Raises NotAllowed, EmailTaken, TooManyInvitations or NotSent.
    """
    if role is Role.OWNER or role not in organization.current_plan.roles:
        raise NotAllowed(_("Your plan does not include this role."))
    if not hit(f"invite:{organization.pk}", _SENT, _WINDOW, now):
        raise TooManyInvitations(_("Too many invitations in an hour. Wait a little, then go on."))
    address = canonical_email(email)
    if User.objects.filter(email=address).exists():
        raise EmailTaken(address)
    token = secrets.token_urlsafe(32)
    # First, and without a lock: an e-mail that is refused leaves an earlier invitation and its link as they were.
    _send(organization, address, token)
    with transaction.atomic():
        lock_organization(organization.pk)
        organization.invitations.filter(email=address, accepted_at=None, revoked_at=None).update(
            revoked_at=now
        )
        invitation = organization.invitations.create(
            email=address,
            role=role.value,
            token_hash=token_hash(token),
            invited_by=actor,
            created_at=now,
            expires_at=now + INVITATION_LIFETIME,
        )
        audit.record(organization, actor, "invitation.sent", {"role": ["", role.value]}, subject=address)
    return invitation


def _send(organization: Organization, address: str, token: str) -> None:
    facts = {
        "company": organization.name,
        "days": INVITATION_LIFETIME.days,
        "link": settings.PUBLIC_BASE_URL + reverse("invitation", args=[token]),
    }
    try:
        send_email("accounts/emails/invitation", facts, [address])
    except (OSError, UnicodeError) as error:
        log.warning("an invitation could not be sent", exc_info=error)
        raise NotSent(
            _(
                "The mail server did not take the e-mail to %(email)s, so nobody was invited. Check the address, "
                "or try again in a few minutes."
            )
            % {"email": address}
        ) from error


def token_hash(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_open(token: str, now: datetime) -> Invitation | None:
    """The invitation of a token that can still be taken up."""
    invitation = (
        Invitation.objects.select_related("organization").filter(token_hash=token_hash(token)).first()
    )
    return invitation if invitation is not None and invitation.is_open(now) else None


def take_up(
    invitation: Invitation, *, first_name: str, last_name: str, now: datetime, password: str | None = None
) -> User:
    """Make the invited person a member with the invitation's role. Raises InvitationOver, NoSeatLeft or EmailTaken."""
    with transaction.atomic():
        organization = lock_organization(invitation.organization_id)
        still_open = Invitation.objects.filter(
            pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now
        )
        if not still_open.update(accepted_at=now):
            raise InvitationOver
        return create_member(
            organization,
            email=invitation.email,
            first_name=first_name,
            last_name=last_name,
            role=invitation.role,
            password=password,
        )


def revoke(invitation: Invitation, now: datetime, *, actor: User) -> bool:
    """Take back an invitation: its link stops working at once. False if it was taken up or revoked before."""
    with transaction.atomic():
        # A sign-in that has found the invitation open holds the same lock until it is taken up.
        organization = lock_organization(invitation.organization_id)
        still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
        if not still_open.update(revoked_at=now):
            return False
        audit.record(organization, actor, "invitation.revoked", subject=invitation.email)
        return True
