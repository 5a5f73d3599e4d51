"""When somebody was authenticated: now at the latest, within the clock skew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from sso.refusals import Refusal
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.messages import Message, encode, instant

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


def _refusals(authn_instant: str) -> list[Refusal | None]:
    written = f'AuthnInstant="{instant(NOW)}"'
    xml = Message(now=NOW).xml()
    assert written in xml
    with time_machine.travel(NOW, tick=False):
        sent = encode(IDP.sign(xml.replace(written, f'AuthnInstant="{authn_instant}"')))
        return refusals_of(examined(sent, now=NOW))


@pytest.mark.parametrize(("seconds", "refusals"), [(0, []), (60, []), (61, [Refusal.AUTHENTICATED_LATER])])
def test_it_may_be_as_far_ahead_as_the_clocks_may_differ(seconds: int, refusals: list[Refusal]) -> None:
    assert _refusals(instant(NOW + timedelta(seconds=seconds))) == refusals


def test_a_time_without_a_zone_is_compared_with_nothing() -> None:
    assert _refusals("2026-03-12T09:00:00") == []
