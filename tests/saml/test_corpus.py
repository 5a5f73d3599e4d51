"""The corpus, in the pure core: what must come of each message, and a second opinion on what its signatures cover."""

from __future__ import annotations

from collections import Counter

import pytest

from sso.refusals import Refusal
from sso.saml.report import Outcome
from tests.saml.corpus import build, locks
from tests.saml.corpus.case import Case, all_cases
from tests.saml.corpus.kinds import KINDS, UNSIGNED, WRAPPING
from tests.saml.corpus.recipe import COVERS, DOES_NOT_COVER
from tests.saml.corpus.second_opinion import opinion

CASES = all_cases()
GOOD = [case for case in CASES if case.is_good]
BAD = [case for case in CASES if not case.is_good]


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.path)
def test_an_honest_message_signs_in_exactly_its_person(case: Case) -> None:
    found = locks.examined(case)
    assert found.codes == ()
    assert found.acceptance is not None
    assert case.signs_in is not None
    identity, person = found.acceptance.identity, case.signs_in
    ends = identity.session_ends_at
    assert (
        identity.email,
        identity.first_name,
        identity.last_name,
        identity.name_id,
        f"{ends:%Y-%m-%dT%H:%M:%SZ}" if ends else "",
    ) == (person.email, person.first_name, person.last_name, person.name_id, person.session_ends_at)
    rows = found.examination.report.results
    assert {row.refusal for row in rows if row.outcome is Outcome.WARNING} == {
        Refusal(warning) for warning in person.warnings
    }


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.path)
def test_a_hostile_message_is_refused_with_its_code(case: Case) -> None:
    assert locks.examined(case).codes == case.refused


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_an_independent_verifier_finds_what_the_case_says(case: Case) -> None:
    assert opinion(case) == case.second_opinion


def test_every_honest_person_is_covered_by_a_signature() -> None:
    assert {case.second_opinion for case in GOOD} == {COVERS}


def test_a_forgery_is_never_covered_by_a_signature_of_ours() -> None:
    forged = [case for case in BAD if case.kind in (UNSIGNED, WRAPPING)]
    assert {case.second_opinion for case in forged} == {DOES_NOT_COVER}


def test_every_case_says_why_and_lies_in_the_folder_of_its_code() -> None:
    for case in CASES:
        assert case.why.endswith("."), case.path
    for case in BAD:
        assert case.path.split("/")[1] == case.refused[0]


def test_the_files_are_what_the_recipes_describe() -> None:
    assert build.differences() == []


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(GOOD) >= 75
    assert len(BAD) >= 200
    assert set(KINDS) == {case.kind for case in BAD}
    assert {
        "onelogin",
        "okta",
        "entra",
        "google",
        "adfs",
        "keycloak",
        "ping",
        "shibboleth",
        "simplesamlphp",
    } <= {case.path.split("/")[1] for case in GOOD}
    assert min(Counter(case.kind for case in BAD).values()) >= 3


def test_no_file_holds_a_private_key_block() -> None:
    marker = b"PRIVATE" + b" KEY"
    assert not [path for path, content in build.on_disk().items() if marker in content]


def test_our_gate_alone_refuses_every_hostile_message() -> None:
    assert [case.path for case in BAD if not locks.our_gate_refuses(case)] == []


def test_python3_saml_alone_accepts_every_honest_message() -> None:
    assert [case.path for case in GOOD if locks.python3_saml_refuses(case)] == []


def test_the_table_in_the_documents_is_what_the_two_locks_do() -> None:
    assert locks.main(["--check"]) == 0, "python -m tests.saml.corpus.locks writes the table anew"
