"""What is read of a message that can't be accepted, however it was damaged on its way."""

from __future__ import annotations

import base64

import pytest

from sso.saml.lenient_reading import claimed_in_response_to, message_name
from tests.saml.messages import deflated, encode

# Its base64 has a plus sign and a slash.
WITH_ODD_DIGITS = encode('<r a="ÿÿÿ>>>???" InResponseTo="_a1"/>')
LOGOUT_REQUEST = '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"/>'


@pytest.mark.parametrize(
    ("arrives", "claimed"),
    [
        ("", None),
        ("%%%", None),
        ("<samlp:Response InResponseTo='_a1'>", "_a1"),
        (encode('<samlp:Response xInResponseTo="_x" InResponseTo = "_a1"/>'), "_a1"),
        (encode('<samlp:Response InResponseTo=""/>'), None),
        (encode('<samlp:Response InResponseTo="' + "a" * 201 + '"/>'), None),
        (WITH_ODD_DIGITS.replace("+", " "), "_a1"),
        (WITH_ODD_DIGITS.replace("+", "-").replace("/", "_"), "_a1"),
        ("%3Csamlp:Response InResponseTo=%22_a1%22", "_a1"),
        (deflated('<samlp:Response InResponseTo="_a1"/>'), "_a1"),
        (base64.b64encode('<r InResponseTo="_a1"/>'.encode("utf-16")).decode(), "_a1"),
        # A line break that became a space.
        (encode('<r InResponseTo="_a1"/>')[:10] + " " + encode('<r InResponseTo="_a1"/>')[10:], "_a1"),
        # Cut off: in the middle of four digits of base64, right after the value.
        (base64.b64encode(b'<r InResponseTo="_a1"/>  ').decode().rstrip("=")[:-1], "_a1"),
        (base64.b64encode(b'<rr InResponseTo="_a1"').decode().rstrip("=") + "A", "_a1"),
        (encode('<r InResponseTo="' + "a" * 200 + '"/>'), "a" * 200),
        # Within the first 64 KiB of the field, and behind them.
        ("<r " + " " * (64 * 1024 - 24) + 'InResponseTo="_a1"/>', "_a1"),
        ("<r " + " " * (64 * 1024 - 20) + 'InResponseTo="_a1"/>', None),
        (deflated("<r " + " " * (64 * 1024 - 21) + 'InResponseTo="_a1"/>'), "_a1"),
        (deflated("<r " + " " * (64 * 1024 - 20) + 'InResponseTo="_a1"/>'), None),
    ],
)
def test_the_claimed_request_is_read_from_whatever_arrives(arrives: str, claimed: str | None) -> None:
    assert claimed_in_response_to(arrives) == claimed


@pytest.mark.parametrize(
    ("arrives", "name"),
    [
        ("", ""),
        ("%%%", ""),
        ("no markup", ""),
        (LOGOUT_REQUEST, "LogoutRequest"),
        (encode(LOGOUT_REQUEST), "LogoutRequest"),
        (deflated(LOGOUT_REQUEST), "LogoutRequest"),
        (encode("<?xml version='1.0'?>\n<Response"), "Response"),
        (encode(LOGOUT_REQUEST.encode("utf-8-sig")), "LogoutRequest"),
        (encode(LOGOUT_REQUEST.encode("utf-16")), "LogoutRequest"),
    ],
)
def test_the_name_of_a_message_is_read_from_whatever_arrives(arrives: str, name: str) -> None:
    assert message_name(arrives) == name
