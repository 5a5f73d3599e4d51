"""(e) Growth: the same sign-in in an empty database and in one that many companies have filled."""

from __future__ import annotations

from tests.bench.figures import Round, collected, interleaved, summary
from tests.bench.filling import fill
from tests.bench.load import sign_ins
from tests.bench.messages import Signer
from tests.bench.run import Run
from tests.bench.servers import OURS, Server, running
from tests.bench.sign_ins import ROUNDS, known_people

PART = "growth"
_SMALL = "one company"


def measure(run: Run) -> None:
    """On PostgreSQL, at 1 and 8 at once. `--scale` says how full."""
    signer, sizes = Signer(), run.sizes
    with running([OURS, OURS], "PostgreSQL", signer) as (small, large):
        fill(large.database, sizes, run)
        servers = {_SMALL: small, f"{sizes.companies:,} companies": large}
        for server in servers.values():
            sign_ins(server, signer, known_people(64), 2)
        for at_once in (1, 8):
            _case(run, servers, signer, at_once)


def _case(run: Run, servers: dict[str, Server], signer: Signer, at_once: int) -> None:
    size, rounds = (ROUNDS[at_once] // 4, 3) if run.quick else (ROUNDS[at_once], run.rounds * 2)
    case = f"PostgreSQL, {at_once} at once"
    found: list[tuple[str, Round]] = []
    for _number, name in run.shown(interleaved(list(servers), rounds), len(servers) * rounds, case):
        found.append((name, sign_ins(servers[name], signer, known_people(size), at_once)))
    for name, all_rounds in collected(found).items():
        run.keep(PART, case, name, summary(all_rounds))
