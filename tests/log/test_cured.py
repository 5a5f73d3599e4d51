"""A cause that was cured since is shown as cured; one that may still be there is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from sso.health.failures import failures_by_cause
from sso.log.cured import cure_of_event, is_personal, is_vouched_for_by_tests
from sso.models import Connection, Flow, PendingLogin, SignInEvent
from sso.refusals import CATALOGUE, Check, Refusal, Stops
from tests.cast import Write
from tests.log.pages import LOG, page_of

NORA, UNA = "nora@acme.example", "una@acme.example"


@pytest.fixture
def passed_test(write: Write, connection: Connection, admin: User) -> Any:
    """A test that passed, so many minutes ago."""

    def passed(minutes: float, email: str = admin.email, by: User = admin, **fields: Any) -> SignInEvent:
        event = write(minutes, email, flow=Flow.TEST)
        connection.tests.create(version=1, event=event, passed=True, started_by=by, **fields)
        return event

    return passed


def is_cured(event: SignInEvent) -> bool:
    """Whether the entry shows it as cured; the causes of the last days must say the same."""
    cured = cure_of_event(event)
    assert event.organization is not None
    causes = failures_by_cause(event.organization, event.connection, timezone.now())
    (of_cause,) = [cause for cause in causes if cause.code == event.refusal]
    assert of_cause.cured == cured
    return cured is not None


def test_a_fault_of_the_set_up_is_cured_by_a_later_sign_in_of_anybody(write: Write) -> None:
    refused = write(30, NORA, refusal=Refusal.WRONG_AUDIENCE)
    write(40, UNA)
    assert not is_cured(refused)
    write(10, UNA)
    assert is_cured(refused)


@pytest.mark.parametrize(("flow", "other"), [(Flow.TILE, Flow.SSO_PAGE), (Flow.SSO_PAGE, Flow.TILE)])
def test_it_is_cured_by_the_same_flow_only(write: Write, flow: Flow, other: Flow) -> None:
    refused = write(30, NORA, flow=flow, refusal=Refusal.WRONG_DESTINATION)
    write(10, NORA, flow=other)
    assert not is_cured(refused)
    write(5, NORA, flow=flow)
    assert is_cured(refused)


@pytest.mark.parametrize("flow", [Flow.TILE, Flow.SSO_PAGE])
def test_where_the_start_is_not_known_any_sign_in_cures(write: Write, flow: Flow) -> None:
    refused = write(30, "", flow=Flow.UNKNOWN, refusal=Refusal.WRONG_ADDRESS)
    write(20, NORA, flow=flow, refusal=Refusal.NO_SEAT)
    assert not is_cured(refused)
    write(10, NORA, flow=flow)
    assert is_cured(refused)


def test_a_test_that_passed_cures_what_a_test_can_vouch_for(write: Write, passed_test: Any) -> None:
    refused = write(30, "", refusal=Refusal.CERTIFICATE_REPLACED)
    passed_test(40)
    assert not is_cured(refused)
    passed_test(10)
    assert is_cured(refused)
    cured = cure_of_event(refused)
    assert cured
    assert cured.words.startswith("Cured since: a test passed on ")


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal.TILE_NOT_ALLOWED,
        Refusal.REQUEST_NOT_OURS,
        Refusal.PLAN_LAPSED,
        Refusal.SSO_OFF,
        Refusal.NO_SEAT,
        Refusal.DOMAIN_NOT_VERIFIED,
        Refusal.IDP_REFUSED,
    ],
)
def test_a_test_that_passed_cures_nothing_else(write: Write, passed_test: Any, refusal: Refusal) -> None:
    refused = write(30, NORA, refusal=refusal)
    passed_test(10, NORA)
    assert not is_cured(refused)
    write(5, NORA)
    assert is_cured(refused)


def test_a_test_of_a_staged_change_cures_nothing_that_people_meet(write: Write, passed_test: Any) -> None:
    refused = write(30, "", refusal=Refusal.CERTIFICATE_REPLACED)
    passed_test(10, candidate_version=1)
    assert not is_cured(refused)


def test_a_test_that_failed_is_cured_by_one_that_passed(write: Write, passed_test: Any) -> None:
    refused = write(30, "", flow=Flow.TEST, refusal=Refusal.CERTIFICATE_REPLACED)
    write(20, NORA)
    assert not is_cured(refused)
    passed_test(10, candidate_version=1)
    assert is_cured(refused)


def test_a_test_that_failed_before_it_named_anybody_is_cured_by_the_same_admin(
    write: Write, passed_test: Any, connection: Connection, admin: User, owner: User
) -> None:
    refused = write(30, "", flow=Flow.TEST, refusal=Refusal.IDP_REFUSED)
    connection.tests.create(version=1, event=refused, started_by=admin)
    passed_test(20, by=owner)
    assert not is_cured(refused)
    passed_test(10, by=admin)
    assert is_cured(refused)


def test_a_test_that_failed_for_one_person_is_cured_for_this_person(write: Write, passed_test: Any) -> None:
    refused = write(30, NORA, flow=Flow.TEST, refusal=Refusal.NO_SEAT)
    passed_test(20, UNA)
    assert not is_cured(refused)
    passed_test(10, NORA)
    assert is_cured(refused)


@pytest.mark.parametrize(
    "refusal",
    [Refusal.MEMBER_DEACTIVATED, Refusal.EXPIRED, Refusal.EMAIL_UNUSABLE, Refusal.NAME_ID_NOT_EMAIL],
)
def test_what_is_one_persons_is_cured_by_this_person_alone(write: Write, refusal: Refusal) -> None:
    refused = write(30, NORA, refusal=refusal)
    write(20, UNA)
    assert not is_cured(refused)
    write(10, NORA, flow=Flow.SSO_PAGE)
    assert is_cured(refused)


def test_of_several_people_all_must_be_in(write: Write, connection: Connection) -> None:
    first, second = (write(30, who, refusal=Refusal.NO_SEAT) for who in (NORA, UNA))
    write(10, NORA)
    assert cure_of_event(first)
    assert not cure_of_event(second)
    (cause,) = failures_by_cause(connection.organization, connection, timezone.now())
    assert (cause.count, cause.cured) == (2, None)


def test_whom_nothing_names_nobody_can_cure(write: Write) -> None:
    refused = write(30, "", refusal=Refusal.EXPIRED)
    write(10, "")
    assert not is_cured(refused)


def test_who_was_typed_is_enough_to_say_that_they_are_in(write: Write) -> None:
    refused = write(30, "", typed_email=UNA, flow=Flow.SSO_PAGE, refusal=Refusal.IDP_REFUSED)
    write(20, NORA, flow=Flow.SSO_PAGE)
    assert not is_cured(refused)
    write(10, UNA, flow=Flow.SSO_PAGE)
    assert is_cured(refused)


def test_another_company_cures_nothing(write: Write, globex: Organization) -> None:
    refused = write(30, NORA, refusal=Refusal.WRONG_AUDIENCE)
    write(10, NORA, organization=globex, connection=None)
    assert not is_cured(refused)


def test_a_cause_of_another_release_stays(write: Write, passed_test: Any) -> None:
    refused = write(30, NORA, refusal="of_tomorrow")
    write(10, NORA)
    passed_test(5)
    assert not is_cured(refused)


def test_what_was_never_refused_and_what_has_no_company_has_no_cure(write: Write) -> None:
    assert cure_of_event(write(30)) is None
    assert cure_of_event(write(30, organization=None, refusal=Refusal.UNKNOWN_DOMAIN)) is None


def _unanswered(connection: Connection, typed: str, minutes: int, **fields: Any) -> None:
    now = timezone.now()
    PendingLogin.objects.create(
        request_id=f"_{minutes}",
        connection=connection,
        browser_hash="x",
        typed_email=typed,
        created_at=now - timedelta(minutes=minutes),
        expires_at=now,
        **fields,
    )


def _silence_is_cured(connection: Connection) -> bool:
    (cause,) = failures_by_cause(connection.organization, connection, timezone.now())
    assert cause.refusal is Refusal.NO_RESPONSE
    return cause.cured is not None


def test_a_start_without_a_response_is_cured_when_this_person_is_in(
    connection: Connection, write: Write, passed_test: Any
) -> None:
    _unanswered(connection, UNA, 30)
    write(20, NORA)
    passed_test(15, UNA)
    assert not _silence_is_cured(connection)
    write(10, UNA)
    assert _silence_is_cured(connection)
    _unanswered(connection, "", 25)
    assert not _silence_is_cured(connection)


def test_a_test_without_a_response_is_cured_when_the_same_admin_passes_one(
    connection: Connection, write: Write, passed_test: Any, admin: User, owner: User
) -> None:
    _unanswered(connection, "", 30, test=connection.tests.create(version=1, started_by=admin))
    write(20, admin.email)
    passed_test(15, by=owner)
    assert not _silence_is_cured(connection)
    passed_test(10)
    assert _silence_is_cured(connection)


def test_what_is_open_comes_first(connection: Connection, write: Write) -> None:
    write(30, NORA, refusal=Refusal.WRONG_AUDIENCE)
    write(25, UNA, refusal=Refusal.NO_SEAT)
    write(40, UNA, refusal=Refusal.WRONG_ISSUER, flow=Flow.SSO_PAGE)
    write(20, NORA)
    causes = failures_by_cause(connection.organization, connection, timezone.now())
    assert [(cause.code, cause.cured is None) for cause in causes] == [
        ("no_seat", True),
        ("wrong_issuer", True),
        ("wrong_audience", False),
    ]


def test_every_cause_knows_who_can_show_that_it_is_cured() -> None:
    for refusal in Refusal:
        if CATALOGUE[refusal].stops is Stops.ONE_PERSON:
            assert is_personal(refusal)
        assert not (is_personal(refusal) and is_vouched_for_by_tests(refusal))
    assert not is_personal(Refusal.EMAIL_MISSING)
    assert is_vouched_for_by_tests(Refusal.EMAIL_MISSING)
    of_requests = [refusal for refusal in Refusal if CATALOGUE[refusal].check is Check.REQUEST]
    assert not any(map(is_vouched_for_by_tests, of_requests))


def test_the_entry_the_page_and_troubleshoot_say_it(write: Write, client: Client) -> None:
    refused = write(30, NORA, refusal=Refusal.WRONG_AUDIENCE)
    paths = [
        f"{LOG}{refused.reference}/",
        "/settings/security/sso/",
        "/settings/security/sso/troubleshoot/",
        f"/settings/security/sso/troubleshoot/?reference={refused.reference}",
    ]
    assert [path for path in paths if "Cured" in page_of(client, path=path)] == []
    write(10, UNA)
    for path in paths:
        assert "Cured since: a sign-in succeeded on " in page_of(client, path=path)
    troubleshoot = page_of(client, path=paths[2])
    assert "Audience (EntityID)" not in troubleshoot
