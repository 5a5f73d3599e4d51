"""Encrypted assertions: what the corpus does not say of them."""

from __future__ import annotations

import pytest
from lxml import etree

from sso.refusals import Refusal
from sso.saml.envelope import decode
from sso.saml.signature import verify
from tests.saml.corpus import locks
from tests.saml.corpus.case import all_cases
from tests.saml.encrypting import encrypt, sp_key_pem
from tests.saml.examining import IDP, examined, refusals_of

CONFIG = IDP.config(decryption_keys=(sp_key_pem(),))
CLOSED = [case for case in all_cases() if case.refused == ("cannot_decrypt",)]


def test_data_that_does_not_say_it_is_an_element_fails_the_second_lock() -> None:
    # SAML core 2.3.4 asks for the Type; python3-saml breaks without it, and breaking is a no.
    found = examined(IDP.response(then=encrypt(kind=None)), CONFIG)
    assert refusals_of(found) == [Refusal.SECOND_LOCK]


def test_a_key_beside_the_data_that_nothing_points_at_fails_the_second_lock() -> None:
    saml_response = IDP.response(then=encrypt(inside=False))
    assert verify(decode(saml_response), CONFIG).was_encrypted
    assert refusals_of(examined(saml_response, CONFIG)) == [Refusal.SECOND_LOCK]


def test_whatever_keeps_it_closed_has_one_answer() -> None:
    answers = set()
    for case in CLOSED:
        (failure,) = locks.examined(case).examination.report.failures
        answers.add((failure.check, failure.refusal, failure.expected))
    assert len(CLOSED) > 20
    assert len(answers) == 1


@pytest.mark.parametrize("octets", [b"", b"AAAA"])
def test_a_broken_plaintext_of_any_length_is_the_same_refusal(octets: bytes) -> None:
    def move(root: etree._Element) -> etree._Element:
        return encrypt("aes128-cbc", plaintext=octets)(root)

    assert refusals_of(examined(IDP.response(then=move), CONFIG)) == [Refusal.CANNOT_DECRYPT]
