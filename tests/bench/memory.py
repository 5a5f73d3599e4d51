"""(d) Memory of a worker that has signed people in for a while."""

from __future__ import annotations

from statistics import mean

from tests.bench.load import sign_ins
from tests.bench.messages import Signer
from tests.bench.processes import memory_mb
from tests.bench.run import Run
from tests.bench.servers import running
from tests.bench.sign_ins import KINDS, known_people

PART = "memory"


def measure(run: Run) -> None:
    """The mean of the workers: all that is resident, and what a worker shares with no other."""
    signer, size = Signer(), 100 if run.quick else 1000
    with running(KINDS, "PostgreSQL", signer) as servers:
        for server in run.shown(servers, len(servers), PART):
            sign_ins(server, signer, known_people(size), 8)
            of_workers = [memory_mb(worker) for worker in server.workers]
            found = {name: mean(one[name] for one in of_workers) for name in of_workers[0]}
            run.keep(PART, f"after {size} sign-ins", server.kind.name, found)
