"""(b) The whole request to the ACS, of people who are known and of people who come for the first time."""

from __future__ import annotations

from itertools import count, cycle, islice

from tests.bench.databases import VENDORS
from tests.bench.figures import Round, collected, interleaved, summary
from tests.bench.load import sign_ins
from tests.bench.messages import Signer
from tests.bench.run import Run
from tests.bench.servers import ALLAUTH, DJANGOSAML2, FLOOR, OURS, Server, running

PART = "sign-ins"
KINDS = [OURS, FLOOR, ALLAUTH, DJANGOSAML2]
# Browsers at once, and sign-ins of one round.
ROUNDS = {1: 100, 8: 240, 32: 320}
_PEOPLE = 64


def measure(run: Run) -> None:
    """Known people on both databases at each concurrency; first sign-ins at 1 and 8."""
    signer = Signer()
    for vendor in VENDORS:
        with running(KINDS, vendor, signer) as servers:
            for server in servers:
                # Everybody has been here once.
                sign_ins(server, signer, known_people(_PEOPLE), 2)
            for at_once, size in ROUNDS.items():
                _case(run, servers, signer, f"{vendor}, {at_once} at once", at_once, size)
            for at_once in (1, 8):
                case = f"{vendor}, first sign-in, {at_once} at once"
                _case(run, servers, signer, case, at_once, ROUNDS[at_once], new=True)


def _case(
    run: Run, servers: list[Server], signer: Signer, case: str, at_once: int, size: int, *, new: bool = False
) -> None:
    size, rounds = (size // 4, 3) if run.quick else (size, run.rounds)
    by_name = {server.kind.name: server for server in servers}
    found: list[tuple[str, Round]] = []
    for _number, name in run.shown(interleaved(list(by_name), rounds), len(servers) * rounds, case):
        people = new_people(size) if new else known_people(size)
        found.append((name, sign_ins(by_name[name], signer, people, at_once)))
    for name, all_rounds in collected(found).items():
        run.keep(PART, case, name, summary(all_rounds))


def known_people(size: int) -> list[str]:
    """The same people again and again."""
    return list(islice(cycle(f"person{number}@acme.example" for number in range(_PEOPLE)), size))


_NEW = count()


def new_people(size: int) -> list[str]:
    """People who have never been here."""
    return [f"new{next(_NEW)}@acme.example" for _ in range(size)]
