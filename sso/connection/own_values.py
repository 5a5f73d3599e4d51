"""JustCall's values of a connection that are pasted into the identity provider's console."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from sso.guides import guide_named
from sso.guides.recognition import acs_url_validator
from sso.models import Connection

_LABELS = {
    "acs_url": gettext_noop("ACS URL"),
    "acs_url_validator": gettext_noop("ACS URL Validator"),
    "entity_id": gettext_noop("Entity ID"),
    "login_url": gettext_noop("Your company's sign-in address"),
    "certificate": gettext_noop("Certificate for encryption"),
}


@dataclass(frozen=True, slots=True)
class OwnValue:
    """One value with its label. One of several lines is copied, and not shown."""

    label: str
    text: str

    @property
    def is_long(self) -> bool:
        return "\n" in self.text


def own_values(connection: Connection, names: Iterable[str]) -> list[OwnValue]:
    """The values with these names, without those that this connection or its guide does not have."""
    found = ((name, _value(connection, name)) for name in names)
    return [OwnValue(gettext(_LABELS[name]), text) for name, text in found if text]


def _value(connection: Connection, name: str) -> str:
    guide = guide_named(connection.guide)
    match name:
        case "acs_url":
            return connection.acs_url
        case "entity_id":
            return connection.entity_id
        case "acs_url_validator":
            return acs_url_validator(connection.acs_url) if guide.acs_url_validator else ""
        case "login_url":
            if guide.login_url is None:
                return ""
            return settings.PUBLIC_BASE_URL + reverse("sso_start_at", args=[connection.organization.slug])
        case "certificate":
            key = connection.sp_keys.first()
            return key.certificate_pem if key else ""
    raise KeyError(name)
