"""`manage.py sso_explain`: the check list in a terminal, its exit codes, and what it never prints."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from sso.models import Connection, Flow
from sso.refusals import Refusal
from tests.cast import Arrivals, Newest
from tests.recording import count_all_rows, record_event
from tests.saml.messages import encode


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, what was printed, and why it did not end with 0."""
    out = io.StringIO()
    try:
        call_command("sso_explain", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[str], str]:
    def save(content: str) -> str:
        path = tmp_path / "pasted"
        path.write_text(content)
        return str(path)

    return save


def test_a_good_message_ends_with_0(arrivals: Arrivals, saved: Callable[[str], str]) -> None:
    code, told, _why = run(saved(arrivals.of("nora@acme.example")))
    assert code == 0
    assert "acme (" in told
    assert "17 of 17 checks passed." in told
    assert "nora@acme.example would be created as Agent" in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= 120


def test_a_failed_check_ends_with_1_and_its_cure(arrivals: Arrivals, saved: Callable[[str], str]) -> None:
    code, told, why = run(
        saved(arrivals.of("nora@acme.example", audiences=(arrivals.connection.entity_id[:-1],)))
    )
    assert code == 1
    assert why == "The sign-in fails."
    lines = told.splitlines()
    assert any(line.startswith("FAIL  Audience") and line.endswith("Invalid audience") for line in lines)
    assert "      expected  " + arrivals.connection.entity_id in lines
    assert "      received  " + arrivals.connection.entity_id[:-1] in lines
    assert any(line.startswith("      fix       OneLogin: Applications") for line in lines)
    assert any(line.startswith("ok    Issuer") for line in lines)
    assert any(line.startswith("-     Second, independent") for line in lines)


def test_nothing_is_written(arrivals: Arrivals, saved: Callable[[str], str]) -> None:
    before = count_all_rows()
    run(saved(arrivals.of("nora@acme.example")))
    assert count_all_rows() == before


@pytest.mark.parametrize("at", ["made", "the time"])
def test_it_judges_at_a_time_of_choice(arrivals: Arrivals, saved: Callable[[str], str], at: str) -> None:
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    path = saved(arrivals.of("nora@acme.example", now=made))
    code, told, _why = run(path)
    assert code == 1
    assert "23 hours after it had expired" in " ".join(told.split())
    at = f"{made:%Y-%m-%dT%H:%M:%S}" if at == "the time" else at
    code, told, _why = run(path, "--at", at)
    assert code == 0
    assert "It goes by the clock of this moment" in told.replace("\n" + " " * 38, " ")


def test_standard_input_is_read(arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(arrivals.of("nora@acme.example").encode())))
    assert run()[0] == 0


@pytest.mark.parametrize("named", ["slug", "public id"])
def test_a_connection_is_named_by_slug_or_id(
    arrivals: Arrivals, saved: Callable[[str], str], named: str
) -> None:
    name = "acme" if named == "slug" else arrivals.connection.public_id
    other = {"destination": "https://x.example/", "recipient": "https://x.example/", "audiences": ("x",)}
    path = saved(arrivals.of("nora@acme.example", **other))
    code, told, why = run(path)
    assert (code, told) == (2, "")
    assert "--connection" in why
    code, told, _why = run(path, "--connection", name)
    assert code == 1
    assert "Wrong destination" in told


@pytest.mark.parametrize("form", ["option", "argument", "file"])
def test_a_reference_is_explained(
    arrivals: Arrivals, last_event: Newest, saved: Callable[[str], str], form: str
) -> None:
    arrivals.post(arrivals.of("nora@acme.example", audiences=("https://wrong.example/",)))
    reference = last_event().reference
    arguments = {
        "option": ("--reference", reference.lower()),
        "argument": (reference,),
        "file": (saved(f"Reference {reference} · 14:09 UTC"),),
    }[form]
    code, told, why = run(*arguments)
    assert (code, why) == (1, "The sign-in failed.")
    assert "https://wrong.example/" in told
    assert run(*arguments, "--connection", "acme")[0] == 1


def test_a_reference_of_a_success_ends_with_0(arrivals: Arrivals, last_event: Newest) -> None:
    arrivals.post(arrivals.of("nora@acme.example"))
    assert run("--reference", last_event().reference)[0] == 0


def test_a_refusal_before_any_message_has_its_cure(connection: Connection) -> None:
    event = record_event(
        flow=Flow.SSO_PAGE, now=timezone.now(), organization=connection.organization, refusal=Refusal.SSO_OFF
    )
    code, told, _why = run("--reference", event.reference)
    assert code == 1
    assert "Single sign-on is off" in told
    assert "fix       JustCall: Settings" in told


