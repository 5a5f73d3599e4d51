"""The release before runs beside this one while an upgrade goes on: migrations only add, and its rows still count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as database
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, Field

from tests.cast import IDP
from tests.own_postgres import own_postgres, programs
from tests.saml.messages import ISSUER
from tests.service.company_of_its_own import fill, sign_in
from tests.service.own_app import OwnApp, own_app

# The newest migrations of the release before. To be raised with each release.
BEFORE = [("accounts", "0001_organizations_and_members"), ("sso", "0005_guide_of_nobody")]
_OURS = ("accounts", "sso")

# A company as the release before writes it, with its tables' shape of that time.
_FILL = f"""
from datetime import timedelta
from django.db import connection as database
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from sso.saml.pasted.certificates import read_certificate
now = timezone.now()
older = MigrationLoader(database).project_state({BEFORE!r}).apps
row = lambda app, model, **fields: older.get_model(app, model).objects.create(**fields)
company = row("accounts", "Organization", name="%(name)s", slug="%(name)s", plan="business")
row("accounts", "EmailDomain", organization=company, name="%(name)s.example", verified_at=now)
person = row("accounts", "User", organization=company, email="agnes@%(name)s.example", password="!")
week = now + timedelta(days=7)
row("accounts", "Invitation", organization=company, email="nora@%(name)s.example", token_hash="%(name)s", expires_at=week)
row("accounts", "AuditEntry", organization=company, actor=person, action="sso.enabled")
row("accounts", "Throttle", key="%(name)s", window_ends_at=now)
connection = row(
    "sso", "Connection", organization=company, public_id="%(public_id)s", guide="onelogin",
    idp_entity_id="{ISSUER}", sso_url="https://acme.onelogin.com/trust/saml2/http-post/sso/1", enabled_at=now,
)
pinned = read_certificate({IDP.pem!r})
row(
    "sso", "IdpCertificate", connection=connection, pem=pinned.pem, sha256=pinned.sha256,
    not_before=pinned.not_before, not_after=pinned.not_after,
)
row("sso", "LinkedIdentity", connection=connection, user=person, name_id="agnes@%(name)s.example")
row("sso", "ConnectionTest", connection=connection, version=1)
row("sso", "PendingLogin", connection=connection, request_id="_%(name)s", browser_hash="x", expires_at=now)
row("sso", "ConsumedAssertion", connection=connection, id_hash="x", expires_at=now)
event = row(
    "sso", "SignInEvent", organization=company, connection=connection, reference="SSO-%(name)s", flow="tile",
    refusal="wrong_audience",
)
row("sso", "FirstCause", organization=company, cause="wrong_audience", day=now.date(), event=event)
"""


def _public_id(name: str) -> str:
    return name.encode().hex().ljust(32, "0")


def _filling(name: str) -> str:
    return _FILL % {"name": name, "public_id": _public_id(name)}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'justcall.sqlite3'}"
        return
    if programs() is None:
        pytest.skip("no PostgreSQL here")
    with own_postgres() as postgres:
        yield postgres.url


@pytest.mark.slow
def test_what_the_release_before_has_written_signs_in_after_the_upgrade_and_what_it_goes_on_writing(
    url: str, tmp_path: Path
) -> None:
    commands = OwnApp(url, tmp_path)
    for each in BEFORE:
        outcome = commands.manage("migrate", *each, "-v", "0")
        assert outcome.returncode == 0, outcome.stderr
    fill(commands, _filling("before"))
    assert commands.manage("migrate", "-v", "0").returncode == 0
    # Still running, beside this one.
    fill(commands, _filling("beside"))
    with own_app(url, tmp_path, migrate=False) as app:
        for name in ("before", "beside"):
            came = sign_in(app, f"agnes@{name}.example", public_id=_public_id(name))
            assert came.status == 303
            assert app.get("/", session=came.session).status == 200
            # By invitation, too.
            assert sign_in(app, f"nora@{name}.example", public_id=_public_id(name)).status == 303
        assert app.manage("housekeeping").returncode == 0
        assert "FAIL" not in app.manage("sso_check", "--all").stdout


def _models_of(nodes: list[tuple[str, str]] | None) -> dict[str, Any]:
    loader = MigrationLoader(database)
    state = loader.project_state(nodes) if nodes else loader.project_state()
    return {
        f"{model._meta.label}": model for model in state.apps.get_models() if model._meta.app_label in _OURS
    }


def test_migrations_since_the_release_before_only_add(db: None) -> None:
    before, now = _models_of(BEFORE), _models_of(None)
    complaints = [f"{label} is gone" for label in before if label not in now]
    for label, older in before.items():
        complaints += _complaints(older, now.get(label, older))
    assert complaints == []


def _complaints(older: Any, newer: Any) -> Iterator[str]:
    """What the release before would stumble over when it reads or writes this table."""
    had = {field.name: field for field in older._meta.local_concrete_fields}
    has = {field.name: field for field in newer._meta.local_concrete_fields}
    where = older._meta.label
    if older._meta.db_table != newer._meta.db_table:
        yield f"{where} is in another table"
    for name, field in had.items():
        if name not in has:
            yield f"{where}.{name} is gone"
        elif has[name].column != field.column or has[name].db_type(database) != field.db_type(database):
            yield f"{where}.{name} is another column"
        elif field.null and not has[name].null:
            yield f"{where}.{name} must have a value now"
    for name in set(has) - set(had):
        if not _fills_itself(has[name]):
            yield f"{where}.{name} must have a value, and the release before gives none: add db_default"


def _fills_itself(field: Field[Any, Any]) -> bool:
    return field.null or field.db_default is not NOT_PROVIDED


def test_a_migration_that_does_more_than_add_is_found(db: None) -> None:
    older, newer = (_models_of(nodes)["sso.LinkedIdentity"] for nodes in (BEFORE, None))
    assert list(_complaints(newer, older)) == ["sso.LinkedIdentity.name_id_kind is gone"]
    assert not _fills_itself(models.CharField(default="filled by Django alone"))
    assert _fills_itself(models.CharField(db_default="filled by the database"))
    assert _fills_itself(models.DateTimeField(null=True))
