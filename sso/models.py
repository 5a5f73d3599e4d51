"""What single sign-on remembers: connections, certificates, links, pending and finished sign-ins."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Organization, User
from accounts.roles import ROLE_CHOICES, Role

# No Owner: there is exactly one, and it is never given away by an identity provider.
DEFAULT_ROLE_CHOICES = [(value, label) for value, label in ROLE_CHOICES if value != Role.OWNER.value]


def new_public_id() -> str:
    """A random id of 128 bits for URLs: it names a connection without telling anything about it."""
    return secrets.token_hex(16)


class Connection(models.Model):
    """One organization's trust in one identity provider."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="connections")
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    # Whose words the pages speak, by its name in sso/guides/. Empty: nobody has chosen, and nothing is saved that tells.
    guide = models.CharField(max_length=20, blank=True, default="")
    idp_entity_id = models.CharField("Issuer / Entity ID", max_length=1024, blank=True)
    sso_url = models.CharField("SSO URL", max_length=2048, blank=True)
    default_role = models.CharField(max_length=20, choices=DEFAULT_ROLE_CHOICES, default=Role.AGENT.value)
    allow_idp_initiated = models.BooleanField("Allow sign-in from the tile", default=True)
    create_members = models.BooleanField("Create members automatically", default=True)
    allow_sha1 = models.BooleanField("Accept SHA-1 signatures", default=False)
    enabled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Raised by every change that matters to a sign-in; a test vouches only for the version it ran against.
    version = models.PositiveIntegerField(default=1)
    tested_version = models.PositiveIntegerField(null=True, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)
    # The last day whose sign-ins are in DailyCount.
    counted_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization"], name="one_connection_an_organization"),
            models.CheckConstraint(
                condition=~Q(default_role=Role.OWNER.value), name="nobody_becomes_owner_by_sso"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} ({self.public_id})"

    @property
    def acs_url(self) -> str:
        return f"{settings.PUBLIC_BASE_URL}/sso/saml/{self.public_id}/acs/"

    @property
    def entity_id(self) -> str:
        return f"{settings.PUBLIC_BASE_URL}/sso/saml/{self.public_id}/metadata/"

    @property
    def is_enabled(self) -> bool:
        return self.enabled_at is not None

    @property
    def is_tested(self) -> bool:
        return self.tested_version == self.version

    @property
    def staged(self) -> ConfigurationCandidate | None:
        """The change that waits for its test, if there is one. A query the first time."""
        try:
            return self.candidate
        except ConfigurationCandidate.DoesNotExist:
            return None

    @property
    def is_complete(self) -> bool:
        """Whether the identity provider's three values are there."""
        return bool(self.sso_url and self.idp_entity_id and self.certificates.all())


class IdpCertificate(models.Model):
    """A certificate whose key the identity provider signs with. Two at once while it is being changed."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="certificates")
    pem = models.TextField()
    sha256 = models.CharField(max_length=64)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    added_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "sha256"], name="a_certificate_once_a_connection")
        ]

    def __str__(self) -> str:
        return self.sha256


class ConfigurationCandidate(models.Model):
    """A change of a live configuration that waits for its test. Nobody signs in by it until then."""

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="candidate")
    sso_url = models.CharField(max_length=2048)
    idp_entity_id = models.CharField(max_length=1024)
    # The PEM of each certificate that it brings. Without any, the saved certificates stay.
    certificates = models.JSONField(default=list, blank=True, db_default=Value([], models.JSONField()))
    # The first of them. A release that has no `certificates` reads and writes these two.
    certificate_pem = models.TextField(blank=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    staged_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    staged_at = models.DateTimeField(default=timezone.now)
    # Raised by every edit; a test vouches only for the version it ran against, beside the live version of that time.
    version = models.PositiveIntegerField(default=1)
    tested_version = models.PositiveIntegerField(null=True, blank=True)
    tested_beside = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"change of {self.connection_id}"

    @property
    def pems(self) -> list[str]:
        """The PEM of each certificate that it brings, also when an older release staged or edited it."""
        if self.certificates and self.certificates[0] == self.certificate_pem:
            return list(self.certificates)
        return [self.certificate_pem] if self.certificate_pem else []

    @property
    def is_tested(self) -> bool:
        """Whether every check has passed with just these values."""
        return self.tested_version == self.version and self.tested_beside == self.connection.version


class ServiceProviderKey(models.Model):
    """Our own key pair for one connection: the identity provider may encrypt assertions to it."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="sp_keys")
    certificate_pem = models.TextField()
    # Sealed with KEY_ENCRYPTION_KEYS; see accounts/sealing.py.
    sealed_private_key = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"key of {self.connection_id}"


