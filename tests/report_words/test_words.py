"""A stored report is shown in the words of its reader's language; what older releases stored is shown as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from sso.guides import guide_named
from sso.log.entry import story_of
from sso.models import Connection, Flow
from sso.phrases import Phrase, Several, Text
from sso.refusals import Check, Refusal, Refused
from sso.report_words.rows import Row, rows_of, summary_of
from sso.report_words.words import in_words
from sso.saml.differences import Difference
from sso.saml.report import CheckReport, CheckResult, complete, failed, hint, passed, warning
from tests.catalogues import Catalogue, german
from tests.recording import record_event

GERMAN: Catalogue = {
    "no Recipient": "kein Recipient",
    "a free seat": "ein freier Platz",
    "%(taken)s of %(limit)s seats taken": "%(taken)s von %(limit)s Plätzen belegt",
    "%(email)s would be created as %(role)s": "%(email)s würde angelegt als %(role)s",
    "Agent": "Mitarbeiter",
    "arrived %(at)s, %(span)s late: slow, or your clock or ours": "kam %(at)s an, %(span)s zu spät",
    ("%(count)s second", "%(count)s seconds"): ("%(count)s Sekunde", "%(count)s Sekunden"),
}


def row_of(report: CheckReport, check: Check) -> Row:
    return next(row for row in rows_of(report, "onelogin") if row.check == check)


def only(result: CheckResult) -> Row:
    return row_of(complete((passed(Check.RESPONSE), result)), result.check)


@pytest.mark.parametrize("phrase", Phrase)
def test_every_phrase_can_be_put_into_words(phrase: Phrase) -> None:
    names = re.findall(r"%\((\w+)\)s", phrase.value)
    words = in_words(phrase(**dict.fromkeys(names, "‹x›")))
    assert words
    assert "%(" not in words
    assert words.count("‹x›") == len(names)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no Destination", "no Destination"),
        ("100 %(of) it", "100 %(of) it"),
        (Phrase.SECONDS(count=1), "1 second"),
        (Phrase.SECONDS(count=0), "0 seconds"),
        (Phrase.MINUTES(count=1), "1 minute"),
        (Phrase.MINUTES(count=2), "2 minutes"),
        (Phrase.HOURS(count=1), "1 hour"),
        (Phrase.DAYS(count=2), "2 days"),
        (Phrase.THE_PLAN(plan="pro"), "the Pro plan"),
        (Phrase.THE_PLAN(plan="gold"), "the gold plan"),
        (Phrase.WOULD_BE_CREATED(email="a@b.example", role="agent"), "a@b.example would be created as Agent"),
        (Phrase.WOULD_BE_CREATED(email="a@b.example", role="pilot"), "a@b.example would be created as pilot"),
        (Several(("https://a.example", Phrase.NO_RECIPIENT())), "https://a.example, no Recipient"),
    ],
)
def test_a_text_in_english(text: Text, words: str) -> None:
    assert in_words(text) == words


def test_a_report_is_stored_once_and_shown_in_every_language(
    connection: Connection, admin: User, tmp_path: Path
) -> None:
    report = complete(
        (
            passed(Check.RESPONSE),
            failed(
                Refusal.EXPIRED,
                expected=Phrase.VALID_UNTIL(at="2026-01-05T09:00:00Z"),
                received=Phrase.ARRIVED_LATE(at="2026-01-05T09:00:01Z", span=Phrase.SECONDS(count=1)),
            ),
            failed(
                Refusal.NO_SEAT, expected=Phrase.A_FREE_SEAT(), received=Phrase.SEATS_TAKEN(taken=5, limit=5)
            ),
        )
    )
    event = record_event(
        flow=Flow.TILE,
        now=timezone.now(),
        organization=connection.organization,
        connection=connection,
        refusal=Refusal.NO_SEAT,
        report=report,
    )
    event.refresh_from_db()

    def told() -> list[str]:
        story = story_of(event, timezone.now())
        rows = {row.check: row for row in story.rows}
        return [story.line.expected, story.line.received, rows["member"].received, rows["time"].received]

    late = "arrived 5 Jan 2026, 09:00:01 UTC, 1 second late: slow, or your clock or ours"
    assert told() == ["a free seat", "5 of 5 seats taken", "5 of 5 seats taken", late]
    with german(tmp_path, GERMAN):
        spät = "kam 5 Jan 2026, 09:00:01 UTC an, 1 Sekunde zu spät"
        assert told() == ["ein freier Platz", "5 von 5 Plätzen belegt", "5 von 5 Plätzen belegt", spät]
    assert told() == ["a free seat", "5 of 5 seats taken", "5 of 5 seats taken", late]


def test_a_role_is_shown_in_the_readers_language(tmp_path: Path) -> None:
    would = only(passed(Check.MEMBER, Phrase.WOULD_BE_CREATED(email="nora@acme.example", role="agent")))
    assert would.received == "nora@acme.example would be created as Agent"
    with german(tmp_path, GERMAN):
        would = only(passed(Check.MEMBER, Phrase.WOULD_BE_CREATED(email="nora@acme.example", role="agent")))
        assert would.received == "nora@acme.example würde angelegt als Mitarbeiter"


def test_words_that_the_release_before_has_stored_are_shown_as_they_are(tmp_path: Path) -> None:
    old = CheckReport.from_list(
        [
            {
                "check": "member",
                "outcome": "failed",
                "refusal": "no_seat",
                "expected": "a free seat",
                "received": "5 of 5 seats taken",
            }
        ]
    )
    with german(tmp_path, GERMAN):
        (row,) = rows_of(old, "onelogin")
    assert (row.expected, row.received) == ("a free seat", "5 of 5 seats taken")


@pytest.mark.parametrize(
    "received",
    [
        "",
        Phrase.NO_RECIPIENT(),
        Several((Phrase.NO_RECIPIENT(), Phrase.NO_RECIPIENT())),
        # Stored by the release before.
        "no Recipient",
    ],
)
def test_where_nothing_was_sent_nothing_is_compared(received: Text, tmp_path: Path) -> None:
    with german(tmp_path, GERMAN):
        row = only(failed(Refusal.WRONG_RECIPIENT, expected="https://sp.example/acs", received=received))
    sentence = Difference.NOTHING_SENT.sentence
    guide = guide_named("onelogin")
    assert [sentence % {"idp": guide.title, "field": "Recipient"}] == list(row.differences)
    assert row.received_marked == ()


def test_where_one_of_several_was_not_sent_the_others_are_compared() -> None:
    received = Several(("https://sp.example/ac", Phrase.NO_RECIPIENT()))
    row = only(failed(Refusal.WRONG_RECIPIENT, expected="https://sp.example/acs", received=received))
    assert row.received == "https://sp.example/ac, no Recipient"
    assert row.differences == (Difference.SEVERAL.sentence, Difference.CUT_SHORT.sentence)


@pytest.mark.parametrize(
    ("results", "summary"),
    [
        ((), "1 of 17 checks passed, 16 not reached."),
        (tuple(map(passed, Check)), "17 of 17 checks passed."),
        (
            (*map(passed, Check), warning(Refusal.NAMES_MISSING)),
            "16 of 17 checks passed, 1 with a warning.",
        ),
        (
            (failed(Refusal.WRONG_AUDIENCE), failed(Refusal.NO_SEAT), warning(Refusal.CERTIFICATE_EXPIRED)),
            (
                "1 of 17 checks passed, 2 failed, 1 with a warning, 13 not reached. "
                "1 thing to change in OneLogin. 1 thing to change in JustCall."
            ),
        ),
        (
            (failed(Refusal.NOT_SIGNED), hint(Refusal.WRONG_AUDIENCE)),
            (
                "1 of 17 checks passed, 1 failed, 15 not reached. "
                "1 thing to change in OneLogin. 1 more would fail next."
            ),
        ),
    ],
)
def test_the_counts_of_a_summary_add_up_to_all_checks(results: tuple[CheckResult, ...], summary: str) -> None:
    report = complete((passed(Check.RESPONSE), *results))
    assert summary_of(report, "onelogin") == summary
    first, *others = (int(number) for number in re.findall(r"\d+", summary.partition(".")[0]))
    assert first + sum(others[1:]) == others[0] == len(rows_of(report, "onelogin"))


def test_without_a_response_there_is_only_the_cause() -> None:
    report = complete(()).with_refusal(Refused(Refusal.SSO_OFF))
    assert summary_of(report, "onelogin") == "No response was examined. 1 thing to change in JustCall."
    assert [row.refusal for row in rows_of(report, "onelogin")] == ["sso_off"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (Phrase.VALID_UNTIL(at="2026-01-05T09:00:01Z"), "valid until 5 Jan 2026, 09:00:01 UTC"),
        (Phrase.EXPIRED_AT(at="never"), "expired never"),
        # What arrived stands as it arrived.
        ("2026-01-05T09:00:01Z", "2026-01-05T09:00:01Z"),
        ("2026-01-05T09:00:01+02:00", "2026-01-05T09:00:01+02:00"),
    ],
)
def test_a_time_that_justcall_tells_is_spelt_as_on_all_pages(text: Text, words: str) -> None:
    assert in_words(text) == words


def test_a_check_that_passed_spells_its_time_and_its_certificate_as_all_pages_do() -> None:
    assert only(passed(Check.TIME, "2026-01-05T09:00:01Z")).received == "5 Jan 2026, 09:00:01 UTC"
    assert only(passed(Check.CERTIFICATE, "1c35a0c3" * 8)).received == "1C:35:A0:C3:1C:35:A0:C3…"
    assert only(passed(Check.CERTIFICATE, "another")).received == "another"
    assert only(passed(Check.NAME_ID, "1c35a0c3" * 8)).received == "1c35a0c3" * 8
