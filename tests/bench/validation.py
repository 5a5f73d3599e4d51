"""(a) Validation alone: the CPU time of one response, without HTTP and database.

Nothing waits here, so CPU time is what a quiet machine's clock would show; and a busy one's clock is unfair to whoever
needs longer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from cryptography.hazmat.primitives import serialization

from tests.bench.figures import Round, collected, interleaved, summary
from tests.bench.messages import ISSUER, Addressee, Signer
from tests.bench.run import Run
from tests.bench.servers import DJANGOSAML2, OURS, ROOT
from tests.saml.messages import key_of

PART = "validation"
_CASE = "one response"
_SIZE = 200
# Each with the Python that has its library.
_PYTHONS = {
    "limit": sys.executable,
    "both_locks": OURS.python,
    "python3_saml": sys.executable,
    "pysaml2": DJANGOSAML2.python,
}
_NAMES = {
    "limit": "limit",
    "both_locks": "JustCall SSO",
    "python3_saml": "python3-saml, strict",
    "pysaml2": "pysaml2",
}


def measure(run: Run) -> None:
    """The same new messages for each validator, in each round."""
    signer, addressee = Signer(), Addressee("https://sp.example/acs/", "https://sp.example/metadata/")
    size, rounds = (_SIZE // 4, 3) if run.quick else (_SIZE, run.rounds)
    found: list[tuple[str, Round]] = []
    messages: dict[int, list[tuple[str, str]]] = {}
    with ExitStack() as stack:
        validators = {name: stack.enter_context(_validator(name, signer, addressee)) for name in _PYTHONS}
        turns = interleaved(list(_PYTHONS), rounds)
        for number, name in run.shown(turns, len(validators) * rounds, PART):
            if number not in messages:
                people = [f"person{person}@acme.example" for person in range(size)]
                messages[number] = [(email, signer.response(addressee, email)) for email in people]
            found.append((name, _asked(validators[name], messages[number])))
    for name, all_rounds in collected(found).items():
        run.keep(PART, _CASE, _NAMES[name], summary(all_rounds))


@contextmanager
def _validator(name: str, signer: Signer, to: Addressee) -> Iterator[subprocess.Popen[str]]:
    our_key = key_of("rsa-ours").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    setup = {
        "pem": signer.pem,
        "issuer": ISSUER,
        "acs_url": to.acs_url,
        "entity_id": to.entity_id,
        "our_key": our_key.decode(),
    }
    with subprocess.Popen(
        [_PYTHONS[name], "-m", "tests.bench.validators", name],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(setup) + "\n")
        # Once before it counts: what is loaded late is loaded now.
        _asked(process, [("warm@acme.example", signer.response(to, "warm@acme.example"))])
        yield process


def _asked(validator: subprocess.Popen[str], messages: list[tuple[str, str]]) -> Round:
    assert validator.stdin is not None and validator.stdout is not None
    validator.stdin.write(json.dumps(messages) + "\n")
    validator.stdin.flush()
    line = validator.stdout.readline()
    assert line, "the validator has ended"
    seconds = tuple(json.loads(line))
    return Round(seconds, elapsed=sum(seconds), cpu=sum(seconds))
