"""Django's way to the mail server, with one deadline for the whole exchange."""

from __future__ import annotations

import smtplib
import socket
import threading
from typing import TYPE_CHECKING, Any

from django.core.mail.backends.smtp import EmailBackend

if TYPE_CHECKING:
    _Exchange = smtplib.SMTP
else:
    _Exchange = object

# Seconds from the connection to the last answer. EMAIL_TIMEOUT is for each step alone: a server that sends a byte
# now and then never meets it.
DEADLINE = 30.0


class _Cut(_Exchange):
    """Is cut at the deadline, whatever it waits for. Then it raises SMTPServerDisconnected, as if the server had left."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._is_over = False
        self._deadline = threading.Timer(DEADLINE, self._cut)
        self._deadline.daemon = True
        self._deadline.start()
        try:
            super().__init__(*args, **options)
        except BaseException:
            self._deadline.cancel()
            raise

    def getreply(self) -> tuple[int, bytes]:
        if self._is_over:
            # It was still connecting when the time was over.
            self.close()
            raise smtplib.SMTPServerDisconnected("the deadline is over")
        return super().getreply()

    def close(self) -> None:
        self._deadline.cancel()
        super().close()

    def _cut(self) -> None:
        self._is_over = True
        if self.sock is not None:
            try:
                # Not the method of a TLS socket, which would wait for the other side to agree.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:
                # Closed in just that moment.
                return


class _Smtp(_Cut, smtplib.SMTP):
    pass


class _SmtpOverTls(_Cut, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpOverTls if self.use_ssl else _Smtp
