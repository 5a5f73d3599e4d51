"""Who comes in, and as whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sso.identity import VerifiedIdentity
from sso.policy import Create, Decision, Facts, Member, Refuse, SignIn, TakeUpInvitation, decide
from sso.refusals import CATALOGUE, EmployeeClass, Refusal
from sso.report_words.words import in_words

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
OLD = replace(MEMBER, id=8, email="old@acme.example")
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
        (replace(NOBODY, linked=OLD), Refusal.EMAIL_CHANGED),
        (replace(NOBODY, linked=OLD, email_is_elsewhere=True), Refusal.EMAIL_CHANGED),
        (replace(NOBODY, linked=OLD, member=MEMBER), Refusal.NAME_ID_OF_ANOTHER),
        (replace(NOBODY, member=replace(MEMBER, linked_name_id="other@acme.example")), Refusal.LINK_MOVED),
        (replace(NOBODY, member=replace(MEMBER, linked_name_id="00u1")), Refusal.NAME_ID_FORMAT_CHANGED),
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


def _told(identity: VerifiedIdentity, facts: Facts) -> tuple[Refusal, str, str]:
    decision = decide(identity, facts)
    assert isinstance(decision, Refuse)
    return decision.refusal, in_words(decision.expected), in_words(decision.received)


def test_the_same_person_with_another_email_is_told_with_both_and_the_name_id() -> None:
    arrived = replace(NORA, name_id="E1001")
    assert _told(arrived, replace(NOBODY, linked=OLD)) == (
        Refusal.EMAIL_CHANGED,
        "NameID E1001, email old@acme.example",
        "NameID E1001, email nora@acme.example",
    )


@pytest.mark.parametrize(
    ("linked", "arrived", "told"),
    [
        ("00u1", "00u2", (Refusal.LINK_MOVED, "00u1", "00u2")),
        ("a@acme.example", "b@acme.example", (Refusal.LINK_MOVED, "a@acme.example", "b@acme.example")),
        (
            "nora@acme.example",
            "00u2",
            (
                Refusal.NAME_ID_FORMAT_CHANGED,
                "nora@acme.example, an email address",
                "00u2, not an email address",
            ),
        ),
        (
            "00u1",
            "nora@acme.example",
            (
                Refusal.NAME_ID_FORMAT_CHANGED,
                "00u1, not an email address",
                "nora@acme.example, an email address",
            ),
        ),
    ],
)
def test_another_name_id_and_another_format_are_told_apart(
    linked: str, arrived: str, told: tuple[Refusal, str, str]
) -> None:
    facts = replace(NOBODY, member=replace(MEMBER, linked_name_id=linked))
    assert _told(replace(NORA, name_id=arrived), facts) == told


def test_every_refusal_has_one_entry_with_its_words() -> None:
    assert set(CATALOGUE) == set(Refusal)
    assert all(entry.title and entry.sentence.endswith(".") for entry in CATALOGUE.values())
    assert all(kind.sentence for kind in EmployeeClass)


def test_whoever_may_not_be_spoken_for_looks_the_same() -> None:
    classes = {
        CATALOGUE[code].employee_class for code in (Refusal.DOMAIN_NOT_VERIFIED, Refusal.EMAIL_ELSEWHERE)
    }
    assert classes == {EmployeeClass.NOT_SET_UP}
