"""A certificate's time: days left, and good, soon, expired or not valid yet, to the second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from sso.saml.validity import SOON_DAYS, Validity, days_left, validity_of

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Certificate:
    not_before: datetime = START
    not_after: datetime = END


def test_it_counts_the_days_left_and_the_days_past() -> None:
    assert days_left(Certificate(), END - timedelta(days=412, hours=1)) == 412
    assert days_left(Certificate(), END) == 0
    assert days_left(Certificate(), END + SECOND) == -1
    assert days_left(Certificate(), END + timedelta(days=3)) == -3


@pytest.mark.parametrize(
    ("now", "validity"),
    [
        (START - SECOND, Validity.NOT_YET),
        (START, Validity.GOOD),
        (END - timedelta(days=SOON_DAYS + 1), Validity.GOOD),
        (END - timedelta(days=SOON_DAYS + 1) + SECOND, Validity.SOON),
        (END, Validity.SOON),
        (END + SECOND, Validity.EXPIRED),
    ],
)
def test_it_says_where_a_certificate_stands(now: datetime, validity: Validity) -> None:
    assert validity_of(Certificate(), now) is validity


def test_soon_is_sixty_days() -> None:
    assert SOON_DAYS == 60


def test_what_ended_before_it_began_has_expired() -> None:
    assert validity_of(Certificate(not_before=END + timedelta(days=9)), END + SECOND) is Validity.EXPIRED
