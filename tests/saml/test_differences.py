"""How two values differ, in words and in marks."""

from __future__ import annotations

import pytest

from sso.saml.differences import (
    Comparison,
    Difference,
    compare,
)
from tests.saml.messages import ACS_URL, ENTITY_ID

HTTPS = "https://sso.justcall.example/sso/saml/0123456789abcdef0123456789abcdef/metadata/"


def marked(comparison: Comparison) -> str:
    """The received value with brackets around what is marked."""
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in comparison.received)


@pytest.mark.parametrize(
    ("expected", "received", "difference"),
    [
        (ENTITY_ID, ENTITY_ID.rstrip("/"), Difference.SLASH_MISSING),
        ("https://idp.example/a", "https://idp.example/a/", Difference.SLASH_TOO_MANY),
        (ENTITY_ID, ENTITY_ID + " ", Difference.BLANK),
        (HTTPS, HTTPS.replace("https", "http"), Difference.HTTP),
        (HTTPS, HTTPS.replace("https", "HTTP"), Difference.HTTP),
        (ENTITY_ID, ENTITY_ID.replace("http", "https"), Difference.HTTPS),
        (ENTITY_ID, ENTITY_ID.replace("saml", "SAML"), Difference.CASE),
        (ENTITY_ID, "{audience}", Difference.PLACEHOLDER),
        (ACS_URL, "{recipient}", Difference.PLACEHOLDER),
        (ACS_URL, " {recipient}\n", Difference.PLACEHOLDER),
        (ENTITY_ID, "", Difference.NOTHING_SENT),
        (ENTITY_ID, ACS_URL, Difference.ACS_URL_HERE),
        (ACS_URL, ENTITY_ID, Difference.ENTITY_ID_HERE),
        (ENTITY_ID, ENTITY_ID.replace("0123", "4567"), Difference.OTHER_CONNECTION),
        (ENTITY_ID, ENTITY_ID.replace("localhost:8000", "old.justcall.example"), Difference.OTHER_HOST),
        ("https://idp.example/metadata/77", "https://idp.example/metadata", Difference.CUT_SHORT),
        (ENTITY_ID, "JustCall", Difference.OTHER_VALUE),
        (ENTITY_ID, ENTITY_ID.removeprefix("http://localhost:8000"), Difference.OTHER_VALUE),
        ("http://localhost:8000/idp", ACS_URL, Difference.OTHER_VALUE),
        ("https://idp.example/a?b=1", "https://idp.example/a?b=2", Difference.OTHER_VALUE),
        ("https://idp.example/a", "https://other.example/b", Difference.OTHER_VALUE),
        (ENTITY_ID, "http://[not-an-address/", Difference.OTHER_VALUE),
    ],
)
def test_it_says_what_is_different(expected: str, received: str, difference: Difference) -> None:
    compared = compare(expected, received)
    assert compared.differences == (difference,)
    assert all(piece.text for piece in (*compared.expected, *compared.received))


def test_every_difference_has_its_sentence() -> None:
    assert all(difference.sentence for difference in Difference)
    assert len({difference.sentence for difference in Difference}) == len(Difference)


@pytest.mark.parametrize(
    ("saved", "received", "sentence"),
    [
        (
            "https://idp.example/a/",
            "https://idp.example/a",
            "The one saved in JustCall has a slash at its end, the one received has none.",
        ),
        (
            "https://idp.example/a",
            "https://idp.example/a/",
            "The one saved in JustCall lacks the slash at its end that the one received has.",
        ),
        (
            "https://idp.example/a",
            "http://idp.example/a",
            "The one saved in JustCall begins with https, the one received with http.",
        ),
        ("https://idp.example/a", "https://idp.example/A", "Upper and lower case differ."),
        ("https://idp.example/a", "https://idp.example/ a", "The one received has a blank in it."),
        (
            "http://idp.example/a",
            "https://idp.example/a",
            "The one saved in JustCall begins with http, the one received with https.",
        ),
        (
            "https://idp.example/a",
            "https://old.example/a",
            "The host is another one than in the one saved in JustCall.",
        ),
        (
            "https://idp.example/a/7",
            "https://idp.example/a",
            "The one saved in JustCall goes on where the one received ends.",
        ),
    ],
)
def test_where_the_saved_value_is_to_be_mended_it_is_named(saved: str, received: str, sentence: str) -> None:
    (difference,) = compare(saved, received).differences
    assert difference.sentence_of_saved == sentence


