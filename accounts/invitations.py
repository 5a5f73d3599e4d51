"""Invitations: sent by e-mail, good for 7 days, taken up with a password or by single sign-on."""

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
from accounts.audit import Action
from accounts.emails import send_email
from accounts.members import EmailTaken, NotAllowed, create_member, lock_organization
from accounts.models import INVITATION_LIFETIME, Invitation, Organization, User
from accounts.roles import Role
from accounts.throttle import hit

log = logging.getLogger("justcall.mail")
_SENT, _WINDOW = 100, timedelta(hours=1)


class TooManyInvitations(Exception):
    """The organization has sent too many in an hour. Nobody shall fill mailboxes through us."""


class NotSent(Exception):
    """The mail server refused the e-mail. Nothing was changed; the message is for whoever tried."""


class InvitationOver(Exception):
    """The invitation was taken up or revoked, or it has expired."""


def invite(organization: Organization, email: str, role: Role, *, actor: User, now: datetime) -> Invitation:
    """Invite somebody. An earlier invitation of theirs is replaced.

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
    # Before anything is saved: if the e-mail is refused, an earlier invitation and its link must stay good.
    # And before the lock: a slow mail server must not hold it.
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
        audit.record(organization, actor, Action.INVITATION_SENT, {"role": ["", role.value]}, subject=address)
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
    """The hash of an invitation's token: the token itself is not stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_open(token: str, now: datetime) -> Invitation | None:
    """The open invitation with this token, or None."""
    invitation = (
        Invitation.objects.select_related("organization").filter(token_hash=token_hash(token)).first()
    )
    return invitation if invitation is not None and invitation.is_open(now) else None


def take_up(
    invitation: Invitation, *, first_name: str, last_name: str, now: datetime, password: str | None = None
) -> User:
    """Make the invited person a member with the invitation's role.

    Raises InvitationOver, NoSeatLeft or EmailTaken.
    """
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
    """Revoke an invitation; its link stops working. False if it was taken up or revoked before."""
    with transaction.atomic():
        # The same lock as in `take_up`: a sign-in that found the invitation open finishes first.
        organization = lock_organization(invitation.organization_id)
        still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
        if not still_open.update(revoked_at=now):
            return False
        audit.record(organization, actor, Action.INVITATION_REVOKED, subject=invitation.email)
        return True
