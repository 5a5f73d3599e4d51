"""Invitations: sent by e-mail, good for 7 days, taken up with a password or by single sign-on."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit, outbox
from accounts.addresses import canonical_email
from accounts.audit import Action
from accounts.members import EmailTaken, NotAllowed, create_member, lock_organization, require_seat
from accounts.models import INVITATION_LIFETIME, Invitation, Organization, OutgoingEmail, User
from accounts.outbox import Facts, Letter, Occasion
from accounts.roles import Role
from accounts.throttle import hit

_KIND = "invitation"
_SENT, _WINDOW = 100, timedelta(hours=1)


class TooManyInvitations(Exception):
    """The organization has sent too many in an hour. Nobody shall fill mailboxes through us."""


class InvitationOver(Exception):
    """The invitation was taken up or revoked, or it has expired."""


def invite(organization: Organization, email: str, role: Role, *, actor: User, now: datetime) -> Invitation:
    """Invite somebody, or invite them again: then their earlier link is good until the new e-mail has left.

    Raises NotAllowed, EmailTaken or TooManyInvitations.
    """
    if role is Role.OWNER or role not in organization.current_plan.roles:
        raise NotAllowed(_("Your plan does not include this role."))
    if not hit(f"invite:{organization.pk}", _SENT, _WINDOW, now):
        raise TooManyInvitations(_("Too many invitations in an hour. Wait a little, then go on."))
    address = canonical_email(email)
    if User.objects.filter(email=address).exists():
        raise EmailTaken(address)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        lock_organization(organization.pk)
        invitation = _open_one(organization, address) or Invitation(
            organization=organization, email=address, created_at=now, expires_at=now
        )
        invitation.role, invitation.invited_by = role.value, actor
        if not invitation.is_open(now):
            invitation.token_hash, invitation.expires_at = token_hash(token), now + INVITATION_LIFETIME
        invitation.save()
        outbox.take_back(_about(invitation))
        outbox.put(_KIND, {"invitation": invitation.pk, "token": token}, now, about=_about(invitation))
        audit.record(organization, actor, Action.INVITATION_SENT, {"role": ["", role.value]}, subject=address)
    return invitation


def _open_one(organization: Organization, address: str) -> Invitation | None:
    return organization.invitations.filter(email=address, accepted_at=None, revoked_at=None).first()


def _about(invitation: Invitation) -> str:
    return f"invitation {invitation.pk}"


def _letter(facts: Facts) -> Letter | None:
    invitation = (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(pk=facts["invitation"], accepted_at=None, revoked_at=None)
        .first()
    )
    if invitation is None:
        return None
    about = {
        "company": invitation.organization.name,
        "inviter": invitation.inviter,
        "days": INVITATION_LIFETIME.days,
        "link": settings.PUBLIC_BASE_URL + reverse("invitation", args=[facts["token"]]),
    }
    return Letter("accounts/emails/invitation", about, [invitation.email])


def _sent(facts: Facts, now: datetime) -> None:
    """From now on the link in this e-mail is the good one."""
    Invitation.objects.filter(pk=facts["invitation"], accepted_at=None, revoked_at=None).update(
        token_hash=token_hash(facts["token"]), expires_at=now + INVITATION_LIFETIME
    )


outbox.announce(_KIND, Occasion(_letter, worth_sending=timedelta(days=3), sent=_sent))


def unsent_emails(invitations: Iterable[Invitation]) -> dict[int, OutgoingEmail]:
    """The e-mails of these invitations that have not left, by the key of the invitation."""
    keys = {_about(invitation): invitation.pk for invitation in invitations}
    return {keys[email.about]: email for email in OutgoingEmail.objects.filter(about__in=keys)}


def token_hash(token: str) -> str:
    """The hash of an invitation's token: the token itself is not stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_open(token: str, now: datetime) -> Invitation | None:
    """The open invitation with this token, or None."""
    invitation = (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(token_hash=token_hash(token))
        .first()
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
        require_seat(organization)
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
