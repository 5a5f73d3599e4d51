"""The sign-in log: what is listed, filtered, found by reference, and turned page by page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organization, User
from sso.log.sign_in_log import Wanted, all_lines, page
from sso.models import Connection, Flow, PendingLogin, SignInEvent
from sso.refusals import CATALOGUE
from sso.signing_in import pending
from tests.cast import Arrivals, SignedIn, Write
from tests.log.pages import LOG, page_of


def _unanswered(page: str) -> list[str]:
    """The badges of requests without a response."""
    return re.findall(r"No response\s*</span>", page)


def _references(page: str) -> list[str]:
    return re.findall(r"<code>(SSO-\w{8})</code>", page)


def test_a_real_sign_in_and_a_real_refusal_are_listed_newest_first(
    arrivals: Arrivals, client: Client
) -> None:
    arrivals.post(arrivals.of("nora@acme.example"))
    arrivals.post(arrivals.of("nora@acme.example", audiences=("https://wrong.example/",)))
    refused, accepted = SignInEvent.objects.order_by("-pk")
    page = page_of(client)
    assert _references(page) == [refused.reference, accepted.reference]
    assert page.count("nora@acme.example") == 2
    assert "Invalid audience" in page
    assert "OneLogin tile" in page


def test_the_tile_is_that_of_the_companys_own_identity_provider(
    connection: Connection, write: Write, client: Client
) -> None:
    write()
    assert '<option value="tile">OneLogin tile</option>' in page_of(client)
    Connection.objects.update(guide="okta")
    page = page_of(client)
    assert '<option value="tile">Okta tile</option>' in page
    assert "OneLogin tile" not in page
    rows = b"".join(client.get(f"{LOG}export.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Okta tile" in rows
    assert "OneLogin" not in rows


def test_an_empty_log_says_so_and_how_long_things_are_kept(admin: User, client: Client) -> None:
    page = page_of(client)
    assert "Nobody has signed in with single sign-on yet" in page
    assert "kept for 90 days" in page
    assert "30 days" in page


def test_only_owner_and_admins_of_the_own_company_see_the_log(
    write: Write,
    owner: User,
    agent: User,
    supervisor: User,
    stranger: User,
    signed_in: SignedIn,
) -> None:
    event = write()
    for path in (LOG, f"{LOG}export.csv", f"{LOG}audit/", f"{LOG}{event.reference}/"):
        assert Client().get(path).status_code == 302
        assert signed_in(agent).get(path).status_code == 403
        assert signed_in(supervisor).get(path).status_code == 403
        assert signed_in(owner).get(path).status_code == 200
        assert signed_in(owner).post(path).status_code == 405
    client = signed_in(stranger)
    assert client.get(f"{LOG}{event.reference}/").status_code == 404
    assert event.reference not in page_of(client)
    assert event.reference not in b"".join(client.get(f"{LOG}export.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "has no sign-in with the reference" in page_of(client, {"reference": event.reference})


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}".lower(), "sso {}", "{:.4} {}", "sso–{}", "SSO - {}"])
def test_a_reference_is_found_however_it_is_typed(write: Write, client: Client, typed: str) -> None:
    event = write()
    code = event.reference.removeprefix("SSO-")
    text = typed.format(code) if typed != "{:.4} {}" else f"{code[:4].lower()} {code[4:]}"
    response = client.get(LOG, {"reference": text})
    assert response["Location"] == f"{LOG}{event.reference}/"


def test_a_reference_nobody_has_is_said_and_shown_harmless(client: Client) -> None:
    assert "has no sign-in with the reference SSO-22222222" in page_of(client, {"reference": "22222222"})
    page = page_of(client, {"reference": "<script>alert(1)</script>"})
    assert "<script>alert" not in page


FILTERS = [
    ({"result": "signed_in"}, {"accepted", "test"}),
    ({"result": "refused"}, {"audience", "deactivated"}),
    ({"result": "no_response"}, set()),
    ({"flow": "tile"}, {"accepted", "deactivated"}),
    ({"flow": "sso_page"}, {"audience"}),
    ({"flow": "test"}, {"test"}),
    ({"reason": "wrong_audience"}, {"audience"}),
    ({"reason": "no_response"}, set()),
    ({"result": "signed_in", "reason": "wrong_audience"}, set()),
    ({"person": "Agnes@Acme.example "}, {"accepted", "audience"}),
    ({"person": "agnes"}, {"accepted", "audience"}),
    ({"person": "agne"}, set()),
    ({"person": "dora@elsewhere.example"}, {"deactivated"}),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_it_is_filtered(write: Write, client: Client, query: dict[str, str], expected: set[str]) -> None:
    named = {
        "accepted": write(),
        "audience": write(2, flow=Flow.SSO_PAGE, refusal="wrong_audience"),
        "deactivated": write(3, "dora@elsewhere.example", refusal="member_deactivated"),
        "test": write(4, "adam@acme.example", flow=Flow.TEST),
    }
    shown = _references(page_of(client, query))
    assert shown == [event.reference for name, event in named.items() if name in expected]


def test_days_are_whole_days_of_utc_and_the_last_one_counts(write: Write, client: Client) -> None:
    now = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    before = write(occurred_at=now - timedelta(microseconds=1))
    first, last = write(occurred_at=now), write(occurred_at=now + timedelta(hours=23, minutes=59))
    after = write(occurred_at=now + timedelta(days=1))
    today = f"{now:%Y-%m-%d}"
    assert _references(page_of(client, {"since": today, "until": today})) == [last.reference, first.reference]
    assert _references(page_of(client, {"since": today}))[0] == after.reference
    assert _references(page_of(client, {"until": today}))[-1] == before.reference


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "2026-02-30"},
        {"since": "2026-03-02", "until": "2026-03-01"},
        {"result": "maybe"},
        {"flow": "elsewhere"},
        {"reason": "'; DROP TABLE"},
        {"person": "x" * 255},
        {"person": "\0"},
    ],
)
def test_a_filter_that_cannot_be_read_is_said(write: Write, client: Client, query: dict[str, str]) -> None:
    event = write()
    page = page_of(client, query, status=422)
    assert "Please check the following" in page
    assert event.reference not in page
    assert client.get(f"{LOG}export.csv", query).status_code == 302


@pytest.mark.parametrize("until", ["9999-12-31", "0001-01-01"])
def test_the_last_and_first_of_all_days_are_days_too(write: Write, client: Client, until: str) -> None:
    write()
    page_of(client, {"until": until})
    page_of(client, {"since": until})


def test_every_reason_can_be_chosen(client: Client) -> None:
    page = page_of(client)
    for refusal in (refusal for refusal, entry in CATALOGUE.items() if not entry.is_warning):
        assert f'<option value="{refusal.value}">' in page
        page_of(client, {"reason": refusal.value})


def test_a_code_of_another_release_is_a_bare_line(write: Write, client: Client) -> None:
    write(refusal="of_another_release")
    assert "of_another_release" in page_of(client)


def test_a_request_without_an_answer_is_a_line_with_the_usual_causes(
    connection: Connection, client: Client
) -> None:
    now = timezone.now()
    pending.start(connection, now - timedelta(minutes=4))
    assert not _unanswered(page_of(client))
    pending.start(connection, now - timedelta(minutes=6))
    for query in ({}, {"result": "no_response"}, {"reason": "no_response"}, {"flow": "sso_page"}):
        page = page_of(client, query)
        assert len(_unanswered(page)) == 1
        assert "ACS URL Validator" in page
    for query in ({"result": "refused"}, {"flow": "tile"}, {"flow": "test"}, {"person": "agnes"}):
        assert not _unanswered(page_of(client, query))


def test_an_answer_however_late_or_wrong_ends_no_response(
    arrivals: Arrivals, connection: Connection, client: Client
) -> None:
    browser = Client()
    asked = arrivals.ask(browser)
    PendingLogin.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert _unanswered(page_of(client))
    arrivals.post(
        arrivals.of("agnes@acme.example", in_response_to=asked, audiences=("https://wrong.example/",)),
        browser,
    )
    assert not _unanswered(page_of(client))
    assert PendingLogin.objects.get().consumed_at is None


def test_pages_are_turned_without_losing_or_repeating_a_line(
    acme: Organization, connection: Connection, write: Write
) -> None:
    now = timezone.now()
    # Many at the very same moment, events and requests mixed: the hard case of reading by key.
    moments = [now - timedelta(minutes=10 + number // 4) for number in range(24)]
    for number, moment in enumerate(moments):
        if number % 2:
            write(occurred_at=moment)
        else:
            pending.start(connection, moment)
    whole = list(all_lines(acme, connection, Wanted(), now, batch=1000))
    assert len(whole) == 24
    for size in (1, 2, 3, 5, 23, 24):
        assert list(all_lines(acme, connection, Wanted(), now, batch=size)) == whole


def test_a_page_leads_to_the_older_one_and_back_with_its_filters(write: Write, client: Client) -> None:
    events = [write(minutes) for minutes in range(1, 56)]
    write(3, "somebody@acme.example")
    first = page_of(client, {"person": "agnes"})
    assert _references(first) == [event.reference for event in events[:50]]
    older = re.search(r'href="([^"]+)"\s+rel="next"', first)
    assert older is not None
    second = page_of(client, path=older[1].replace("&amp;", "&"))
    assert _references(second) == [event.reference for event in events[50:]]
    assert 'rel="next"' not in second
    assert f'href="{LOG}?person=agnes"' in second


@pytest.mark.parametrize(
    "before", ["x", "-1.0.1", "1.0", "9" * 16 + ".0." + "9" * 18, "0.0.0", "1.9.1", "٣.0.1"]
)
def test_a_page_number_made_up_is_no_fault(write: Write, client: Client, before: str) -> None:
    write()
    page_of(client, {"before": before})
    page_of(client, {"before": before}, path=f"{LOG}audit/")


def test_the_number_of_queries_does_not_grow(write: Write, client: Client, connection: Connection) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            database,
        ) as captured:
            page_of(client)
        return len(captured)

    write()
    few = queries()
    for minutes in range(1, 60):
        write(minutes)
        pending.start(connection, timezone.now() - timedelta(minutes=5 + minutes))
    assert queries() == few


def test_a_line_is_read_without_its_message(acme: Organization, connection: Connection, write: Write) -> None:
    write(redacted_xml="<secret/>")
    with CaptureQueriesContext(database) as captured:
        page(acme, connection, Wanted(), timezone.now())
    assert not any("redacted_xml" in query["sql"] for query in captured)


def test_the_settings_page_leads_into_the_log(write: Write, client: Client, connection: Connection) -> None:
    event = write(refusal="wrong_audience")
    page = page_of(client, path="/settings/security/sso/")
    assert f'href="{LOG}{event.reference}/"' in page
    assert f'href="{LOG}"' in page
    assert "See the whole log" in page
