"""KEY_ENCRYPTION_KEYS are rotated without anybody noticing, and a key removed too early is named."""

from __future__ import annotations

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import Organization, User
from accounts.sealing import CannotUnseal
from sso.connection.expected import config_of
from sso.connection.sp_keys import private_key_pem
from sso.models import Connection, ServiceProviderKey
from tests.cast import Arrivals, connect
from tests.production import in_production
from tests.saml.messages import IdentityProvider

NEW = Fernet.generate_key().decode()


@pytest.fixture
def two_keys(acme: Organization, globex: Organization) -> list[ServiceProviderKey]:
    for company in (acme, globex):
        connect(company)
    return list(ServiceProviderKey.objects.all())


def _reseal(*options: str) -> str:
    out = StringIO()
    call_command("reseal_keys", *options, stdout=out)
    return out.getvalue()


def _opened() -> list[bytes]:
    return [private_key_pem(key) for key in ServiceProviderKey.objects.order_by("pk")]


@pytest.mark.usefixtures("two_keys")
class TestRotation:
    def test_everything_is_sealed_with_the_first_key_and_the_old_one_can_go(self, settings: Settings) -> None:
        before, (old,) = _opened(), settings.KEY_ENCRYPTION_KEYS
        settings.KEY_ENCRYPTION_KEYS = [NEW, old]
        assert "2 sealed again with the first key" in _reseal()
        settings.KEY_ENCRYPTION_KEYS = [NEW]
        assert _opened() == before
        settings.KEY_ENCRYPTION_KEYS = [old]
        with pytest.raises(CannotUnseal):
            _opened()

    def test_a_second_run_finds_nothing_to_do(self, settings: Settings) -> None:
        settings.KEY_ENCRYPTION_KEYS = [NEW, *settings.KEY_ENCRYPTION_KEYS]
        _reseal()
        rows = list(ServiceProviderKey.objects.values())
        said = _reseal()
        assert "0 sealed again" in said
        assert "2 sealed with the first key already" in said
        assert list(ServiceProviderKey.objects.values()) == rows

    def test_a_dry_run_changes_nothing(self, settings: Settings) -> None:
        rows = list(ServiceProviderKey.objects.values())
        settings.KEY_ENCRYPTION_KEYS = [NEW, *settings.KEY_ENCRYPTION_KEYS]
        assert "2 would be sealed again" in _reseal("--dry-run")
        assert list(ServiceProviderKey.objects.values()) == rows

    @pytest.mark.parametrize("options", [(), ("--dry-run",)])
    def test_a_key_removed_too_early_is_said_with_how_many_and_an_exit_code(
        self, settings: Settings, options: tuple[str, ...]
    ) -> None:
        rows = list(ServiceProviderKey.objects.values())
        settings.KEY_ENCRYPTION_KEYS = [NEW]
        with pytest.raises(CommandError, match="2 cannot be opened") as failed:
            _reseal(*options)
        assert failed.value.returncode == 1
        assert list(ServiceProviderKey.objects.values()) == rows

    def test_what_can_be_opened_is_resealed_beside_what_cannot(self, settings: Settings) -> None:
        old = settings.KEY_ENCRYPTION_KEYS
        lost = ServiceProviderKey.objects.earliest("pk")
        lost.sealed_private_key = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
        lost.save(update_fields=["sealed_private_key"])
        settings.KEY_ENCRYPTION_KEYS = [NEW, *old]
        with pytest.raises(CommandError, match="1 cannot be opened"):
            _reseal()
        settings.KEY_ENCRYPTION_KEYS = [NEW]
        assert private_key_pem(ServiceProviderKey.objects.latest("pk"))


def test_people_sign_in_while_their_companys_key_cannot_be_opened(
    acme: Organization, agent: User, settings: Settings
) -> None:
    connection = connect(acme)
    settings.KEY_ENCRYPTION_KEYS = [NEW]
    arrivals = Arrivals(connection)
    assert config_of(connection).decryption_keys == ()
    assert arrivals.post(arrivals.of(agent.email)).status_code == 303
    assert Client().get(f"/sso/saml/{connection.public_id}/metadata/").status_code == 200


def test_a_copy_of_the_database_opens_no_private_key(acme: Organization) -> None:
    connect(acme, IdentityProvider())
    row = ServiceProviderKey.objects.values().get()
    assert "PRIVATE KEY" not in str(row)
    assert not [field.name for field in Connection._meta.get_fields() if "private" in field.name.lower()]


def test_the_command_explains_itself() -> None:
    outcome = in_production("manage.py", "reseal_keys", "--help")
    assert outcome.returncode == 0
    assert "Exit codes" in outcome.stdout
    assert "--dry-run" in outcome.stdout
    assert in_production("manage.py", "reseal_keys", "--nonsense").returncode == 2
