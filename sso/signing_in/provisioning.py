"""Gathers the facts of an organization and carries a decision out, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.invitations import InvitationOver, take_up
from accounts.members import EmailTaken, create_member
from accounts.models import Invitation, User
from sso.identity import VerifiedIdentity
from sso.models import Admission, Connection, LinkedIdentity
from sso.phrases import Phrase
from sso.policy import Create, Decision, Facts, Member, Refuse, SignIn, TakeUpInvitation, decide
from sso.refusals import Refusal, Refused


def gather_facts(connection: Connection, identity: VerifiedIdentity, now: datetime) -> Facts:
    """What the decision needs to know. A constant number of queries, each by an index."""
    organization = connection.organization
    link = connection.identities.select_related("user").filter(name_id=identity.name_id).first()
    holder = User.objects.filter(email=identity.email).first()
    is_ours = holder is not None and holder.organization_id == organization.pk
    holder_link = connection.identities.filter(user=holder).first() if is_ours else None
    invitation = (
        Invitation.objects.filter(
            organization=organization,
            email=identity.email,
            accepted_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=now,
        )
        .only("pk")
        .first()
    )
    return Facts(
        verified_domains=frozenset(
            organization.domains.filter(verified_at__isnull=False).values_list("name", flat=True)
        ),
        # A member who has moved to another organization is not ours to sign in, whatever links they left here.
        linked=_member(link.user, link) if link and link.user.organization_id == organization.pk else None,
        invitation_id=invitation.pk if invitation else None,
        member=_member(holder, holder_link) if holder is not None and is_ours else None,
        email_is_elsewhere=holder is not None and not is_ours,
        seats_taken=organization.seats_taken() if holder is None else 0,
        seat_limit=organization.seat_limit,
        create_members=connection.create_members,
        default_role=connection.default_role,
    )


def _member(user: User, link: LinkedIdentity | None) -> Member:
    return Member(user.pk, user.email, user.is_active, link.name_id if link else None)


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who is in, and how they came to be a member."""

    user: User
    admission: Admission


def admit(connection: Connection, identity: VerifiedIdentity, now: datetime) -> Admitted:
    """Decide and carry out: the member who signs in, found, taken up from an invitation, or created.

    Call with the connection and its organization locked, so that seats are counted and taken by one at a time. Raises
    Refused with the policy's reason.
    """
    decision = decide(identity, gather_facts(connection, identity, now))
    try:
        user = _apply(decision, connection, identity, now)
    except InvitationOver:
        # It ended between our look and our write, which the lock rules out; the next try goes without it.
        raise Refused(
            Refusal.CREATION_OFF,
            expected=Phrase.A_MEMBER_OR_INVITATION(),
            received=Phrase.AN_ENDED_INVITATION(),
        ) from None
    except EmailTaken:
        # Another organization created this person between our look and our write.
        raise Refused(
            Refusal.EMAIL_ELSEWHERE, expected=Phrase.A_LINKABLE_ADDRESS(), received=identity.email
        ) from None
    _link(connection, identity, user, now)
    return Admitted(user, _admission(decision))


def _admission(decision: Decision) -> Admission:
    if isinstance(decision, Create):
        return Admission.CREATED
    return Admission.INVITED if isinstance(decision, TakeUpInvitation) else Admission.MEMBER


def _link(connection: Connection, identity: VerifiedIdentity, user: User, now: datetime) -> None:
    try:
        with transaction.atomic():
            connection.identities.update_or_create(
                name_id=identity.name_id, defaults={"user": user, "last_used_at": now}
            )
    except IntegrityError:
        # Two NameIDs arrived at once for one member: the other one came first.
        raise Refused(
            Refusal.LINK_MOVED,
            expected=Phrase.LINKED_NAME_ID(),
            received=Phrase.NAME_ID(name_id=identity.name_id),
        ) from None


def _apply(decision: Decision, connection: Connection, identity: VerifiedIdentity, now: datetime) -> User:
    match decision:
        case Refuse(refusal, expected, received):
            raise Refused(refusal, expected=expected, received=received)
        case SignIn(member_id):
            user = User.objects.select_for_update(no_key=True).get(pk=member_id)
            if not user.is_active:
                # Deactivated between our look and our lock.
                raise Refused(
                    Refusal.MEMBER_DEACTIVATED, expected=Phrase.AN_ACTIVE_MEMBER(), received=identity.email
                )
        case TakeUpInvitation(invitation_id):
            user = take_up(
                Invitation.objects.get(pk=invitation_id),
                first_name=identity.first_name,
                last_name=identity.last_name,
                now=now,
            )
        case Create(role):
            user = create_member(
                connection.organization,
                email=identity.email,
                first_name=identity.first_name,
                last_name=identity.last_name,
                role=role,
            )
    user.first_name = identity.first_name or user.first_name
    user.last_name = identity.last_name or user.last_name
    user.last_sso_at = now
    user.save(update_fields=["first_name", "last_name", "last_sso_at"])
    return user
