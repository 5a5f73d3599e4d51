"""Afterwards: what must be true of everything that was answered and written, whatever broke."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from tests.service.own_app import OwnApp
from tests.soak.visitors import Answer

# In the app's environment, so that its sessions can be read.
_COUNT = """
import json
from django.contrib.sessions.models import Session
from sso.models import ConsumedAssertion, SignInEvent
sessions = {each.session_key: each.get_decoded() for each in Session.objects.all()}
print(json.dumps({
    "used": list(ConsumedAssertion.objects.values_list("id_hash", flat=True)),
    "events": SignInEvent.objects.filter(refusal="").count(),
    "refused": SignInEvent.objects.exclude(refusal="").count(),
    "sessions": [key for key, data in sessions.items() if "session_ends_at" in data],
}))
"""


@dataclass(frozen=True)
class Found:
    """The rows at the end: hashes of used-up assertions, sessions by SSO, and events."""

    used: list[str]
    events: int
    refused: int
    sessions: list[str]


def found_in(app: OwnApp) -> Found:
    outcome = app.manage("shell", "-v", "0", "-c", _COUNT)
    assert outcome.returncode == 0, outcome.stderr
    return Found(**json.loads(outcome.stdout.splitlines()[-1]))


def let_in(answers: list[Answer]) -> list[Answer]:
    """Who was signed in by a response."""
    return [answer for answer in answers if answer.assertion_id and answer.status == 303 and answer.session]


def broken(answers: list[Answer], found: Found) -> Iterator[str]:
    """What should be true and is not."""
    inside = let_in(answers)
    used = {sha256(answer.assertion_id.encode()).hexdigest() for answer in inside}
    if missing := used - set(found.used):
        yield f"{len(missing)} sign-ins without a used-up assertion"
    if missing := {answer.session for answer in inside} - set(found.sessions):
        yield f"{len(missing)} sign-ins without a session"
    if len(used) != len(inside):
        yield f"{len(inside) - len(used)} responses signed somebody in twice"
    if not len(found.used) == len(set(found.used)) == found.events == len(found.sessions):
        yield (
            f"{len(found.used)} used-up assertions, {found.events} events and {len(found.sessions)} sessions:"
            " one of each is a sign-in"
        )
    if faults := [answer for answer in answers if answer.status == 500]:
        yield f"{len(faults)} answers were a 500: {sorted({answer.kind for answer in faults})}"


def abandoned(answers: list[Answer], found: Found) -> int:
    """Sign-ins that were written, but whose answer never came: the process or the database was killed in between."""
    told = {sha256(answer.assertion_id.encode()).hexdigest() for answer in let_in(answers)}
    return len(set(found.used) - told)
