"""The soak says what is wrong, whichever of the things it counts."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from tests.soak.counting import Found, abandoned, broken
from tests.soak.visitors import Answer

HASHES = [sha256(name.encode()).hexdigest() for name in ("A1", "A2")]
ANSWERS = [Answer("tile", 303, 0.1, "s1", "A1"), Answer("request", 303, 0.1, "s2", "A2")]
FOUND = Found(HASHES, 2, 5, ["s1", "s2"])


def test_nothing_is_wrong_when_each_sign_in_has_one_of_each() -> None:
    others = [Answer("copy", 403, 0.1, "", "A1"), Answer("page", 503, 0.1), Answer("tile", 0, 10.0, "", "A3")]
    assert list(broken([*ANSWERS, *others], FOUND)) == []
    assert abandoned(ANSWERS, FOUND) == 0


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"used": HASHES[:1]}, "1 sign-ins without a used-up assertion"),
        ({"sessions": ["s1"]}, "1 sign-ins without a session"),
        ({"events": 3}, "2 used-up assertions, 3 events and 2 sessions"),
        ({"used": [*HASHES, HASHES[0]], "events": 3, "sessions": ["s1", "s2", "s3"]}, "3 used-up assertions"),
        ({"sessions": ["s1", "s2", "s3"]}, "2 used-up assertions, 2 events and 3 sessions"),
    ],
)
def test_rows_that_are_missing_or_too_many_are_told(changed: dict[str, Any], says: str) -> None:
    assert any(line.startswith(says) for line in broken(ANSWERS, replace(FOUND, **changed)))


def test_a_response_that_let_in_twice_and_a_500_are_told() -> None:
    twice = Answer("copy", 303, 0.1, "s2", "A1")
    assert "1 responses signed somebody in twice" in list(broken([*ANSWERS, twice], FOUND))
    assert "1 answers were a 500: ['junk']" in list(broken([*ANSWERS, Answer("junk", 500, 0.1)], FOUND))


def test_a_sign_in_whose_answer_never_came_is_counted() -> None:
    assert abandoned(ANSWERS[:1], FOUND) == 1
