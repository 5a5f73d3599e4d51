"""Signing in with a password, the lock after too many failures, and the link that sets a new one.

Nobody can tell from the answer, or from how long it takes, whether an account exists.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts import outbox
from accounts.addresses import canonical_email
from accounts.models import OutgoingEmail, User
from accounts.outbox import Facts, Letter, Occasion

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=30)
_NOBODY = 0  # no member has this key


def sign_in_with_password(email: str, password: str, now: datetime) -> User | None:
    """The member with this email and password. None if unknown, wrong, locked or deactivated.

    Each case hashes one password and runs the same queries, so that the time is the same.
    """
    user = User.objects.select_related("organization").filter(email=canonical_email(email)).first()
    if user is None or not user.has_usable_password():
        user, matches = None, False
        make_password(password)
    else:
        matches = user.check_password(password)
    known = user.pk if user else _NOBODY
    with transaction.atomic():
        # Read again, under a lock: of many tries at once, those after the last allowed failure must be refused.
        row = User.objects.select_for_update(no_key=True).filter(pk=known).first()
        is_locked = row is not None and row.locked_until is not None and now < row.locked_until
        if row is not None and matches and row.is_active and not is_locked:
            if row.failed_passwords or row.locked_until:
                User.objects.filter(pk=known).update(failed_passwords=0, locked_until=None)
            return user
        locks = _count_failure(_NOBODY if matches or is_locked else known, now)
        # Written for everybody and taken back for nearly everybody: the time must not tell whom it locks.
        notice = outbox.put("sign_in_locked", {"user": known}, now, wakes=locks)
        OutgoingEmail.objects.filter(pk=_NOBODY if locks else notice.pk).delete()
    return None


def _count_failure(known: int, now: datetime) -> bool:
    """Count a failure. True if it locks the account. For `_NOBODY` the same queries change nothing."""
    rows = User.objects.filter(pk=known)
    rows.update(failed_passwords=F("failed_passwords") + 1)
    reached = rows.filter(failed_passwords__gte=FAILURES_ALLOWED)
    return reached.update(failed_passwords=0, locked_until=now + LOCKED_FOR) > 0


def _notice(facts: Facts) -> Letter | None:
    address = User.objects.filter(pk=facts["user"]).values_list("email", flat=True).first()
    about = {"failures": FAILURES_ALLOWED, "minutes": LOCKED_FOR // timedelta(minutes=1)}
    return Letter("accounts/emails/sign_in_locked", about, [address]) if address else None


def send_reset_link(address: str, now: datetime) -> None:
    """Send a link that sets a new password, if an active member has this address.

    Even the look-up happens after the answer, so that the answer takes the same time for everybody.
    """
    outbox.put("password_reset", {"email": address}, now)


def _reset_link(facts: Facts) -> Letter | None:
    user = User.objects.filter(email=facts["email"], is_active=True).first()
    if user is None:
        return None
    parts = [urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
    about = {
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        # Not from the Host header: whoever sends the request chooses that.
        "link": settings.PUBLIC_BASE_URL + reverse("password_reset_confirm", args=parts),
    }
    return Letter("accounts/emails/password_reset", about, [user.email])


outbox.announce("sign_in_locked", Occasion(_notice, worth_sending=timedelta(days=1)))
outbox.announce("password_reset", Occasion(_reset_link, worth_sending=timedelta(days=1)))
