"""(b) The whole request to the ACS, of people who are known and of people who come for the first time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count, cycle, islice

from tests.bench.databases import VENDORS
from tests.bench.figures import Round, collected, interleaved, summary
from tests.bench.load import sign_ins
from tests.bench.messages import Signer
from tests.bench.run import Run
from tests.bench.servers import ALLAUTH, DJANGOSAML2, FLOOR, OURS, Server, running

PART = "sign-ins"
KNOWN = f"{OURS.name}, known"
KINDS = [OURS, FLOOR, ALLAUTH, DJANGOSAML2]
# Browsers at once, and sign-ins of one round.
ROUNDS = {1: 100, 8: 240, 32: 320}
_PEOPLE = 64


def measure(run: Run) -> None:
    """Known people on both databases at each concurrency; first sign-ins, beside our known people, at 1 and 8."""
    signer = Signer()
    for vendor in VENDORS:
        with running(KINDS, vendor, signer) as servers:
            for server in servers:
                # Everybody has been here once.
                sign_ins(server, signer, known_people(_PEOPLE), 2)
            known = {server.kind.name: (server, known_people) for server in servers}
            first = {server.kind.name: (server, new_people) for server in servers}
            first[KNOWN] = (servers[0], known_people)
            for at_once in ROUNDS:
                _case(run, signer, f"{vendor}, {at_once} at once", at_once, known)
            for at_once in (1, 8):
                _case(run, signer, f"{vendor}, first sign-in, {at_once} at once", at_once, first)


def _case(
    run: Run,
    signer: Signer,
    case: str,
    at_once: int,
    contestants: Mapping[str, tuple[Server, Callable[[int], list[str]]]],
) -> None:
    size, rounds = (ROUNDS[at_once] // 4, 3) if run.quick else (ROUNDS[at_once], run.rounds)
    found: list[tuple[str, Round]] = []
    turns = interleaved(list(contestants), rounds)
    for _number, name in run.shown(turns, len(contestants) * rounds, case):
        server, people = contestants[name]
        found.append((name, sign_ins(server, signer, people(size), at_once)))
    for name, all_rounds in collected(found).items():
        run.keep(PART, case, name, summary(all_rounds))


def known_people(size: int) -> list[str]:
    """The same people again and again."""
    return list(islice(cycle(f"person{number}@acme.example" for number in range(_PEOPLE)), size))


_NEW = count()


def new_people(size: int) -> list[str]:
    """People who have never been here."""
    return [f"new{next(_NEW)}@acme.example" for _ in range(size)]
