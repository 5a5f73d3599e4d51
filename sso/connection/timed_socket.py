"""A socket with one deadline for all its operations, so that a slow sender cannot prolong them."""

from __future__ import annotations

import io
import socket
import time
from typing import Any


class TooSlow(Exception):
    """The deadline has passed."""


class TimedSocket:
    """What http.client needs of a socket. Every method raises TooSlow.

    `deadline` is in seconds of time.monotonic().
    """

    def __init__(self, channel: socket.socket, deadline: float) -> None:
        self._channel, self._deadline = channel, deadline

    def until_deadline(self) -> socket.socket:
        """The socket, with the time that is left as its timeout."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TooSlow
        self._channel.settimeout(left)
        return self._channel

    def sendall(self, data: bytes) -> None:
        try:
            self.until_deadline().sendall(data)
        except TimeoutError:
            raise TooSlow from None

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """Do nothing: http.client calls this while the answer is still being read. The owner closes it."""


class _Incoming(io.RawIOBase):
    def __init__(self, timed: TimedSocket) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return self._timed.until_deadline().recv_into(buffer)
        except TimeoutError:
            raise TooSlow from None
