"""The one thread of a process that sends e-mails, beside its requests."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connections
from django.utils import timezone

log = logging.getLogger("justcall.mail")
_AFTER_A_FAULT = timedelta(minutes=1)
# A process that ends waits so long for the e-mail that is just leaving. Nothing is lost if it takes longer.
LAST_SECONDS = 5
# Sends what is due as long as the first argument says so; when to come back, or None if nothing waits.
Work = Callable[[Callable[[], bool]], datetime | None]


class MailThread:
    """Works when it is woken, and again at the time the work has named. It begins with the first waking."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_wanted = self._is_working = self._is_ending = False

    def wake(self) -> None:
        """Work soon. Returns at once."""
        with self._changed:
            self._is_wanted = True
            # A thread does not survive a fork.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
                self._thread.start()
                atexit.register(self._end)
            self._changed.notify_all()

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until what it was woken for is done. False if that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._is_wanted or self._is_working), seconds)

    def _run(self) -> None:
        again_at: datetime | None = None
        while self._wait_for_work(again_at):
            try:
                again_at = self._work(lambda: not self._is_ending)
            except Exception:
                # The database may be away. The thread must live on, for nobody else would send what waits.
                log.exception("the e-mails that wait could not be looked through")
                again_at = timezone.now() + _AFTER_A_FAULT
            finally:
                connections.close_all()
                with self._changed:
                    self._is_working = False
                    self._changed.notify_all()

    def _wait_for_work(self, again_at: datetime | None) -> bool:
        """Wait to be woken, or until a time. False if the process ends."""
        with self._changed:
            seconds = None if again_at is None else max(0.0, (again_at - timezone.now()).total_seconds())
            self._changed.wait_for(lambda: self._is_wanted or self._is_ending, seconds)
            self._is_wanted, self._is_working = False, not self._is_ending
            return self._is_working

    def _end(self) -> None:
        with self._changed:
            self._is_ending = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(LAST_SECONDS)
