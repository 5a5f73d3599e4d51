"""The thread that sends e-mails works when it is woken, comes back by itself, and survives a fault."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts import mail_thread
from accounts.mail_thread import MailThread


class _Work:
    """Answers with these times, one a round; a fault is raised."""

    def __init__(self, *answers: timedelta | Exception | None) -> None:
        self._answers: Iterator[timedelta | Exception | None] = iter(answers)
        self.rounds = threading.Semaphore(0)

    def __call__(self, go_on: Callable[[], bool]) -> datetime | None:
        answer = next(self._answers, None)
        self.rounds.release()
        if isinstance(answer, Exception):
            raise answer
        return None if answer is None else timezone.now() + answer

    def wait(self, seconds: float = 10) -> bool:
        return self.rounds.acquire(timeout=seconds)


def test_it_works_once_each_time_it_is_woken_and_then_rests() -> None:
    work = _Work()
    thread = MailThread(work)
    for _time in range(2):
        thread.wake()
        assert thread.wait_until_idle(10)
        assert work.wait()
    assert not work.wait(0.2)


def test_it_comes_back_at_the_time_it_was_told() -> None:
    work = _Work(timedelta(seconds=0.1), timedelta(seconds=-5))
    MailThread(work).wake()
    assert [work.wait() for _round in range(3)] == [True] * 3
    assert not work.wait(0.2)


def test_a_fault_such_as_a_database_that_is_away_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(mail_thread, "_AFTER_A_FAULT", timedelta(seconds=0.1))
    work = _Work(OperationalError("the database is away"))
    MailThread(work).wake()
    assert [work.wait() for _round in range(2)] == [True] * 2
    assert "could not be looked through" in caplog.text


def test_the_end_of_the_process_ends_the_round_after_the_email_that_is_leaving() -> None:
    begun, may_end, went_on = threading.Event(), threading.Event(), []

    def work(go_on: Callable[[], bool]) -> None:
        begun.set()
        may_end.wait(10)
        went_on.append(go_on())

    thread = MailThread(work)
    thread.wake()
    assert begun.wait(10)
    end = threading.Thread(target=thread._end)
    end.start()
    while not thread._is_ending:
        time.sleep(0.01)
    may_end.set()
    end.join(10)
    assert went_on == [False]
    assert thread._thread is not None
    assert not thread._thread.is_alive()
