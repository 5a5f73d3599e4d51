"""SAML 2.0 single sign-on, the service provider's side."""

from django.apps import AppConfig


class SsoConfig(AppConfig):
    name = "sso"
    verbose_name = "Single sign-on"

    def ready(self) -> None:
        # Whoever sends e-mails must know how each is composed.
        from sso.log import first_causes  # noqa: F401
