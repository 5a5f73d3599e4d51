"""`python -m justcall_sso.probe`: Docker's HEALTHCHECK asks the app in this container if it lives."""

import http.client
import sys

from justcall_sso import settings


def main() -> int:
    """0 if the app answers on its own port, under the first host it allows; else 1."""
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", "/health/live/", headers={"Host": settings.ALLOWED_HOSTS[0]})
        return 0 if connection.getresponse().status == http.client.OK else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
