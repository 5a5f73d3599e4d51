"""Checks of the settings. Each message names the environment variable and says how to set it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004
from django.core.exceptions import ImproperlyConfigured

log = logging.getLogger("justcall.settings")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SECRET_KEY_LENGTH = 50
_METRICS_TOKEN_LENGTH = 32
_NEW_SECRET_KEY = 'python -c "import secrets; print(secrets.token_urlsafe(50))"'  # noqa: S105
_NEW_FERNET_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class SettingsRefused(Exception):
    """The service must not start with these settings. The message is for the operator."""


def refuse_bad_settings() -> None:
    """Raise SettingsRefused if a setting is wrong, and log warnings. For gunicorn, which runs no checks of Django's."""
    messages = check_settings(None)
    for message in messages:
        if not message.is_serious():
            log.warning("%s %s", message.msg, message.hint)
    found = [message for message in messages if message.is_serious()]
    if found:
        lines = [f"  {message.id}: {message.msg}\n      {message.hint}" for message in found]
        raise SettingsRefused("JustCall SSO does not start with these settings:\n" + "\n".join(lines))


@register("settings")
def check_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every check, so that the operator sees all problems at once."""
    return [message for check in _CHECKS for message in check()]


def _secret_key() -> Iterator[CheckMessage]:
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    cure = f"Set SECRET_KEY to at least {_SECRET_KEY_LENGTH} random characters: {_NEW_SECRET_KEY}"
    if not key:
        yield Error("SECRET_KEY is missing.", hint=cure, id="justcall.E001")
    elif not settings.DEBUG and len(key) < _SECRET_KEY_LENGTH:
        yield Error(f"SECRET_KEY is too short ({len(key)} characters).", hint=cure, id="justcall.E001")
    elif not settings.DEBUG and key == settings.DEVELOPMENT_SECRET_KEY:
        yield Error("SECRET_KEY is the public one of development.", hint=cure, id="justcall.E001")


def _public_base_url() -> Iterator[CheckMessage]:
    url = urlsplit(settings.PUBLIC_BASE_URL)
    hint = "Set PUBLIC_BASE_URL to the address people use, such as https://sso.example.com, without a path."
    if not settings.PUBLIC_BASE_URL:
        yield Error("PUBLIC_BASE_URL is missing.", hint=hint, id="justcall.E002")
    elif url.scheme not in {"http", "https"} or not url.hostname:
        yield Error("PUBLIC_BASE_URL is not a web address.", hint=hint, id="justcall.E002")
    elif url.path or url.query or url.fragment or url.username:
        yield Error("PUBLIC_BASE_URL has more than scheme, host and port.", hint=hint, id="justcall.E002")
    elif url.scheme == "http" and url.hostname not in _LOOPBACK:
        yield Error("PUBLIC_BASE_URL is not https.", hint=hint, id="justcall.E002")
    elif settings.DEBUG and url.scheme == "https":
        yield Error(
            "DEBUG is on for a public address.", hint="Remove DEBUG or set it to 0.", id="justcall.E003"
        )


def _allowed_hosts() -> Iterator[CheckMessage]:
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname
    hosts = settings.ALLOWED_HOSTS
    hint = "Remove ALLOWED_HOSTS to allow the host of PUBLIC_BASE_URL, or list the hosts, comma-separated."
    if "*" in hosts and not settings.DEBUG:
        yield Error("ALLOWED_HOSTS allows every host.", hint=hint, id="justcall.E004")
    elif host and not any(host == name or (name.startswith(".") and host.endswith(name)) for name in hosts):
        yield Error(f"ALLOWED_HOSTS does not contain {host}.", hint=hint, id="justcall.E004")


def _encryption_keys() -> Iterator[CheckMessage]:
    hint = f"Set KEY_ENCRYPTION_KEYS to one or more Fernet keys, comma-separated: {_NEW_FERNET_KEY}"
    if not settings.KEY_ENCRYPTION_KEYS:
        yield Error("KEY_ENCRYPTION_KEYS is missing.", hint=hint, id="justcall.E005")
    for position, key in enumerate(settings.KEY_ENCRYPTION_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            yield Error(
                f"Key {position} of KEY_ENCRYPTION_KEYS is not a Fernet key.", hint=hint, id="justcall.E005"
            )
        if key == settings.DEVELOPMENT_ENCRYPTION_KEY and not settings.DEBUG:
            yield Error(
                "KEY_ENCRYPTION_KEYS has the public key of development.", hint=hint, id="justcall.E005"
            )


def _email() -> Iterator[CheckMessage]:
    if settings.EMAIL_URL == "dummy://" and not settings.DEBUG:
        yield Error(
            "EMAIL_URL is missing: invitations and password resets could not be sent.",
            hint="Set EMAIL_URL, such as submission://user:password@smtp.example.com:587",
            id="justcall.E006",
        )
    if not settings.DEFAULT_FROM_EMAIL:
        yield Error(
            "DEFAULT_FROM_EMAIL is missing.",
            hint="Set DEFAULT_FROM_EMAIL, such as JustCall <no-reply@example.com>",
            id="justcall.E006",
        )


def _resolvers() -> Iterator[CheckMessage]:
    for resolver in settings.DNS_RESOLVERS:
        host, _, port = resolver.rpartition(":")
        if not host or not port.isdigit():
            yield Error(
                f"DNS_RESOLVERS has “{resolver}”, which is not host:port.",
                hint="Write DNS_RESOLVERS as 192.0.2.1:53,192.0.2.2:53, or leave it empty for the system's.",
                id="justcall.E007",
            )


def _proxy() -> Iterator[CheckMessage]:
    if settings.SECURE_SSL_REDIRECT and not settings.SECURE_PROXY_SSL_HEADER:
        yield Warning(
            "TRUSTED_PROXY_HEADER is missing: behind a proxy that ends TLS, redirects never end.",
            hint="Set TRUSTED_PROXY_HEADER, such as X-Forwarded-Proto. Without a proxy set SSL_REDIRECT=0.",
            id="justcall.W001",
        )
    if settings.TRUSTED_PROXY_COUNT == 0 and not settings.DEBUG and settings.SERVED_BY_HTTPS:
        yield Warning(
            "TRUSTED_PROXY_COUNT is 0: nothing is said to be in front of gunicorn.",
            hint="Put a proxy in front that buffers requests, or slow clients can make others wait, and set "
            "TRUSTED_PROXY_COUNT to how many proxies append to X-Forwarded-For.",
            id="justcall.W002",
        )


def _database_waits() -> Iterator[CheckMessage]:
    if settings.DATABASE_LOCK_TIMEOUT >= settings.DATABASE_STATEMENT_TIMEOUT:
        yield Error(
            "DATABASE_LOCK_TIMEOUT is not shorter than DATABASE_STATEMENT_TIMEOUT.",
            hint="Make it shorter, or remove both for 2 and 3 seconds.",
            id="justcall.E008",
        )


def _metrics() -> Iterator[CheckMessage]:
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < _METRICS_TOKEN_LENGTH:
        yield Error(
            f"METRICS_TOKEN is too short ({len(settings.METRICS_TOKEN)} characters).",
            hint=f"Set METRICS_TOKEN to at least {_METRICS_TOKEN_LENGTH} random characters, or leave it empty: "
            f"{_NEW_SECRET_KEY}",
            id="justcall.E009",
        )


_CHECKS: list[Callable[[], Iterator[CheckMessage]]] = [
    _secret_key,
    _public_base_url,
    _allowed_hosts,
    _encryption_keys,
    _email,
    _resolvers,
    _proxy,
    _metrics,
    _database_waits,
]
