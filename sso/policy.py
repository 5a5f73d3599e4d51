"""Decides who signs in, from an identity and the facts of its organization. A pure function."""

from __future__ import annotations

from dataclasses import dataclass

from sso.identity import VerifiedIdentity
from sso.phrases import Phrase, Text
from sso.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the organization, with only what the decision needs."""

    id: int
    email: str
    is_active: bool
    linked_name_id: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What our records say when a verified identity arrives.

    `linked` is the member that its NameID is linked to, `member` the member with its email. `email_is_elsewhere`: another
    organization's member has that email.
    """

    verified_domains: frozenset[str]
    linked: Member | None
    invitation_id: int | None
    member: Member | None
    email_is_elsewhere: bool
    seats_taken: int
    seat_limit: int
    create_members: bool
    default_role: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """A known member signs in."""

    member_id: int


@dataclass(frozen=True, slots=True)
class TakeUpInvitation:
    """An invited person becomes a member with the role of the invitation."""

    invitation_id: int


@dataclass(frozen=True, slots=True)
class Create:
    """A new person becomes a member."""

    role: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nobody signs in."""

    refusal: Refusal
    expected: Text = ""
    received: Text = ""


Decision = SignIn | TakeUpInvitation | Create | Refuse


def decide(identity: VerifiedIdentity, facts: Facts) -> Decision:
    """Find the member by linked NameID, then by email; else by a pending invitation; else create one.

    An email whose domain the organization has not verified is always refused.
    """
    domain = identity.email.rpartition("@")[2]
    if domain not in facts.verified_domains:
        return Refuse(
            Refusal.DOMAIN_NOT_VERIFIED, expected=", ".join(sorted(facts.verified_domains)), received=domain
        )
    if facts.linked is not None:
        if facts.linked.email != identity.email:
            return Refuse(Refusal.LINK_MOVED, expected=facts.linked.email, received=identity.email)
        return _admit(facts.linked)
    if facts.member is not None:
        if facts.member.linked_name_id is not None:
            return Refuse(
                Refusal.LINK_MOVED,
                expected=Phrase.NAME_ID(name_id=facts.member.linked_name_id),
                received=Phrase.NAME_ID(name_id=identity.name_id),
            )
        return _admit(facts.member)
    if facts.email_is_elsewhere:
        return Refuse(Refusal.EMAIL_ELSEWHERE, expected=Phrase.A_LINKABLE_ADDRESS(), received=identity.email)
    if facts.invitation_id is None and not facts.create_members:
        return Refuse(Refusal.CREATION_OFF, expected=Phrase.A_MEMBER_OR_INVITATION(), received=identity.email)
    if facts.seats_taken >= facts.seat_limit:
        return Refuse(
            Refusal.NO_SEAT,
            expected=Phrase.A_FREE_SEAT(),
            received=Phrase.SEATS_TAKEN(taken=facts.seats_taken, limit=facts.seat_limit),
        )
    if facts.invitation_id is not None:
        return TakeUpInvitation(facts.invitation_id)
    return Create(facts.default_role)


def _admit(member: Member) -> Decision:
    if not member.is_active:
        return Refuse(Refusal.MEMBER_DEACTIVATED, expected=Phrase.AN_ACTIVE_MEMBER(), received=member.email)
    return SignIn(member.id)
