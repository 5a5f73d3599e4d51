"""The project as an app, so that Django runs its checks of the settings."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class JustCallConfig(AppConfig):
    name = "justcall_sso"
    verbose_name = "JustCall SSO"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from justcall_sso import checks  # noqa: F401
        from justcall_sso.database_waits import limit_waits_of_a_command
        from justcall_sso.metrics import count_sign_in

        post_save.connect(count_sign_in, sender="sso.SignInEvent")
        connection_created.connect(limit_waits_of_a_command)
