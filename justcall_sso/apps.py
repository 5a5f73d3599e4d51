"""The project as an app, so that Django runs its checks of the settings."""

from django.apps import AppConfig


class JustCallConfig(AppConfig):
    name = "justcall_sso"
    verbose_name = "JustCall SSO"

    def ready(self) -> None:
        from justcall_sso import checks  # noqa: F401
