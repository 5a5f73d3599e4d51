"""`python -m sso.simulator`: runs the OneLogin stand-in."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from types import FrameType
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from sso.simulator.account import Account, set_account
from sso.simulator.store import StateUnusable, Store
from sso.simulator.visits import Visits


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self) -> None:
        # Not http.server's version: it looks up the host's name.
        super(WSGIServer, self).server_bind()
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        # The path only: a query string may hold a SAML message.
        print(f"{self.command} {self.path.partition('?')[0]} {int(code)}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sso.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8001, help="port to listen on (%(default)s)")
    parser.add_argument(
        "--state", type=Path, required=True, help="directory that keeps the account and its keys"
    )
    return parser.parse_args()


def main() -> int:
    """Serve until SIGTERM or Ctrl-C. Exit code 1: it cannot start; standard error says why."""
    arguments = _arguments()
    os.environ["DJANGO_SETTINGS_MODULE"] = "sso.simulator.settings"
    try:
        store = Store(arguments.state)
    except StateUnusable as trouble:
        print(f"The OneLogin stand-in can't start: {trouble}", file=sys.stderr)
        return 1

    # Imported here: Django reads its settings at this import.
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    try:
        server = _Server((arguments.host, arguments.port), _Handler)
    except OSError as trouble:
        print(
            f"The OneLogin stand-in can't start: port {arguments.port} is taken ({trouble.strerror}). "
            "Choose another with --port.",
            file=sys.stderr,
        )
        return 1
    server.set_app(application)
    address = f"http://{arguments.host}:{server.server_address[1]}"
    set_account(Account(store=store, visits=Visits(), base_url=address))
    signal.signal(signal.SIGTERM, _stop)
    print(f"The OneLogin stand-in is at {address}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        store.close()
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
