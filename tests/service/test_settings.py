"""The service starts with good settings, and says by name what is wrong with bad ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.production import in_production

ROOT = Path(__file__).resolve().parents[2]


def test_a_production_passes_all_of_djangos_deployment_checks() -> None:
    outcome = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SECRET_KEY", None, "SECRET_KEY is missing"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("KEY_ENCRYPTION_KEYS", None, "KEY_ENCRYPTION_KEYS is missing"),
        ("KEY_ENCRYPTION_KEYS", "nonsense", "Key 1 of KEY_ENCRYPTION_KEYS is not a Fernet key"),
        ("PUBLIC_BASE_URL", None, "PUBLIC_BASE_URL is missing"),
        ("PUBLIC_BASE_URL", "http://sso.justcall.example", "PUBLIC_BASE_URL is not https"),
        ("PUBLIC_BASE_URL", "https://justcall.example/sso", "more than scheme, host and port"),
        ("PUBLIC_BASE_URL", "sso.justcall.example", "not a web address"),
        ("ALLOWED_HOSTS", "other.example", "ALLOWED_HOSTS does not contain sso.justcall.example"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS allows every host"),
        ("EMAIL_URL", None, "EMAIL_URL is missing"),
        ("DEFAULT_FROM_EMAIL", None, "DEFAULT_FROM_EMAIL is missing"),
        ("DNS_RESOLVERS", "192.0.2.1", "not host:port"),
        ("LOG_FORMAT", "yaml", "LOG_FORMAT"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL"),
        ("DATABASE_URL", "mysql://db/justcall", "Must begin with one of: postgres://"),
        ("DATABASE_URL", "postgres://db:port/justcall", "DATABASE_URL"),
        ("EMAIL_URL", "mailto:somebody", "Must begin with one of: submission://"),
        ("PUBLIC_BASE_URL", "https://[sso", "Not a web address"),
        ("TRUSTED_PROXY_COUNT", "-1", "TRUSTED_PROXY_COUNT"),
        ("DATABASE_LOCK_TIMEOUT", "4", "not shorter than DATABASE_STATEMENT_TIMEOUT"),
        ("DATABASE_STATEMENT_TIMEOUT", "0", "DATABASE_STATEMENT_TIMEOUT"),
        ("METRICS_TOKEN", "a-guess", "METRICS_TOKEN is too short (7 characters)"),
        ("DEBUG", "1", "DEBUG is on for a public address"),
        ("DEBUG", "perhaps", "DEBUG"),
    ],
)
def test_the_server_does_not_start_and_says_which_variable_and_what_to_do(
    variable: str, value: str | None, says: str
) -> None:
    outcome = in_production("-c", "import justcall_sso.wsgi", **{variable: value})
    assert outcome.returncode == 3
    assert says in outcome.stderr
    assert variable in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.slow
def test_gunicorn_ends_at_once_when_settings_are_refused() -> None:
    outcome = in_production("-m", "gunicorn", SECRET_KEY=None, BIND="127.0.0.1:0")
    assert outcome.returncode == 3
    assert "SECRET_KEY is missing" in outcome.stderr


def test_a_start_without_a_proxy_is_warned_of() -> None:
    says = "TRUSTED_PROXY_COUNT is 0"
    alone = in_production("-c", "import justcall_sso.wsgi", TRUSTED_PROXY_COUNT="0")
    assert (alone.returncode, says in alone.stderr) == (0, True)
    assert says not in in_production("-c", "import justcall_sso.wsgi").stderr
    at_home = in_production(
        "-c", "import justcall_sso.wsgi", TRUSTED_PROXY_COUNT="0", PUBLIC_BASE_URL="http://localhost:8000"
    )
    assert says not in at_home.stderr


def test_manage_py_refuses_the_same() -> None:
    outcome = in_production("manage.py", "check", EMAIL_URL=None)
    assert outcome.returncode == 1
    assert "EMAIL_URL is missing" in outcome.stderr


def test_manage_py_names_a_variable_it_cannot_read() -> None:
    outcome = in_production("manage.py", "check", DATABASE_CONN_MAX_AGE="long")
    assert outcome.returncode == 1
    assert "DATABASE_CONN_MAX_AGE" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_every_variable_the_settings_read_is_in_the_example_and_back() -> None:
    sources = [ROOT / "justcall_sso/settings.py", ROOT / "gunicorn.conf.py"]
    read = set()
    for source in sources:
        read |= set(re.findall(r"env(?:iron)?\.\w+\(\s*\"([A-Z_]+)\"", source.read_text(encoding="utf-8")))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    described = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    # One is read by compose.yaml, and by nothing of ours.
    assert read | {"POSTGRES_PASSWORD"} == described


def test_cookies_are_bound_to_the_host_and_to_https_in_production() -> None:
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    program = f"from justcall_sso import settings as s; print(*[getattr(s, n) for n in {names}])"
    assert in_production("-c", program).stdout.split() == [
        "__Host-sessionid",
        "__Host-csrftoken",
        "True",
        "True",
    ]
