"""A fresh process judges rightly although its first messages come at the same moment."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.saml.messages import IdentityProvider

ROOT = Path(__file__).resolve().parents[2]
# Of processes that compiled the schemas with their first messages, one in eight refused everybody from then on,
# crashed, or never answered.
PROCESSES = 60
THREADS = 4
_JUDGES_IN_FOUR_THREADS = """
import pickle, sys, threading
from sso.refusals import Refused
from sso.saml.envelope import decode
from sso.saml.second_lock import CompiledSchemas, require_second_verdict

saml_response, config, threads = pickle.load(sys.stdin.buffer)
together = threading.Barrier(threads)
answers = []

def judge():
    unverified = decode(saml_response)
    together.wait()
    try:
        # First the step that was unsafe, all at once; then the whole of it.
        CompiledSchemas.validate_xml(unverified.root, "", False)
        require_second_verdict(unverified, config, "")
        answers.append("accepted")
    except Refused as refused:
        answers.append(f"refused: {refused.received}")

at_once = [threading.Thread(target=judge) for _ in range(threads)]
for thread in at_once:
    thread.start()
for thread in at_once:
    thread.join()
print("\\n".join(answers))
"""


def _answers_of_a_fresh_process(asked: bytes) -> list[str]:
    fresh = subprocess.run(
        [sys.executable, "-c", _JUDGES_IN_FOUR_THREADS],
        input=asked,
        capture_output=True,
        cwd=ROOT,
        timeout=60,
    )
    return fresh.stdout.decode().splitlines() or [fresh.stderr.decode()]


def test_what_threads_share_is_made_before_the_first_request() -> None:
    asks = "import sys, justcall_sso.wsgi; public_suffixes = sys.modules['accounts.public_suffixes'];"
    asks += "print('sso.saml.second_lock' in sys.modules, public_suffixes._SUFFIXES._extractor is not None)"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    fresh = subprocess.run(
        [sys.executable, "-c", asks], env=env, capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert fresh.stdout.split() == ["True", "True"]


@pytest.mark.slow
def test_the_second_lock_opens_for_first_messages_that_come_at_once() -> None:
    idp = IdentityProvider()
    asked = pickle.dumps((idp.response(), idp.config(), THREADS))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(_answers_of_a_fresh_process, [asked] * PROCESSES))
    assert answers == [["accepted"] * THREADS] * PROCESSES