def test_it_names_several_differences_at_once() -> None:
    received = " " + HTTPS.replace("https", "http").replace("metadata", "Metadata").rstrip("/")
    assert compare(HTTPS, received).differences == (
        Difference.BLANK,
        Difference.HTTP,
        Difference.CASE,
        Difference.SLASH_MISSING,
    )


@pytest.mark.parametrize("received", [" JustCall", " ", "https://other.example/", "https://[not-an-address "])
def test_of_another_value_nothing_else_is_said(received: str) -> None:
    assert compare(ENTITY_ID, received).differences == (Difference.OTHER_VALUE,)


def test_a_scheme_or_blank_is_said_beside_what_else_an_address_has_wrong() -> None:
    received = HTTPS.replace("https", "http").replace("justcall", "old") + " "
    assert compare(HTTPS, received).differences == (
        Difference.BLANK,
        Difference.HTTP,
        Difference.OTHER_HOST,
    )


def test_of_two_values_it_explains_the_nearer() -> None:
    for received in (f"{HTTPS}x, urn:other", f"urn:other, {HTTPS}x"):
        assert all(piece.text for piece in compare(HTTPS, received).received)
        assert compare(HTTPS, received).differences == (Difference.SEVERAL, Difference.OTHER_VALUE)
        assert marked(compare(HTTPS, received)) == received.replace("/x", "/[x]")


def test_of_several_values_it_explains_the_nearest() -> None:
    compared = compare(ENTITY_ID, f"urn:other, {ENTITY_ID}x, urn:third")
    assert compared.differences == (Difference.SEVERAL, Difference.OTHER_VALUE)
    assert marked(compared).startswith("urn:other, http")
    assert marked(compared).endswith(", urn:third")


@pytest.mark.parametrize(
    ("received", "marks"),
    [
        (ENTITY_ID + " ", f"{ENTITY_ID}[␣]"),
        (ENTITY_ID + "\u00a0\t\r\n", f"{ENTITY_ID}[␣⇥⏎⏎]"),
        (ENTITY_ID.replace("http:", "https:"), ENTITY_ID.replace("http:", "[https]:")),
        (ENTITY_ID.replace("saml", "SAML"), ENTITY_ID.replace("saml", "[SAML]")),
        ("{audience}", "[{audience}]"),
    ],
)
def test_it_marks_only_what_differs_and_makes_blanks_visible(received: str, marks: str) -> None:
    assert marked(compare(ENTITY_ID, received)) == marks


def test_a_blank_that_was_expected_stays_a_blank() -> None:
    assert marked(compare("urn:Acme Inc", "urn:acme Inc")) == "urn:[acme] Inc"


def test_beside_a_placeholder_nothing_that_was_expected_is_marked() -> None:
    assert not any(piece.differs for piece in compare(ENTITY_ID, "{audience}").expected)


def test_long_values_are_compared_as_exactly_as_short_ones() -> None:
    # The library would take what occurs often in two hundred letters or parts for noise.
    parts = "/0" * 140
    assert marked(compare("1" + parts, f"urn:other, 2{parts}")) == f"urn:other, [2]{parts}"


def test_what_is_missing_is_marked_in_what_was_expected() -> None:
    left = compare(ENTITY_ID, ENTITY_ID.rstrip("/")).expected
    assert [piece.text for piece in left if piece.differs] == ["/"]


def test_a_very_long_value_costs_no_more_than_a_long_one() -> None:
    compared = compare(ENTITY_ID, "a" * 100_000)
    assert sum(len(piece.text) for piece in compared.received) == 600
