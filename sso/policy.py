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
            return Refuse(
                # If nobody else has the email, it is new: a NameID stays with its person (SAML core 8.3.7).
                Refusal.NAME_ID_OF_ANOTHER if facts.member else Refusal.EMAIL_CHANGED,
                expected=Phrase.TWO_ADDRESSES(name_id=identity.name_id, email=facts.linked.email),
                received=Phrase.TWO_ADDRESSES(name_id=identity.name_id, email=identity.email),
            )
        return _admit(facts.linked)
    if facts.member is not None:
        if facts.member.linked_name_id is not None:
            return _another_name_id(facts.member.linked_name_id, identity.name_id)
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


def _another_name_id(linked: str, arrived: str) -> Refuse:
    """A member is known by another NameID: a new one, or the same in another format."""
    if _is_address(linked) == _is_address(arrived):
        return Refuse(
            Refusal.LINK_MOVED,
            expected=Phrase.NAME_ID(name_id=linked),
            received=Phrase.NAME_ID(name_id=arrived),
        )
    return Refuse(
        Refusal.NAME_ID_FORMAT_CHANGED, expected=_with_its_kind(linked), received=_with_its_kind(arrived)
    )


def _with_its_kind(name_id: str) -> Text:
    kind = Phrase.AN_EMAIL_AS_NAME_ID if _is_address(name_id) else Phrase.NO_EMAIL_AS_NAME_ID
    return kind(name_id=name_id)


def _is_address(name_id: str) -> bool:
    return "@" in name_id


def _admit(member: Member) -> Decision:
    if not member.is_active:
        return Refuse(Refusal.MEMBER_DEACTIVATED, expected=Phrase.AN_ACTIVE_MEMBER(), received=member.email)
    return SignIn(member.id)
