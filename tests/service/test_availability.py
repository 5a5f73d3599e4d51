"""While the database is away, one at a time finds out whether it is back, and the others don't wait."""

from __future__ import annotations

from justcall_sso.database_waits import Availability


def test_everybody_may_connect_while_it_answers() -> None:
    availability = Availability(trial_takes=5)
    assert all(availability.may_try(now) for now in [10.0, 10.0, 10.1])
    assert not availability.is_away


def test_after_a_wait_in_vain_nobody_tries_for_a_second() -> None:
    availability = Availability(trial_takes=5)
    availability.note_silence(since=6.0, now=10.0)
    assert availability.is_away
    assert not availability.may_try(10.9)
    assert availability.may_try(11.0)


def test_only_one_tries_and_the_next_after_it_has_given_up() -> None:
    availability = Availability(trial_takes=5)
    availability.note_silence(since=6.0, now=10.0)
    assert [availability.may_try(11.0), availability.may_try(11.1), availability.may_try(15.9)] == [
        True,
        False,
        False,
    ]
    availability.note_silence(since=11.0, now=15.0)
    assert [availability.may_try(15.9), availability.may_try(16.0)] == [False, True]


def test_a_trial_that_tells_nothing_is_followed_by_another() -> None:
    availability = Availability(trial_takes=5)
    availability.note_silence(since=6.0, now=10.0)
    assert availability.may_try(11.0)
    assert availability.may_try(16.0)


def test_one_slow_answer_is_no_outage_while_others_are_answered() -> None:
    availability = Availability(trial_takes=5)
    availability.note_answer(now=8.0)
    availability.note_silence(since=6.0, now=10.0)
    assert not availability.is_away


def test_an_answer_from_before_the_wait_tells_nothing() -> None:
    availability = Availability(trial_takes=5)
    availability.note_answer(now=5.9)
    availability.note_silence(since=6.0, now=10.0)
    assert availability.is_away


def test_the_first_answer_lets_everybody_in_again() -> None:
    availability = Availability(trial_takes=5)
    availability.note_silence(since=6.0, now=10.0)
    assert availability.may_try(11.0)
    availability.note_answer(now=11.2)
    assert [availability.may_try(11.2), availability.may_try(11.2)] == [True, True]
