"""Signing in with a password: five failures lock for thirty minutes, and every failure looks the same.

Counted in the database, so that all processes count together.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth.hashers import make_password
from django.core.mail import send_mail
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.addresses import canonical_email
from accounts.mail_later import later
from accounts.models import User

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=30)
_NOBODY = 0


def sign_in_with_password(email: str, password: str, now: datetime) -> User | None:
    """The member with this email and password, or None: unknown, wrong, locked and deactivated are one answer.

    A password is hashed and the same queries run in every case, so that the time tells nothing either.
    """
    user = User.objects.select_related("organization").filter(email=canonical_email(email)).first()
    if user is None or not user.has_usable_password():
        make_password(password)
        _count_failure(None, now)
        return None
    matches = user.check_password(password)
    is_locked = user.locked_until is not None and now < user.locked_until
    if not matches or is_locked or not user.is_active:
        _count_failure(None if matches or is_locked else user, now)
        return None
    if user.failed_passwords or user.locked_until:
        User.objects.filter(pk=user.pk).update(failed_passwords=0, locked_until=None)
    return user


def _count_failure(user: User | None, now: datetime) -> None:
    """Count it for the member; for nobody, do the same work on no row."""
    rows = User.objects.filter(pk=user.pk if user else _NOBODY)
    rows.update(failed_passwords=F("failed_passwords") + 1)
    # Only the failure that reaches the limit locks, so that only one notice is sent.
    locks = rows.filter(failed_passwords__gte=FAILURES_ALLOWED).update(
        failed_passwords=0, locked_until=now + LOCKED_FOR
    )
    if locks and user is not None:
        later(partial(_send_notice, user.email))


def _send_notice(address: str) -> None:
    send_mail(
        _("Your JustCall sign-in is locked for 30 minutes"),
        _(
            "Somebody entered a wrong password for your JustCall account five times, so signing in with a "
            "password is locked for 30 minutes.\n\nIf it was not you, change your password afterwards."
        ),
        None,
        [address],
    )
