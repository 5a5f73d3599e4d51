"""Django's way to the mail server, with one deadline for the whole exchange."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import threading

from django.core.mail.backends.smtp import EmailBackend

# Seconds from the connection to the last answer. EMAIL_TIMEOUT is for each step alone: a server that sends a byte
# now and then never meets it.
DEADLINE = 30.0


class _Smtp(smtplib.SMTP):
    """Is cut at the deadline, whatever it waits for. Then it raises an OSError, as if the server had left."""

    _deadline: threading.Timer | None = None
    # A second handle of the connection: the first one changes hands when TLS begins.
    _handle: socket.socket | None = None
    _is_over = False

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect. smtplib's class for TLS calls this, too, before it speaks TLS."""
        self._deadline = threading.Timer(DEADLINE, self._cut)
        self._deadline.daemon = True
        self._deadline.start()
        try:
            opened: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
            self._handle = opened.dup()
        except BaseException:
            self.close()
            raise
        if self._is_over:
            opened.close()
            raise TimeoutError("the deadline is over")
        return opened

    def close(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        if self._handle is not None:
            self._handle.close()
        super().close()

    def _cut(self) -> None:
        self._is_over = True
        if self._handle is not None:
            # It may have been closed in just that moment.
            with contextlib.suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)
            self._handle.close()


class _SmtpOverTls(smtplib.SMTP_SSL, _Smtp):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        try:
            opened: socket.socket = super()._get_socket(host, port, timeout)
        except BaseException:
            # No TLS came about.
            self.close()
            raise
        return opened


class Backend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpOverTls if self.use_ssl else _Smtp
