"""E-mail that leaves after the answer: how long an answer takes must not tell whether somebody got mail.

One thread a process. The process waits for it when it ends, so that nothing is lost by a restart.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connections

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
log = logging.getLogger("justcall.mail")


def later(send: Callable[[], object]) -> Future[None]:
    """Call it after those before it, in a thread with a database connection of its own. A failure is logged."""
    sent = _thread.submit(_call, send)
    sent.add_done_callback(_log_failure)
    return sent


def _call(send: Callable[[], object]) -> None:
    try:
        send()
    finally:
        connections.close_all()


def _log_failure(sent: Future[None]) -> None:
    if error := sent.exception():
        log.error("an e-mail could not be sent", exc_info=error)
