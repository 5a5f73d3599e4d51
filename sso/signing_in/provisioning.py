"""Gathers the facts of an organization and carries a decision out, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.invitations import InvitationOver, take_up
from accounts.members import EmailTaken, create_member, lock_organization
from accounts.models import Invitation, User
from sso.connection.availability import require_available
from sso.identity import NameIdKind, VerifiedIdentity
from sso.models import Admission, Connection
from sso.phrases import Phrase
from sso.policy import Create, Decision, Facts, Member, Refuse, SignIn, TakeUpInvitation, decide
from sso.refusals import Refusal, Refused
from sso.signing_in.statements import Found, FoundMember, find_person, link_new, note_member

_A_DAY = timedelta(days=1)


def gather_facts(connection: Connection, identity: VerifiedIdentity, now: datetime) -> Facts:
    """What the decision needs to know: one statement, and one more for the seats if the person is new."""
    found = find_person(connection, identity, now)
    is_new = found.holder.id is None
    return _facts(connection, found, connection.organization.seats_taken() if is_new else 0)


def _facts(connection: Connection, found: Found, seats_taken: int) -> Facts:
    organization = connection.organization
    is_ours = found.holder.organization_id == organization.pk
    return Facts(
        verified_domains=found.verified_domains,
        # A member who has moved to another organization is not ours to sign in, whatever links they left here.
        linked=_member(found.linked) if found.linked.organization_id == organization.pk else None,
        invitation_id=found.invitation_id,
        member=_member(found.holder) if is_ours else None,
        email_is_elsewhere=found.holder.id is not None and not is_ours,
        seats_taken=seats_taken,
        seat_limit=found.seat_limit,
        create_members=connection.create_members,
        default_role=connection.default_role,
    )


def _member(found: FoundMember) -> Member | None:
    return Member(found.id, found.email, bool(found.is_active), found.name_id) if found.id else None


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who is in, and how they came to be a member."""

    user: User
    admission: Admission


def admit(connection: Connection, identity: VerifiedIdentity, now: datetime) -> Admitted:
    """Decide and carry out: the member who signs in, found, taken up from an invitation, or created.

    Call with the connection locked against changes. Only who needs a seat waits for others of the organization. Raises
    Refused with the policy's reason.
    """
    found, decision = _decision(connection, identity, now, seats_taken=0)
    if isinstance(decision, Create | TakeUpInvitation):
        # Seats are counted and taken by one at a time: what was found before the lock is looked up again.
        organization = lock_organization(connection.organization_id)
        found, decision = _decision(connection, identity, now, seats_taken=organization.seats_taken())
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
    _link(connection, identity, user, found, now)
    return Admitted(user, _admission(decision))


def _decision(
    connection: Connection, identity: VerifiedIdentity, now: datetime, *, seats_taken: int
) -> tuple[Found, Decision]:
    found = find_person(connection, identity, now)
    # Its plan may have ended while the response was examined.
    connection.organization.plan = found.plan
    require_available(connection)
    return found, decide(identity, _facts(connection, found, seats_taken))


def _admission(decision: Decision) -> Admission:
    if isinstance(decision, Create):
        return Admission.CREATED
    return Admission.INVITED if isinstance(decision, TakeUpInvitation) else Admission.MEMBER


def _link(
    connection: Connection, identity: VerifiedIdentity, user: User, found: Found, now: datetime
) -> None:
    """Link the NameID to the member. Of a link that is there, the time of its use is written once a day."""
    kind = NameIdKind(found.link_kind or "").and_also(identity.name_id_kind)
    is_as_it_was = found.linked.id == user.pk and found.link_kind == kind
    if is_as_it_was and found.link_used_at and now - found.link_used_at < _A_DAY:
        return
    if not _write_link(connection, identity.name_id, kind, user, found.link_id, now):
        # Two NameIDs arrived at once for one member, or two members for one NameID: the other one came first.
        raise Refused(
            Refusal.LINK_MOVED,
            expected=Phrase.LINKED_NAME_ID(),
            received=Phrase.NAME_ID(name_id=identity.name_id),
        )


def _write_link(
    connection: Connection, name_id: str, kind: NameIdKind, user: User, link_id: int | None, now: datetime
) -> bool:
    if link_id is None:
        if link_new(connection, name_id, kind.value, user.pk, now):
            return True
        # The same person, in another browser at the same moment.
        return connection.identities.filter(name_id=name_id, name_id_kind=kind.value, user=user).exists()
    try:
        with transaction.atomic():
            connection.identities.filter(pk=link_id).update(
                user=user, name_id_kind=kind.value, last_used_at=now
            )
    except IntegrityError:
        return False
    return True


def _apply(decision: Decision, connection: Connection, identity: VerifiedIdentity, now: datetime) -> User:
    match decision:
        case Refuse(refusal, expected, received):
            raise Refused(refusal, expected=expected, received=received)
        case SignIn(member_id):
            pass
        case TakeUpInvitation(invitation_id):
            member_id = take_up(
                Invitation.objects.get(pk=invitation_id),
                first_name=identity.first_name,
                last_name=identity.last_name,
                now=now,
            ).pk
        case Create(role):
            member_id = create_member(
                connection.organization,
                email=identity.email,
                first_name=identity.first_name,
                last_name=identity.last_name,
                role=role,
            ).pk
    user = note_member(member_id, identity.first_name, identity.last_name, now)
    if user is None:
        # Deactivated between our look and our write.
        raise Refused(Refusal.MEMBER_DEACTIVATED, expected=Phrase.AN_ACTIVE_MEMBER(), received=identity.email)
    return user
