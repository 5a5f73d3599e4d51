"""Organizations, members, invitations, e-mail domains, the audit trail, and counts of tries."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.addresses import canonical_email
from accounts.plans import PLAN_CHOICES, Plan
from accounts.roles import ROLE_CHOICES, Permission, Role, allows

INVITATION_LIFETIME = timedelta(days=7)


class Organization(models.Model):
    """A company's JustCall account: the tenant. Everything else belongs to one."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    plan = models.CharField(max_length=20, choices=PLAN_CHOICES, default=Plan.ESSENTIALS.value)
    seat_limit = models.PositiveIntegerField(default=10)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    @property
    def current_plan(self) -> Plan:
        return Plan(self.plan)

    def seats_taken(self) -> int:
        """How many seats are in use: active members count, invitations do not."""
        return self.members.filter(is_active=True).count()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a member. Without a password: they sign in by single sign-on, or set one by a reset link."""
        user = self.model(email=canonical_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an operator: somebody who uses the operator's pages and is in no organization."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=canonical_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person: a member of one organization, or an operator of none."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="members", null=True, blank=True
    )
    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=20, choices=ROLE_CHOICES, default=Role.AGENT.value)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    last_sso_at = models.DateTimeField(null=True, blank=True)
    # Part of the session's hash: adding one ends every session of this person.
    session_epoch = models.PositiveIntegerField(default=0)
    failed_passwords = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="member_email_is_lower_case"),
            # Never both: else a company's identity provider could sign in as an operator.
            models.CheckConstraint(
                condition=Q(organization__isnull=False, is_staff=False)
                | Q(organization__isnull=True, is_staff=True),
                name="member_has_an_organization",
            ),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(role=Role.OWNER.value), name="one_owner_an_organization"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "is_active"], name="member_by_organization")
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        self.email = canonical_email(self.email)

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        return self.first_name or self.email

    def may(self, permission: Permission) -> bool:
        """Whether this person's role allows it. Nothing is cached: a change of role counts at once."""
        return self.is_active and self.organization_id is not None and allows(self.role, permission)

    def get_session_auth_hash(self) -> str:
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Any:
        from django.conf import settings

        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | None) -> str:
        return salted_hmac(
            "accounts.User.session",
            f"{self.password}|{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class Invitation(models.Model):
    """An offer to join, sent by e-mail. It takes no seat until it is taken up."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=ROLE_CHOICES, default=Role.AGENT.value)
    # The token itself is only in the e-mail.
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_an_email",
            ),
            models.CheckConstraint(condition=~Q(role=Role.OWNER.value), name="nobody_is_invited_as_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organization}"

    @property
    def inviter(self) -> str:
        """Who invites, by name and address; empty if they are no member any more."""
        person = self.invited_by
        if person is None or person.organization_id != self.organization_id:
            return ""
        name = person.get_full_name()
        return name if name == person.email else f"{name} ({person.email})"

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


def new_domain_token() -> str:
    return secrets.token_hex(16)


class EmailDomain(models.Model):
    """An e-mail domain of an organization, proved by a DNS TXT record (`name=value`, RFC 1464)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253, help_text="Lower case, in its ASCII (IDNA) form.")
    token = models.CharField(max_length=64, default=new_domain_token)
    created_at = models.DateTimeField(default=timezone.now)
    verified_at = models.DateTimeField(null=True, blank=True)
    last_checked_at = models.DateTimeField(null=True, blank=True)
    # When the record of a verified domain was first not found. After the grace period it counts as unverified.
    missing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="a_domain_once_an_organization"),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(verified_at__isnull=False),
                name="a_domain_verified_by_one_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class AuditEntry(models.Model):
    """Who changed which setting, from what to what. Written by accounts/audit.py; never changed."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="audit_entries", db_index=False
    )
    # NULL: JustCall did it by itself, or the person's account was deleted.
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    action = models.CharField(max_length=60)
    # The e-mail address or domain that it was done to; empty if it was the company.
    subject = models.CharField(max_length=254, blank=True)
    # {"field": ["before", "after"]}; never a secret.
    changes = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "-at", "-id"], name="audit_of_organization"),
            models.Index(fields=["organization", "actor", "-at", "-id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class Throttle(models.Model):
    """How often something was tried in the current window. In the database: all processes share it."""

    key = models.CharField(max_length=120, unique=True)
    window_ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class OutgoingEmail(models.Model):
    """An e-mail that has not left yet; see accounts/outbox.py. Deleted once the mail server has taken it."""

    kind = models.CharField(max_length=40)
    # Such as "invitation 17"; empty if nobody asks for it.
    about = models.CharField(max_length=80, blank=True, db_index=True)
    # JSON, sealed with KEY_ENCRYPTION_KEYS; empty once it was given up.
    sealed_facts = models.TextField(blank=True)
    # Of the request that wrote it, for the log.
    request_id = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    # When it is tried next. While somebody sends it: when their claim ends.
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=80, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True, db_index=True)
    # The mail server takes nothing for this address.
    is_refused = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"], condition=Q(given_up_at__isnull=True), name="email_that_is_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()
