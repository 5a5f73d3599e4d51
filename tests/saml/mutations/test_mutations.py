"""Honest messages mutated thousands of times: nobody signs in but a signed person, and nothing is a fault.

1,000 examples, the same in every run. For the long run, with new ones:

    MUTATIONS=20000 .venv/bin/python -m pytest tests/saml/mutations -q
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings

from accounts.models import Organization, User
from accounts.sealing import seal
from sso.models import Connection, SignInEvent
from sso.refusals import CATALOGUE, Refusal, Refused
from sso.saml.envelope import decode
from sso.saml.examination import Acceptance, examine
from sso.saml.redaction import redact
from sso.saml.signature import verify
from sso.saml.types import UNSOLICITED
from tests.saml.encrypting import sp_key_pem
from tests.saml.messages import ACS_URL, encode
from tests.saml.mutations.honest import (
    CONFIG,
    EC,
    ERIN,
    NAMES,
    NORA,
    RSA,
    SHAPES,
    Shape,
    canonical,
    honest,
    is_whole,
    signed_assertions,
)
from tests.saml.mutations.moves import mutated

LONG = int(os.environ.get("MUTATIONS", "0"))
settings.register_profile(
    "mutations",
    max_examples=LONG or 1000,
    derandomize=not LONG,
    database=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
MUTATIONS = settings.get_profile("mutations")


def _examined(saml_response: str) -> Acceptance | None:
    """What both locks accept, or None for a listed refusal. Raises for everything else."""
    try:
        unverified = decode(saml_response)
    except Refused:
        return None
    found = examine(unverified, CONFIG, UNSOLICITED, datetime.now(UTC))
    redact(unverified.root)
    assert (found.acceptance is None) == bool(found.report.failures)
    assert all(failure.refusal in CATALOGUE for failure in found.report.failures)
    return found.acceptance


def _gate_alone(saml_response: str) -> bytes | None:
    """What our own gate takes for signed, without the second lock."""
    try:
        return canonical(verify(decode(saml_response), CONFIG).element)
    except Refused:
        return None


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_unchanged_they_sign_in_whom_they_name(shape: Shape) -> None:
    for email in (NORA, ERIN):
        saml_response = encode(honest(shape, email))
        accepted, signed = _examined(saml_response), _gate_alone(saml_response)
        if shape.name == "foreign":
            assert (accepted, signed) == (None, None)
        else:
            assert accepted is not None
            assert is_whole(accepted.identity, email)
            assert signed_assertions()[signed or b""] == email


@MUTATIONS
@given(mutated())
def test_nobody_signs_in_but_the_person_an_assertion_was_signed_for(saml_response: str) -> None:
    signed = _gate_alone(saml_response)
    assert signed is None or signed in signed_assertions()
    accepted = _examined(saml_response)
    if accepted is not None:
        assert signed is not None
        assert is_whole(accepted.identity, signed_assertions()[signed])


@pytest.fixture
def connection(acme: Organization) -> Connection:
    """A live connection at the address of the messages, with their certificates and key."""
    from tests.cast import connect

    connection = connect(acme, RSA)
    Connection.objects.filter(pk=connection.pk).update(public_id=ACS_URL.split("/")[-3])
    pinned = EC.pinned
    connection.certificates.create(
        pem=pinned.pem, sha256=pinned.sha256, not_before=pinned.not_before, not_after=pinned.not_after
    )
    connection.sp_keys.update(sealed_private_key=seal(sp_key_pem()))
    return connection


@settings(MUTATIONS, max_examples=LONG // 20 or 100)
@given(saml_response=mutated())
def test_over_http_nothing_is_a_fault_and_nobody_else_gets_a_session(
    connection: Connection, saml_response: str
) -> None:
    connection.consumed_assertions.all().delete()
    SignInEvent.objects.all().delete()
    client = Client(raise_request_exception=False)
    response = client.post(ACS_URL, {"SAMLResponse": saml_response})
    event = SignInEvent.objects.get()
    if response.status_code == 303:
        user = User.objects.get(pk=client.session["_auth_user_id"])
        assert (event.refusal, event.user) == ("", user)
        assert (user.email, user.first_name, user.last_name) in {(email, *NAMES[email]) for email in NAMES}
    else:
        assert response.status_code == 403
        assert event.refusal in set(Refusal)
        assert "_auth_user_id" not in client.session
    assert not User.objects.exclude(email__in=NAMES).exists()
