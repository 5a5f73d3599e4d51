"""The app of organizations, members, domains, passwords and sessions."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        # Whoever sends e-mails must know how each is composed.
        from accounts import domains, invitations, passwords  # noqa: F401
        from accounts.sessions import note_sign_in

        # In place of Django's own, which costs a statement each time.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(note_sign_in, dispatch_uid="note_sign_in")