class LinkedIdentity(models.Model):
    """Who a NameID of a connection is. The NameID is the identity; the e-mail address may change."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="identities")
    name_id = models.CharField(max_length=512)
    # A NameIdKind of sso/identity.py: a persistent NameID may look like the address of somebody else.
    name_id_kind = models.CharField(max_length=10, blank=True, default="", db_default="")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sso_identities")
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "name_id", "name_id_kind"], name="a_kind_of_name_id_once_a_connection"
            ),
            models.UniqueConstraint(fields=["connection", "user"], name="a_member_once_a_connection"),
        ]

    def __str__(self) -> str:
        return f"{self.name_id} → {self.user_id}"


class ConnectionTest(models.Model):
    """One press of Test Connection or Test the tile. It signs nobody in and creates nobody."""

    # How long a response is waited for. After that the test is late, and a request is "Started, no response".
    PATIENCE = timedelta(minutes=5)

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="tests")
    version = models.PositiveIntegerField()
    # Set for a test of a staged change. Without a candidate, that change has been applied or discarded since.
    candidate = models.ForeignKey(
        ConfigurationCandidate, on_delete=models.SET_NULL, null=True, blank=True, related_name="tests"
    )
    candidate_version = models.PositiveIntegerField(null=True, blank=True)
    # The page that waits for it: each window of the settings page asks for its own test.
    window = models.CharField(max_length=32, blank=True, default="", db_default="")
    # Set for a test of the tile, which no request announces: the hash of the secret its browser holds.
    listener_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    passed = models.BooleanField(default=False)
    event = models.OneToOneField(
        "SignInEvent", on_delete=models.SET_NULL, null=True, blank=True, related_name="connection_test"
    )

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_of_tile(self) -> bool:
        return bool(self.listener_hash)

    @property
    def is_of_change(self) -> bool:
        return self.candidate_version is not None


class PendingLogin(models.Model):
    """An AuthnRequest we sent and have no answer to yet. Used once, by the browser that started it."""

    request_id = models.CharField(max_length=64, unique=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="pending_logins")
    browser_hash = models.CharField(max_length=64)
    # The configuration it was sent by. A response to an older one may no longer fit.
    version = models.PositiveIntegerField(null=True, blank=True)
    relay_path = models.CharField(max_length=2000, default="/")
    # What was typed on the page Sign in with SSO. It proves nothing.
    typed_email = models.CharField(max_length=254, blank=True, default="", db_default="")
    test = models.ForeignKey(
        ConnectionTest, on_delete=models.CASCADE, null=True, blank=True, related_name="requests"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    consumed_at = models.DateTimeField(null=True, blank=True)
    # When a response to it first arrived, accepted or not. Until then it is "Started, no response" in the sign-in log.
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["connection", "-created_at", "-id"],
                condition=Q(answered_at__isnull=True),
                name="unanswered_of_connection",
            ),
            models.Index(
                fields=["answered_at"], condition=Q(answered_at__isnull=False), name="answered_requests"
            ),
        ]

    def __str__(self) -> str:
        return self.request_id


class ConsumedAssertion(models.Model):
    """An assertion that has signed somebody in. The unique constraint is the replay protection."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="consumed_assertions")
    # SHA-256 of the assertion's ID: the ID is the sender's text and may be long.
    id_hash = models.CharField(max_length=64)
    consumed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "id_hash"], name="an_assertion_signs_in_once")
        ]

    def __str__(self) -> str:
        return self.id_hash


