"""That this service is about to end: said by /health/ready/ while everybody is still served.

The flag is memory that gunicorn's first process shares with its workers.
"""

from __future__ import annotations

import mmap
import time
from typing import Any

_FLAG = mmap.mmap(-1, 1)


def is_near() -> bool:
    return _FLAG[0] != 0


def announce_before_the_end(server: Any, seconds: int) -> None:
    """Make SIGTERM wait so long. `server` is gunicorn's arbiter, before it has forked."""
    end = server.handle_term

    def announce_then_end() -> None:
        # A new one has taken the socket over (USR2): nothing ends for the load balancer.
        if server.reexec_pid == 0:
            _FLAG[0] = 1
            time.sleep(seconds)
        end()

    server.handle_term = announce_then_end
