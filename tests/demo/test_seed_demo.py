"""The demo's companies and people."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import Organization, User
from accounts.plans import Plan

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


def _seed() -> str:
    output = StringIO()
    call_command("seed_demo", stdout=output)
    return output.getvalue()


def test_it_makes_the_cast_and_prints_every_login() -> None:
    printed = _seed()
    assert dict(Organization.objects.values_list("name", "plan")) == {
        "Acme": Plan.BUSINESS.value,
        "Globex": Plan.BUSINESS.value,
        "Initech": Plan.PRO.value,
    }
    for email in User.objects.values_list("email", flat=True):
        assert email in printed
    acme = Organization.objects.get(slug="acme")
    assert acme.domains.filter(name="acme.example", verified_at__isnull=False).exists()


def test_the_printed_password_signs_in() -> None:
    from sso.management.commands.seed_demo import PASSWORD

    assert PASSWORD in _seed()
    assert authenticate(None, username="adam@acme.example", password=PASSWORD)


def test_it_keeps_what_people_changed() -> None:
    _seed()
    Organization.objects.filter(slug="initech").update(plan=Plan.BUSINESS.value)
    olivia = User.objects.get(email="olivia@acme.example")
    olivia.set_password("a password of her own")
    olivia.save(update_fields=["password"])
    Organization.objects.get(slug="acme").domains.all().delete()

    _seed()

    assert Organization.objects.get(slug="initech").plan == Plan.BUSINESS.value
    assert User.objects.get(email="olivia@acme.example").check_password("a password of her own")
    assert not Organization.objects.get(slug="acme").domains.exists()
    assert User.objects.count() == 5


def test_it_makes_no_public_passwords_on_a_public_host(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://sso.justcall.example"
    with pytest.raises(CommandError, match=r"sso\.justcall\.example"):
        _seed()
    assert not User.objects.exists()