class Flow(models.TextChoices):
    TILE = "tile", gettext_lazy("Tile")
    SSO_PAGE = "sso_page", gettext_lazy("Sign in with SSO")
    TEST = "test", gettext_lazy("Test Connection")
    # What arrived could not be read, or answers a request that nobody knows.
    UNKNOWN = "unknown", gettext_lazy("Not known")


class Admission(models.TextChoices):
    MEMBER = "member", gettext_lazy("Signed in")
    INVITED = "invited", gettext_lazy("Took up an invitation")
    CREATED = "created", gettext_lazy("Created as a new member")


class SignInEvent(models.Model):
    """What happened to one attempt, with the reference its person was shown."""

    reference = models.CharField(max_length=16, unique=True)
    # Each index below begins with it: one of its own would serve nobody.
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="sign_in_events",
        db_index=False,
    )
    connection = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True, blank=True, related_name="events"
    )
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="sign_in_events"
    )
    occurred_at = models.DateTimeField(default=timezone.now)
    requested_at = models.DateTimeField(null=True, blank=True)
    flow = models.CharField(max_length=10, choices=Flow.choices)
    # Empty for a sign-in that succeeded, else a code of sso/refusals/.
    refusal = models.CharField(max_length=40, blank=True)
    # How somebody who signed in came in; empty for everything else.
    admission = models.CharField(max_length=10, choices=Admission.choices, blank=True)
    email = models.CharField(max_length=254, blank=True)
    # Where no signature names a person: the address that was typed on the page Sign in with SSO. It proves nothing.
    typed_email = models.CharField(max_length=254, blank=True, default="", db_default="")
    # The check report as sso/saml/report.py serialises it.
    checks = models.JSONField(default=list, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    redacted_xml = models.TextField(blank=True)
    # Of an event that speaks for others like it as well: how many more there were. None for every other event.
    repeated = models.PositiveIntegerField(null=True, blank=True)
    # The database derives these two from the columns above, so that "refused" and "has a message" are index lookups.
    refused = models.GeneratedField(
        expression=ExpressionWrapper(~Q(refusal=""), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    has_message = models.GeneratedField(
        expression=ExpressionWrapper(~Q(redacted_xml=""), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        # One for each filter of the sign-in log, in the order its pages are read; then two for the housekeeping.
        indexes: ClassVar = [
            models.Index(fields=["organization", "-occurred_at", "-id"], name="events_of_organization"),
            models.Index(fields=["organization", "refused", "-occurred_at", "-id"], name="events_by_result"),
            models.Index(fields=["organization", "refusal", "-occurred_at", "-id"], name="events_by_refusal"),
            models.Index(fields=["organization", "flow", "-occurred_at", "-id"], name="events_by_flow"),
            models.Index(fields=["organization", "email", "-occurred_at", "-id"], name="events_by_email"),
            models.Index(fields=["occurred_at"], name="events_by_time"),
            models.Index(fields=["has_message", "occurred_at"], name="events_by_message"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def succeeded(self) -> bool:
        return not self.refusal


class DailyCount(models.Model):
    """How many sign-ins a day had of one flow, or how many refusals. Counted once the day is over (UTC)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="daily_counts", db_index=False
    )
    day = models.DateField()
    flow = models.CharField(max_length=10, choices=Flow.choices)
    is_refused = models.BooleanField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "day", "flow", "is_refused"], name="a_count_once_a_day"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="counts_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.flow}: {self.count}"


class FirstCause(models.Model):
    """A cause that was met for the first time on a day. It is unique, so its e-mail is sent once."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="first_causes")
    # A code of sso/refusals/*, or what sso/log/first_causes.py has instead for messages of strangers.
    cause = models.CharField(max_length=40)
    day = models.DateField()
    event = models.ForeignKey(SignInEvent, on_delete=models.CASCADE, related_name="+")
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "cause", "day"], name="a_cause_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.day}"
