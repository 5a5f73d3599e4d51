"""`manage.py sso_check`: the health of a configuration, its cures, and exit codes."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organization
from sso.models import Connection
from sso.refusals import Refusal
from tests.cast import connect
from tests.recording import count_all_rows, refuse
from tests.saml.messages import IdentityProvider


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, and standard error with the reason at its end."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("sso_check", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


def test_a_healthy_configuration_ends_with_0(healthy: Connection) -> None:
    code, told, error = run("acme")
    assert (code, error) == (0, "")
    assert "0 failing, 0 to look at, 11 fine." in told
    for words in (
        "Business",
        "acme.example verified",
        "days left, last used",
        "can be unsealed",
        "9 free, 1 of 10",
    ):
        assert words in told
    assert all(len(line) <= 100 for line in told.splitlines())


def test_it_changes_nothing_and_its_queries_are_counted(healthy: Connection) -> None:
    with CaptureQueriesContext(database) as few:
        run("acme")
    for hours in range(20):
        refuse(healthy, Refusal.EXPIRED, timezone.now() - timedelta(hours=hours))
    before = count_all_rows()
    with CaptureQueriesContext(database) as many:
        run("acme")
    assert len(few) == len(many)
    assert count_all_rows() == before


def test_a_lower_plan_fails_with_its_cure(healthy: Connection) -> None:
    Organization.objects.update(plan="pro")
    code, told, error = run("acme")
    assert code == 1
    assert "failing" in error
    assert "FAIL  plan           Pro does not include single sign-on" in told
    assert "→ Move the organization to Business." in told
    assert "Paused: plan" in told


def test_no_configuration_fails(acme: Organization) -> None:
    code, told, _error = run("acme")
    assert code == 1
    assert "no single sign-on configuration" in told


def test_a_second_certificate_has_its_own_line(healthy: Connection) -> None:
    pinned = IdentityProvider("rsa-next").pinned
    healthy.certificates.create(
        pem=pinned.pem, sha256=pinned.sha256, not_before=pinned.not_before, not_after=pinned.not_after
    )
    assert run("acme")[1].count("days left") == 2


def test_all_is_one_line_each(
    healthy: Connection, globex: Organization, initech: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sso.management.commands.sso_check._EVERY", 1)
    connect(globex)
    Connection.objects.filter(organization=globex).update(sso_url="")
    code, told, error = run("--all")
    assert code == 1
    acme, other = told.splitlines()
    assert acme == "OK    acme"
    assert other.startswith("FAIL  globex")
    assert "details: missing: SSO URL" in other
    assert "1 of 2 checked" in error
    assert "2 checked: 1 fail, 0 with warnings, 1 OK" in error


def test_json_says_the_same(healthy: Connection) -> None:
    code, told, _error = run("acme", "--json")
    said = json.loads(told)
    assert (code, said["organization"], said["level"]) == (0, "acme", "ok")
    assert {"level", "subject", "words", "cure"} == set(said["findings"][0])
    assert [json.loads(line)["organization"] for line in run("--all", "--json")[1].splitlines()] == ["acme"]


@pytest.mark.parametrize("arguments", [(), ("acme", "--all"), ("nobody",)])
def test_wrong_usage_ends_with_2(db: None, arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("sso_check", "--help")
    assert "examples:" in capsys.readouterr().out
