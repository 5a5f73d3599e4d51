"""A database that does not answer is said, and passes by itself."""

from __future__ import annotations

import json

from tests.production import in_production

_PROGRAM = """
import json, django
django.setup()
from django.test import Client
answers = {}
signed_in = {"sessionid": "the-session-of-somebody"}
for address, cookies in [("/operator/admin/", signed_in), ("/health/ready/", {}), ("/health/live/", {})]:
    client = Client(raise_request_exception=False)
    client.cookies.load(cookies)
    response = client.get(address, headers={"host": "localhost"})
    answers[address] = [response.status_code, response.content.decode()]
print(json.dumps(answers))
"""


def test_pages_say_it_with_503_and_a_reference_and_the_process_lives_on() -> None:
    outcome = in_production(
        "-c",
        _PROGRAM,
        DATABASE_URL="postgres://justcall:pass-of-the-database@127.0.0.1:9/justcall",
        DJANGO_SETTINGS_MODULE="tests.settings",
    )
    answers = json.loads(outcome.stdout)
    status, page = answers["/operator/admin/"]
    assert status == 503
    assert "JustCall is away for a moment" in page
    assert "REQ-" in page
    assert answers["/health/ready/"][0] == 503
    assert answers["/health/live/"][0] == 200
    assert "pass-of-the-database" not in outcome.stdout + outcome.stderr
