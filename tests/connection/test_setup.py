"""The services of the set-up: what they change, what they refuse, and what the audit trail keeps of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from cryptography import x509
from django.db import connection as db_connection

from accounts.models import AuditEntry, Organization, User
from sso.connection.configuration import Configuration, live_configuration
from sso.connection.saving import Saved, save_configuration
from sso.connection.setup import (
    Gate,
    NotReady,
    PlanWithoutSso,
    delete_connection,
    enable_sso,
    turn_off,
    turn_on,
    unmet_gates,
)
from sso.models import Connection
from sso.saml.pasted.certificates import read_certificate
from tests.saml.certificate_forms import certificate, pem_of, rsa_key
from tests.saml.messages import ISSUER, SSO_URL

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
SAVED = read_certificate(pem_of(certificate()))
NEW = read_certificate(pem_of(certificate(rsa_key(number=1))))


def audit(organization: Organization) -> list[tuple[str, dict[str, list[Any]]]]:
    return list(organization.audit_entries.order_by("pk").values_list("action", "changes"))


def like(connection: Connection, **changes: Any) -> Configuration:
    """The configuration as it is saved, but for the changes."""
    return replace(live_configuration(connection), **changes)


def test_enabling_makes_a_draft_with_its_own_key(acme: Organization, owner: User) -> None:
    connection = enable_sso(acme, owner)
    assert not connection.is_enabled
    key = connection.sp_keys.get()
    own = x509.load_pem_x509_certificate(key.certificate_pem.encode())
    assert connection.public_id in own.subject.rfc4514_string()
    assert audit(acme) == [("sso.enabled", {"protocol": ["", "saml2"]})]
    assert AuditEntry.objects.get().actor == owner


def test_enabling_twice_keeps_the_first_draft(draft: Connection, owner: User) -> None:
    assert enable_sso(draft.organization, owner) == draft
    assert draft.sp_keys.count() == 1
    assert len(audit(draft.organization)) == 1


def test_enabling_needs_the_business_plan(initech: Organization, initech_owner: User) -> None:
    with pytest.raises(PlanWithoutSso):
        enable_sso(initech, initech_owner)
    assert not initech.connections.exists()
    assert audit(initech) == []


def test_saving_keeps_what_was_entered_and_who_entered_it(draft: Connection, owner: User) -> None:
    info = read_certificate(pem_of(certificate()))
    save_configuration(draft, owner, Configuration(SSO_URL, ISSUER, (info,), "admin", False, False), NOW)
    draft.refresh_from_db()
    assert (draft.sso_url, draft.idp_entity_id, draft.default_role) == (SSO_URL, ISSUER, "admin")
    assert not draft.allow_idp_initiated
    assert not draft.create_members
    assert [row.sha256 for row in draft.certificates.all()] == [info.sha256]
    assert audit(draft.organization)[-1] == (
        "sso.configuration_saved",
        {
            "sso_url": ["", SSO_URL],
            "idp_entity_id": ["", ISSUER],
            "default_role": ["agent", "admin"],
            "allow_idp_initiated": [True, False],
            "create_members": [True, False],
            "certificates": ["", info.sha256],
            "guide": ["", "onelogin"],
        },
    )


def test_saving_nothing_new_leaves_no_trace(configured: Connection, owner: User) -> None:
    before = audit(configured.organization)
    same = read_certificate(configured.certificates.get().pem)
    unchanged = like(configured, certificates=(same,))
    assert save_configuration(configured, owner, unchanged, NOW) is Saved.UNCHANGED
    assert audit(configured.organization) == before
    assert Connection.objects.get().version == configured.version


@pytest.mark.parametrize(
    "change",
    [
        {"sso_url": "https://idp.example/sso"},
        {"idp_entity_id": "urn:idp"},
        {"certificates": (NEW,)},
        {"certificates": (SAVED, NEW)},
    ],
)
def test_a_change_that_matters_to_a_sign_in_asks_for_a_new_test(
    configured: Connection, owner: User, change: dict[str, Any]
) -> None:
    Connection.objects.update(tested_version=configured.version)
    saved = save_configuration(configured, owner, like(configured, **change), NOW)
    assert saved is Saved.LIVE_UNTESTED
    assert not configured.is_tested


@pytest.mark.parametrize(
    "change", [{"default_role": "admin"}, {"allow_idp_initiated": False}, {"create_members": False}]
)
def test_a_change_that_does_not_matter_keeps_the_test(
    configured: Connection, owner: User, change: dict[str, Any]
) -> None:
    Connection.objects.update(tested_version=configured.version)
    assert save_configuration(configured, owner, like(configured, **change), NOW) is Saved.LIVE
    assert configured.is_tested


def test_a_new_certificate_replaces_the_saved_ones(configured: Connection, owner: User) -> None:
    save_configuration(configured, owner, like(configured, certificates=(NEW,)), NOW)
    row = configured.certificates.get()
    assert (row.sha256, row.not_after, row.added_at) == (NEW.sha256, NEW.not_after, NOW)


def test_several_certificates_are_saved_and_one_that_stays_keeps_its_row(
    configured: Connection, owner: User
) -> None:
    configured.certificates.update(last_used_at=NOW)
    before = configured.certificates.values().get()
    save_configuration(configured, owner, like(configured, certificates=(NEW, SAVED)), NOW)
    assert configured.certificates.values().get(sha256=SAVED.sha256) == before
    assert {row.sha256 for row in configured.certificates.all()} == {SAVED.sha256, NEW.sha256}
    assert audit(configured.organization)[-1] == (
        "sso.configuration_saved",
        {"certificates": [SAVED.sha256, f"{NEW.sha256}, {SAVED.sha256}"]},
    )
    # Their order is no difference.
    in_order = like(configured, certificates=(SAVED, NEW))
    assert save_configuration(configured, owner, in_order, NOW) is Saved.UNCHANGED


def test_certificates_stay_while_something_else_is_changed(configured: Connection, owner: User) -> None:
    before = configured.certificates.get()
    save_configuration(configured, owner, like(configured, default_role="admin"), NOW)
    assert configured.certificates.get() == before


def test_it_turns_on_once_and_off_again(configured: Connection, owner: User) -> None:
    turn_on(configured, owner, NOW)
    turn_on(configured, owner, datetime(2027, 1, 1, tzinfo=UTC))
    assert Connection.objects.get().enabled_at == NOW
    turn_off(configured, owner)
    turn_off(configured, owner)
    assert not Connection.objects.get().is_enabled
    assert [action for action, _ in audit(configured.organization)][-2:] == [
        "sso.turned_on",
        "sso.turned_off",
    ]


def test_it_names_every_gate_that_is_unmet(draft: Connection, owner: User) -> None:
    Organization.objects.update(plan="pro")
    draft.organization.domains.update(verified_at=None)
    draft.refresh_from_db()
    with pytest.raises(NotReady) as not_ready:
        turn_on(draft, owner, NOW)
    assert not_ready.value.gates == [Gate.PLAN, Gate.DOMAIN, Gate.INCOMPLETE]
    assert all(gate.sentence for gate in Gate)
    assert not Connection.objects.get().is_enabled


def test_a_domain_of_another_company_opens_no_gate(
    configured: Connection, globex: Organization, owner: User
) -> None:
    configured.organization.domains.all().delete()
    assert globex.domains.filter(verified_at__isnull=False).exists()
    assert unmet_gates(configured) == [Gate.DOMAIN]


def test_deleting_takes_the_configuration_and_leaves_people_and_log(
    configured: Connection, owner: User
) -> None:
    acme = configured.organization
    configured.identities.create(name_id="olivia@acme.example", user=owner)
    event = acme.sign_in_events.create(reference="SSO-22222222", connection=configured, flow="tile")
    delete_connection(configured, owner)
    assert not acme.connections.exists()
    assert list(acme.members.all()) == [owner]
    event.refresh_from_db()
    assert event.connection is None
    action, changes = audit(acme)[-1]
    assert action == "sso.deleted"
    assert changes["sso_url"] == [SSO_URL, ""]
    assert changes["certificates"] == [SAVED.sha256, ""]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_draft(acme: Organization, owner: User) -> None:
    at_once = Barrier(4)

    def click() -> int:
        at_once.wait()
        try:
            return enable_sso(acme, owner).pk
        finally:
            db_connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = {future.result() for future in [pool.submit(click) for _ in range(4)]}
    assert made == {acme.connections.get().pk}
    assert len(audit(acme)) == 1
