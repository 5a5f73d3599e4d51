"""What the pages of Settings → Security → Single Sign-On show: one object a page, made here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.urls import reverse

from accounts.models import Organization
from sso.connection.saving import revision_of
from sso.connection.setup import Gate, unmet_gates
from sso.connection.state import State, state_of_connection
from sso.guides import FREQUENT, GUIDES, Fix, Guide, guide_named
from sso.guides.recognition import acs_url_validator, guide_of
from sso.log.lines import SignInLine
from sso.log.sign_in_log import Wanted
from sso.log.sign_in_log import page as log_page
from sso.models import Connection, ConnectionTest, ServiceProviderKey, new_public_id
from sso.refusals import Refusal
from sso.settings_page.certificate_card import CertificateCard, certificate_cards
from sso.settings_page.forms import ConfigurationForm
from sso.settings_page.metadata_form import FilledIn, MetadataForm
from sso.settings_page.overview import Overview, overview_of
from sso.settings_page.staged_change import Conflict, StagedChange, staged_change
from sso.trial.state import TrialState, state_of_test

RECENT_SIGN_INS = 10


@dataclass(frozen=True, slots=True)
class _Page:
    """What the page says of the company, whether single sign-on is set up or not."""

    organization: Organization
    domains: list[str]

    @property
    def has_plan(self) -> bool:
        return self.organization.current_plan.includes_sso

    @property
    def plan(self) -> str:
        return self.organization.current_plan.label


@dataclass(frozen=True, slots=True)
class StartPage(_Page):
    """The page while there is no configuration."""

    is_choosing_protocol: bool

    @property
    def state(self) -> State:
        return state_of_connection(None)


@dataclass(frozen=True, slots=True)
class LastTest:
    """The newest test. `is_outdated`: it passed, and what it tested was changed since."""

    test: ConnectionTest
    state: TrialState
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class SettingsPage(_Page):
    """The page of a configuration: set-up, state, tests and the latest sign-ins.

    `seen` is the revision that the form is filled in for, and `window` names this window to the tests it starts.
    `filled_in` is what metadata has filled in, and `conflict` is what somebody else saved meanwhile.
    """

    connection: Connection
    form: ConfigurationForm
    metadata_form: MetadataForm
    filled_in: FilledIn | None
    conflict: Conflict | None
    staged: StagedChange | None
    seen: str
    window: str
    certificates: list[CertificateCard]
    gates: list[Gate]
    sp_key: ServiceProviderKey | None
    last_test: LastTest | None
    sign_ins: list[SignInLine]
    without_password: int
    overview: Overview | None

    @property
    def state(self) -> State:
        return state_of_connection(self.connection)

    @property
    def guide(self) -> Guide:
        return self.form.guide

    @property
    def frequent_guides(self) -> tuple[Guide, ...]:
        return FREQUENT

    @property
    def other_guides(self) -> list[Guide]:
        return [guide for guide in GUIDES.values() if guide not in FREQUENT]

    @property
    def recognised(self) -> Guide | None:
        """Whose addresses are in the form, if the page speaks of another identity provider."""
        meant = guide_of(self.form.addresses, GUIDES.values())
        return meant if meant is not self.guide else None

    @property
    def acs_url_validator(self) -> str:
        return acs_url_validator(self.connection.acs_url)

    @property
    def company_login_url(self) -> str:
        return settings.PUBLIC_BASE_URL + reverse("sso_start_at", args=[self.organization.slug])

    @property
    def sha1_fix(self) -> Fix:
        return self.guide.fix_for(Refusal.WEAK_ALGORITHM)


@dataclass(frozen=True, slots=True)
class DeletePage:
    """The page that asks before a configuration is deleted.

    `name` is what was typed as the company's name, `error` says what is wrong with it.
    """

    connection: Connection
    linked: int
    without_password: int
    is_recent: bool
    name: str
    error: str

    @property
    def guide(self) -> Guide:
        return guide_named(self.connection.guide)


def start_page(organization: Organization, *, is_choosing_protocol: bool) -> StartPage:
    """The page of a company without a configuration."""
    return StartPage(organization, _verified_domains(organization), is_choosing_protocol)


def settings_page(
    connection: Connection,
    now: datetime,
    *,
    form: ConfigurationForm | None = None,
    metadata_form: MetadataForm | None = None,
    filled_in: FilledIn | None = None,
    conflict: Conflict | None = None,
) -> SettingsPage:
    """The page of a configuration. Without a form, the fields show what is saved or staged."""
    organization = connection.organization
    return SettingsPage(
        organization=organization,
        domains=_verified_domains(organization),
        connection=connection,
        form=form or ConfigurationForm(connection),
        metadata_form=metadata_form or MetadataForm(),
        filled_in=filled_in,
        conflict=conflict,
        staged=staged_change(connection),
        seen=revision_of(connection),
        window=new_public_id(),
        certificates=certificate_cards(connection, now),
        gates=unmet_gates(connection),
        sp_key=connection.sp_keys.first(),
        last_test=_last_test(connection, now),
        sign_ins=recent_sign_ins(connection, now),
        without_password=_members_without_password(organization),
        overview=overview_of(connection, now) if connection.is_enabled else None,
    )


def delete_page(connection: Connection, *, is_recent: bool, name: str, error: str) -> DeletePage:
    """The page that asks before a configuration is deleted: who loses what."""
    return DeletePage(
        connection=connection,
        linked=connection.identities.count(),
        without_password=_members_without_password(connection.organization),
        is_recent=is_recent,
        name=name,
        error=error,
    )


def recent_sign_ins(connection: Connection, now: datetime) -> list[SignInLine]:
    """The latest sign-ins of a company, newest first, with the requests nobody answered. Two queries."""
    page = log_page(connection.organization, connection, Wanted(), now, size=RECENT_SIGN_INS, explained=True)
    return page.lines


def _last_test(connection: Connection, now: datetime) -> LastTest | None:
    test = connection.tests.order_by("-started_at", "-pk").first()
    if test is None:
        return None
    # A test of the tile vouches for nothing, so it is never outdated.
    is_outdated = test.passed and not connection.is_tested and not test.is_of_tile
    return LastTest(test, state_of_test(test, now), is_outdated)


def _verified_domains(organization: Organization) -> list[str]:
    return list(organization.domains.filter(verified_at__isnull=False).values_list("name", flat=True))


def _members_without_password(organization: Organization) -> int:
    """How many active members can sign in by single sign-on only."""
    return organization.members.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX).count()
