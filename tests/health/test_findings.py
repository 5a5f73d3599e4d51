"""What is found of a configuration: its state, certificate, keys and sign-ins, each with its cure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organization
from sso.health.findings import Finding, Level, findings_of, worst
from sso.models import Connection, Flow
from sso.refusals import Refusal
from sso.signing_in import pending
from tests.recording import refuse


def found(connection: Connection, subject: str) -> Finding:
    organization = Organization.objects.get(pk=connection.organization_id)
    findings = [row for row in findings_of(organization, timezone.now()) if row.subject == subject]
    assert len(findings) == 1, findings
    return findings[0]


@pytest.mark.parametrize(
    ("changes", "level", "words"),
    [
        ({"enabled_at": None}, Level.WARN, "Draft"),
        ({"tested_version": None}, Level.WARN, "On, not tested"),
        ({}, Level.OK, "On"),
    ],
)
def test_the_state_is_said(healthy: Connection, changes: dict[str, Any], level: Level, words: str) -> None:
    Connection.objects.update(**changes)
    state = found(healthy, "state")
    assert (state.level, state.words) == (level, words)


def test_missing_details_fail_when_it_is_on(healthy: Connection) -> None:
    Connection.objects.update(sso_url="", idp_entity_id="")
    healthy.certificates.all().delete()
    assert found(healthy, "details").level is Level.FAIL
    assert found(healthy, "details").words == "missing: SSO URL, Issuer / Entity ID"
    assert found(healthy, "certificate").level is Level.FAIL
    Connection.objects.update(enabled_at=None)
    assert found(healthy, "details").level is Level.WARN
    assert found(healthy, "certificate").level is Level.WARN


def test_a_missing_record_has_its_grace_and_no_domain_fails(healthy: Connection) -> None:
    healthy.organization.domains.update(missing_since=timezone.now() - timedelta(days=3))
    assert found(healthy, "domain").level is Level.WARN
    assert "sign-in goes on until" in found(healthy, "domain").words
    healthy.organization.domains.all().delete()
    assert found(healthy, "domain").level is Level.FAIL


@pytest.mark.parametrize(
    ("starts", "ends", "level", "words"),
    [
        (-10, 400, Level.OK, "399 days left"),
        (-10, 62, Level.OK, "61 days left"),
        (-10, 61, Level.WARN, "60 days left"),
        (-10, 12, Level.WARN, "11 days left"),
        (-10, -2, Level.WARN, "expired 3 days ago"),
        (2, 400, Level.WARN, "not valid before"),
    ],
)
def test_a_certificate_has_its_days(
    healthy: Connection, starts: int, ends: int, level: Level, words: str
) -> None:
    now = timezone.now()
    healthy.certificates.update(
        not_before=now + timedelta(days=starts), not_after=now + timedelta(days=ends), last_used_at=None
    )
    certificate = found(healthy, "certificate")
    assert certificate.level is level
    assert words in certificate.words
    assert "never used" in certificate.words


def test_a_role_the_plan_does_not_know_is_warned_about(healthy: Connection) -> None:
    Connection.objects.update(default_role="supervisor")
    assert found(healthy, "default role").level is Level.OK
    Organization.objects.update(plan="team")
    assert found(healthy, "default role").level is Level.WARN


def test_a_key_that_cannot_be_unsealed_fails(healthy: Connection) -> None:
    healthy.sp_keys.update(sealed_private_key="sealed-with-a-key-that-is-gone")
    assert found(healthy, "own key").level is Level.FAIL
    assert "KEY_ENCRYPTION_KEYS" in found(healthy, "own key").cure
    healthy.sp_keys.all().delete()
    assert found(healthy, "own key").level is Level.WARN


def test_a_staged_change_is_named(healthy: Connection) -> None:
    from sso.models import ConfigurationCandidate

    change = ConfigurationCandidate.objects.create(
        connection=healthy, sso_url="https://x.example/", idp_entity_id="x"
    )
    assert "waits for its test" in found(healthy, "staged change").words
    change.tested_version, change.tested_beside = 1, healthy.version
    change.save()
    assert "passed its test, not applied" in found(healthy, "staged change").words


@pytest.mark.parametrize(
    ("test", "level", "words"),
    [
        ({"finished": True, "passed": True, "version": 1}, Level.OK, "passed"),
        ({"finished": True, "passed": True, "version": 7}, Level.WARN, "of an older configuration"),
        ({"finished": True, "passed": False, "version": 1}, Level.WARN, "failed"),
        ({"finished": False, "passed": False, "version": 1}, Level.WARN, "started, no response"),
        (None, Level.WARN, "none"),
    ],
)
def test_the_last_test_is_said(
    healthy: Connection, test: dict[str, Any] | None, level: Level, words: str
) -> None:
    healthy.tests.all().delete()
    if test is not None:
        now = timezone.now()
        healthy.tests.create(
            version=test["version"],
            started_at=now,
            finished_at=now if test["finished"] else None,
            passed=test["passed"],
        )
    assert found(healthy, "last test").level is level
    assert words in found(healthy, "last test").words


def test_a_fault_of_the_set_up_since_the_last_sign_in_fails(healthy: Connection) -> None:
    now = timezone.now()
    refuse(healthy, Refusal.WRONG_AUDIENCE, now - timedelta(hours=1), Flow.SSO_PAGE)
    assert found(healthy, "failures").level is Level.WARN
    refuse(healthy, Refusal.WRONG_AUDIENCE, now + timedelta(seconds=1))
    failure = found(healthy, "failures")
    assert failure.level is Level.FAIL
    assert failure.words.startswith("2 × Invalid audience, last ")
    assert "SSO-" in failure.words
    assert failure.cure.startswith("OneLogin: Applications")


def test_a_fault_that_was_cured_since_is_no_fault_any_more(healthy: Connection) -> None:
    refuse(healthy, Refusal.WRONG_AUDIENCE, timezone.now() - timedelta(hours=1))
    cured = found(healthy, "failures")
    assert (cured.level, cured.cure, cured.is_cured) == (Level.OK, "", True)
    assert "1 × Invalid audience" in cured.words
    assert "Cured since: a sign-in succeeded on " in cured.words
    assert not found(healthy, "last sign-in").is_cured


def test_what_concerns_one_person_is_a_warning(healthy: Connection) -> None:
    refuse(healthy, Refusal.NO_SEAT, timezone.now() + timedelta(seconds=1))
    assert found(healthy, "failures").level is Level.WARN


def test_failed_tests_keep_nobody_out(healthy: Connection) -> None:
    refuse(healthy, Refusal.WRONG_AUDIENCE, timezone.now() + timedelta(seconds=1), Flow.TEST)
    test = healthy.tests.create(version=1)
    pending.start(healthy, timezone.now() - timedelta(hours=1), test=test)
    assert found(healthy, "failures").words == "none in the last 7 days"


def test_unanswered_requests_are_counted(healthy: Connection) -> None:
    pending.start(healthy, timezone.now() - timedelta(hours=1))
    silent = found(healthy, "unanswered")
    assert silent.level is Level.WARN
    assert silent.words.startswith("1 × Started, no response")


def test_a_code_of_another_release_is_a_warning(healthy: Connection) -> None:
    refuse(healthy, Refusal.EXPIRED, timezone.now())
    healthy.events.filter(refusal="expired").update(refusal="of_tomorrow")
    assert found(healthy, "failures").words.startswith("1 × of_tomorrow")


def test_nobody_yet_is_a_warning_only_when_it_is_on(connection: Connection) -> None:
    assert found(connection, "last sign-in").level is Level.WARN
    Connection.objects.update(enabled_at=None)
    assert found(connection, "last sign-in").level is Level.OK


def test_no_free_seat_is_warned_about(healthy: Connection) -> None:
    Organization.objects.update(seat_limit=1)
    assert found(healthy, "seats").level is Level.WARN
    assert found(healthy, "seats").words == "0 free, 1 of 1 taken"


def test_the_worst_counts() -> None:
    findings = [Finding(level, "", "") for level in (Level.OK, Level.WARN)]
    assert worst(findings) is Level.WARN
