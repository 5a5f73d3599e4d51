"""`python -m justcall_sso.probe`: Docker's HEALTHCHECK asks the app in this container if it lives."""

import http.client
import sys


def main() -> int:
    """0 if the app answers on its own port; else 1."""
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", "/health/live/")
        return 0 if connection.getresponse().status == http.client.OK else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
