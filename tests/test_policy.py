"""Who comes in, and as whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sso.identity import VerifiedIdentity
from sso.policy import Create, Decision, Facts, Member, Refuse, SignIn, TakeUpInvitation, decide
from sso.refusals import CATALOGUE, EmployeeClass, Refusal

NORA = VerifiedIdentity("nora@acme.example", "nora@acme.example", "Nora", "New", None)
NOBODY = Facts(
    verified_domains=frozenset({"acme.example"}),
    linked=None,
    invitation_id=None,
    member=None,
    email_is_elsewhere=False,
    seats_taken=3,
    seat_limit=10,
    create_members=True,
    default_role="agent",
)
MEMBER = Member(7, "nora@acme.example", is_active=True)
DEACTIVATED = replace(MEMBER, is_active=False)
FULL = replace(NOBODY, seats_taken=10)


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        (NOBODY, Create("agent")),
        (replace(NOBODY, linked=MEMBER), SignIn(7)),
        (replace(NOBODY, member=MEMBER), SignIn(7)),
        (replace(FULL, linked=MEMBER, create_members=False), SignIn(7)),
        (replace(NOBODY, invitation_id=4), TakeUpInvitation(4)),
        (replace(NOBODY, invitation_id=4, create_members=False), TakeUpInvitation(4)),
        (replace(NOBODY, linked=MEMBER, invitation_id=4), SignIn(7)),
    ],
)
def test_somebody_comes_in(facts: Facts, decision: Decision) -> None:
    assert decide(NORA, facts) == decision


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (replace(NOBODY, verified_domains=frozenset({"example"})), Refusal.DOMAIN_NOT_VERIFIED),
        (replace(NOBODY, verified_domains=frozenset(), linked=MEMBER), Refusal.DOMAIN_NOT_VERIFIED),
        (replace(NOBODY, linked=DEACTIVATED), Refusal.MEMBER_DEACTIVATED),
        (replace(NOBODY, member=DEACTIVATED), Refusal.MEMBER_DEACTIVATED),
        (replace(NOBODY, linked=replace(MEMBER, email="old@acme.example")), Refusal.LINK_MOVED),
        (replace(NOBODY, member=replace(MEMBER, linked_name_id="other")), Refusal.LINK_MOVED),
        (replace(NOBODY, email_is_elsewhere=True), Refusal.EMAIL_ELSEWHERE),
        (replace(NOBODY, email_is_elsewhere=True, invitation_id=4), Refusal.EMAIL_ELSEWHERE),
        (replace(NOBODY, create_members=False), Refusal.CREATION_OFF),
        (FULL, Refusal.NO_SEAT),
        (replace(FULL, invitation_id=4), Refusal.NO_SEAT),
    ],
)
def test_somebody_stays_out(facts: Facts, refusal: Refusal) -> None:
    decision = decide(NORA, facts)
    assert isinstance(decision, Refuse)
    assert decision.refusal is refusal


def test_every_refusal_has_one_entry_with_its_words() -> None:
    assert set(CATALOGUE) == set(Refusal)
    assert all(entry.title and entry.sentence.endswith(".") for entry in CATALOGUE.values())
    assert all(kind.sentence for kind in EmployeeClass)


def test_whoever_may_not_be_spoken_for_looks_the_same() -> None:
    classes = {
        CATALOGUE[code].employee_class for code in (Refusal.DOMAIN_NOT_VERIFIED, Refusal.EMAIL_ELSEWHERE)
    }
    assert classes == {EmployeeClass.NOT_SET_UP}