def test_a_reference_is_sought_in_the_company_that_is_named(
    arrivals: Arrivals, last_event: Newest, globex: Any
) -> None:
    Connection.objects.create(organization=globex)
    arrivals.post(arrivals.of("nora@acme.example"))
    code, told, why = run("--reference", last_event().reference, "--connection", "globex")
    assert (code, told) == (2, "")
    assert "no sign-in has this reference" in why


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("/no/such/file",), "No such file"),
        (("--reference", "nonsense!"), "a reference is SSO-"),
        (("--reference", "SSO-22222222"), "no sign-in has this reference"),
        (("--connection", "nobody", "x"), "no organization or connection"),
        (("--at", "yesterday", "x"), "not a time"),
    ],
)
def test_wrong_usage_ends_with_2(db: None, arguments: tuple[str, ...], words: str) -> None:
    code, told, why = run(*arguments)
    assert (code, told) == (2, "")
    assert words in why


@pytest.mark.parametrize(
    ("content", "words"), [("<samlp:AuthnRequest/>", "This is a SAMLRequest"), ("", "There is nothing in it")]
)
def test_what_is_no_message_ends_with_2(
    db: None, saved: Callable[[str], str], content: str, words: str
) -> None:
    code, _told, why = run(saved(content))
    assert code == 2
    assert words in why


def test_a_broken_response_is_a_failed_check(connection: Connection, saved: Callable[[str], str]) -> None:
    path = saved(encode("<samlp:Response>x</samlp:Response>"))
    assert run(path)[0] == 2
    code, told, _why = run(path, "--connection", "acme")
    assert code == 1
    assert "Not a SAML response" in told


def test_json_says_the_same(arrivals: Arrivals, saved: Callable[[str], str], last_event: Newest) -> None:
    field = arrivals.of("nora@acme.example", audiences=("https://wrong.example/",))
    code, told, _why = run(saved(field), "--json")
    said = json.loads(told)
    assert (code, said["passed"], said["reference"]) == (1, False, None)
    audience = next(row for row in said["checks"] if row["check"] == "audience")
    assert (audience["outcome"], audience["refusal"]) == ("failed", "wrong_audience")
    assert audience["fix"]["menu_path"].endswith("Audience (EntityID)")
    arrivals.post(field)
    said = json.loads(run("--reference", last_event().reference, "--json")[1])
    assert said["refusal"] == "wrong_audience"
    assert said["fix"]["system"] == "OneLogin"


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_secret_and_no_whole_name_id_is_printed(
    arrivals: Arrivals, saved: Callable[[str], str], options: tuple[str, ...]
) -> None:
    persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    field = arrivals.of("nora@acme.example", name_id="7f3e9a-whole-name-id", name_id_format=persistent)
    _code, told, _why = run(saved(field), *options)
    assert "7f3e" in told
    assert "whole-name-id" not in told
    xml = base64.b64decode("".join(field.split())).decode()
    for secret in (
        xml.partition("SignatureValue>")[2][:40],
        arrivals.connection.sp_keys.get().sealed_private_key[:40],
    ):
        assert secret not in told


@pytest.mark.parametrize(
    ("linked", "email", "title"),
    [
        ("the-first-name-id", "", "Linked to another NameID"),
        ("the-first@name-id.example", "", "NameID in another format"),
        ("another-name-id", "agnes.new@acme.example", "Same person, another email"),
    ],
)
def test_a_moved_link_names_neither_name_id(
    linked: str, email: str, title: str, arrivals: Arrivals, saved: Callable[[str], str], agent: User
) -> None:
    persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    arrivals.connection.identities.create(name_id=linked, user=agent)
    field = arrivals.of(email or agent.email, name_id="another-name-id", name_id_format=persistent)
    code, told, _why = run(saved(field))
    assert code == 1
    assert title in told
    assert "the-first" not in told
    assert "another-name-id" not in told


def test_nothing_in_a_message_speaks_to_the_terminal(arrivals: Arrivals, saved: Callable[[str], str]) -> None:
    rows = (("email", ("nora@acme.example",)), ("firstName", ("\u009b31mNora",)))
    _code, told, _why = run(
        saved(arrivals.of("nora@acme.example", attributes=rows, audiences=("a\u202eb\u009bc",)))
    )
    assert "\u009b" not in told
    assert "\u202e" not in told


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("sso_explain", "--help")
    told = capsys.readouterr().out
    assert "examples:" in told
    assert "Exit codes" in told
