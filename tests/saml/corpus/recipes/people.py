"""Validly signed, for us and of somebody, who still may not come in: domains, members, seats."""

from __future__ import annotations

from typing import Any

from sso.refusals import Refusal
from tests.saml.corpus.case import Member, Organization
from tests.saml.corpus.kinds import PEOPLE
from tests.saml.corpus.recipe import Recipe, bad
from tests.saml.messages import PERSISTENT, PLAIN_NAMES

_NAMES = PLAIN_NAMES[1:]
_NORA = "nora@acme.example"


def _people(refusal: Refusal, variant: str, why: str, email: str = _NORA, **how: Any) -> Recipe:
    says = {"name_id": email, "attributes": (("email", (email,)), *_NAMES)} | how.pop("says", {})
    facts = Organization(
        **{
            key: how.pop(key)
            for key in ("domains", "members", "seats", "create_members", "invited")
            if key in how
        }
    )
    return bad(refusal, variant, PEOPLE, why, says=says, organization=facts, **how)


RECIPES = (
    _people(
        Refusal.DOMAIN_NOT_VERIFIED,
        "another_companys_domain",
        "An address the organization may not speak for.",
        "nora@globex.example",
    ),
    _people(Refusal.DOMAIN_NOT_VERIFIED, "public_mail", "A public mail address.", "nora@gmail.com"),
    _people(
        Refusal.DOMAIN_NOT_VERIFIED,
        "below_ours",
        "A domain below the verified one.",
        "nora@mail.acme.example",
    ),
    _people(
        Refusal.DOMAIN_NOT_VERIFIED,
        "ends_like_ours",
        "A domain that ends like the verified one.",
        "nora@notacme.example",
    ),
    _people(
        Refusal.DOMAIN_NOT_VERIFIED,
        "begins_like_ours",
        "A domain that begins like the verified one.",
        "nora@acme.example.evil.example",
    ),
    _people(
        Refusal.DOMAIN_NOT_VERIFIED,
        "punycode_look_alike",
        "A look-alike domain in its ASCII form.",
        "nora@xn--cme-7cd.example",
    ),
    _people(
        Refusal.DOMAIN_NOT_VERIFIED, "none_verified", "An organization without a verified domain.", domains=()
    ),
    _people(
        Refusal.DOMAIN_NOT_VERIFIED,
        "member_of_another_organization",
        "Another company's member, in that company's domain.",
        "nora@globex.example",
        members=(Member("nora@globex.example", organization="globex"),),
    ),
    _people(
        Refusal.EMAIL_ELSEWHERE,
        "member_of_another_organization",
        "In our domain, and a member of another organization.",
        members=(Member(_NORA, organization="globex"),),
    ),
    _people(
        Refusal.EMAIL_ELSEWHERE,
        "owner_of_another_organization",
        "The Owner of another organization, in another case.",
        "NORA@acme.example",
        members=(Member(_NORA, organization="globex", role="owner"),),
    ),
    _people(
        Refusal.MEMBER_DEACTIVATED,
        "deactivated",
        "Somebody who was deactivated.",
        members=(Member(_NORA, active=False),),
    ),
    _people(
        Refusal.MEMBER_DEACTIVATED,
        "deactivated_and_linked",
        "Somebody who was deactivated and had been here.",
        members=(Member(_NORA, active=False, linked=_NORA),),
    ),
    _people(
        Refusal.CREATION_OFF,
        "nobody_yet",
        "Nobody of this address, and creation is off.",
        create_members=False,
    ),
    _people(
        Refusal.NO_SEAT, "all_taken", "All seats are taken.", seats=1, members=(Member("other@acme.example"),)
    ),
    _people(
        Refusal.NO_SEAT,
        "invited_and_all_taken",
        "Invited, and all seats are taken.",
        seats=1,
        members=(Member("other@acme.example"),),
        invited=(_NORA,),
    ),
    _people(
        Refusal.EMAIL_CHANGED,
        "name_id_of_a_colleague",
        "A NameID that belongs to a colleague, with an email nobody has.",
        says={"name_id": "n1", "name_id_format": PERSISTENT},
        members=(Member("other@acme.example", linked="n1"),),
    ),
    _people(
        Refusal.NAME_ID_OF_ANOTHER,
        "name_id_of_a_colleague",
        "The NameID of one member, the email of another.",
        says={"name_id": "n1", "name_id_format": PERSISTENT},
        members=(Member("other@acme.example", linked="n1"), Member(_NORA)),
    ),
    _people(
        Refusal.NAME_ID_FORMAT_CHANGED,
        "from_an_address_to_an_opaque_one",
        "A member who is known by an email address as NameID.",
        says={"name_id": "n2", "name_id_format": PERSISTENT},
        members=(Member(_NORA, linked=_NORA),),
    ),
    _people(
        Refusal.NAME_ID_FORMAT_CHANGED,
        "from_an_opaque_one_to_an_address",
        "A member who is known by an opaque NameID.",
        members=(Member(_NORA, linked="n1"),),
    ),
    _people(
        Refusal.LINK_MOVED,
        "another_name_id",
        "A member who is known by another NameID.",
        says={"name_id": "n2", "name_id_format": PERSISTENT},
        members=(Member(_NORA, linked="n1"),),
    ),
    _people(
        Refusal.LINK_MOVED,
        "persistent_id_in_another_case",
        "A persistent NameID is exact: another case is another one.",
        says={"name_id": "ABC", "name_id_format": PERSISTENT},
        members=(Member(_NORA, linked="abc"),),
    ),
)
