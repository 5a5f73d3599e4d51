"""Signing in with a password: five failures lock for thirty minutes, and every failure looks the same.

Counted in the database, so that all processes count together.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.core.mail import send_mail
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User, canonical_email

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=30)


def sign_in_with_password(email: str, password: str, now: datetime) -> User | None:
    """The member with this email and password, or None: unknown, wrong, locked and deactivated are one answer.

    A password is hashed in every case, so that the time tells nothing either.
    """
    user = User.objects.select_related("organization").filter(email=canonical_email(email)).first()
    if user is None or not user.has_usable_password():
        make_password(password)
        return None
    matches = user.check_password(password)
    if user.locked_until is not None and now < user.locked_until:
        return None
    if not matches:
        _count_failure(user, now)
        return None
    if user.failed_passwords or user.locked_until:
        User.objects.filter(pk=user.pk).update(failed_passwords=0, locked_until=None)
    return user if user.is_active else None


def _count_failure(user: User, now: datetime) -> None:
    rows = User.objects.filter(pk=user.pk)
    rows.update(failed_passwords=F("failed_passwords") + 1)
    # Only the failure that reaches the limit locks, so that only one notice is sent.
    if rows.filter(failed_passwords__gte=FAILURES_ALLOWED).update(
        failed_passwords=0, locked_until=now + LOCKED_FOR
    ):
        send_mail(
            _("Your JustCall sign-in is locked for 30 minutes"),
            _(
                "Somebody entered a wrong password for your JustCall account five times, so signing in with a "
                "password is locked for 30 minutes.\n\nIf it was not you, change your password afterwards."
            ),
            None,
            [user.email],
        )
