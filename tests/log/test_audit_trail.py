"""The audit trail: everything an admin changes leaves one entry, and the page says it in words."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.audit import Action
from accounts.models import AuditEntry, Organization, User
from sso.log.audit_words import changes_in_words, sentence_of
from sso.models import LinkedIdentity
from tests.cast import Arrivals, SignedIn
from tests.catalogues import Catalogue, german
from tests.log.pages import AUDIT, page_of

SOURCES = [
    path
    for folder in ("accounts", "sso")
    for path in Path(folder).rglob("*.py")
    if path.name != "audit_words.py" and path.parent.name != "migrations"
]


def _said() -> list[tuple[str, str, str]]:
    return [
        (entry.actor.email if entry.actor else "", entry.action, entry.subject)
        for entry in AuditEntry.objects.order_by("pk")
    ]


def test_changes_of_the_team_are_written_down(
    acme: Organization, admin: User, agent: User, client: Client
) -> None:
    team = "/settings/team/"
    client.post(f"{team}{agent.pk}/role/", {"role": "supervisor"})
    client.post(f"{team}{agent.pk}/role/", {"role": "supervisor"})
    client.post(f"{team}{agent.pk}/end-sessions/")
    client.post(f"{team}{agent.pk}/deactivate/")
    client.post(f"{team}{agent.pk}/deactivate/")
    client.post(f"{team}{agent.pk}/reactivate/")
    client.post(team, {"email": "nora@acme.example", "role": "agent"})
    invitation = acme.invitations.get()
    client.post(f"{team}invitations/{invitation.pk}/revoke/")
    client.post(f"{team}invitations/{invitation.pk}/revoke/")
    assert _said() == [
        (admin.email, action, subject)
        for action, subject in [
            ("member.role_changed", agent.email),
            ("member.signed_out_everywhere", agent.email),
            ("member.deactivated", agent.email),
            ("member.reactivated", agent.email),
            ("invitation.sent", "nora@acme.example"),
            ("invitation.revoked", "nora@acme.example"),
        ]
    ]
    assert AuditEntry.objects.order_by("pk")[0].changes == {"role": ["agent", "supervisor"]}
    page = page_of(client, path=AUDIT)
    assert "Changed the role of agnes@acme.example" in page
    assert "Supervisor" in page
    assert "Adam Admin" in page


def test_a_change_that_is_refused_leaves_no_entry(owner: User, admin: User, client: Client) -> None:
    client.post(f"/settings/team/{owner.pk}/role/", {"role": "agent"})
    client.post(f"/settings/team/{owner.pk}/deactivate/")
    client.post(f"/settings/team/{admin.pk}/deactivate/")
    assert _said() == []


def test_changes_of_domains_are_written_down(acme: Organization, admin: User, client: Client) -> None:
    client.post("/settings/security/domains/", {"name": "acme-phones.com"})
    client.post(f"/settings/security/domains/{acme.domains.get(name='acme-phones.com').pk}/remove/")
    assert _said() == [
        (admin.email, "domain.added", "acme-phones.com"),
        (admin.email, "domain.removed", "acme-phones.com"),
    ]


def test_a_link_that_is_reset_is_written_down(
    arrivals: Arrivals, admin: User, agent: User, client: Client
) -> None:
    arrivals.post(arrivals.of(agent.email))
    assert LinkedIdentity.objects.exists()
    client.post(f"/settings/team/{agent.pk}/reset-sso-link/")
    client.post(f"/settings/team/{agent.pk}/reset-sso-link/")
    assert _said() == [(admin.email, "sso.link_reset", agent.email)]


@pytest.mark.parametrize("action", Action)
def test_every_action_is_written_somewhere_and_has_a_sentence(action: Action) -> None:
    assert any(f"Action.{action.name}" in path.read_text(encoding="utf-8") for path in SOURCES)
    assert sentence_of(action.value, "agnes@acme.example") != f"{action.value} agnes@acme.example"


def test_an_entry_is_shown_in_the_readers_language(tmp_path: Path) -> None:
    changes = {"role": ["agent", "admin"], "guide": ["onelogin", "okta"], "protocol": ["", "saml2"]}
    texts: Catalogue = {
        "Changed the role of %(subject)s": "Rolle von %(subject)s geändert",
        "Role": "Rolle",
        "Agent": "Mitarbeiter",
    }
    with german(tmp_path, texts):
        assert sentence_of("member.role_changed", "Agnes") == "Rolle von Agnes geändert"
        shown = [(change.label, change.before, change.after) for change in changes_in_words(changes)]
    assert shown == [
        ("Rolle", "Mitarbeiter", "Admin"),
        ("Identity provider", "OneLogin", "Okta"),
        ("Protocol", "", "SAML 2.0"),
    ]


def test_what_an_earlier_release_stored_in_words_is_shown_as_it_is() -> None:
    (guide, protocol) = changes_in_words({"guide": ["OneLogin", "Okta"], "protocol": ["", "SAML 2.0"]})
    assert (guide.before, guide.after, protocol.after) == ("OneLogin", "Okta", "SAML 2.0")


def test_a_certificate_is_named_by_the_beginning_of_its_fingerprint() -> None:
    changes = changes_in_words({"certificate": ["ab" * 32 + ", " + "cd" * 32, "0f" * 32]})
    assert [(change.label, change.before, change.after) for change in changes] == [
        (
            "Certificate",
            "AB:AB:AB:AB:AB:AB:AB:AB…, CD:CD:CD:CD:CD:CD:CD:CD…",
            "0F:0F:0F:0F:0F:0F:0F:0F…",
        )
    ]


def test_words_of_another_release_are_shown_bare() -> None:
    assert sentence_of("phone.hung_up", "Agnes") == "phone.hung_up Agnes"
    assert sentence_of("phone.hung_up", "") == "phone.hung_up"
    assert [change.label for change in changes_in_words({"volume": [1, None]})] == ["volume"]
    assert [change.before for change in changes_in_words({"role": ["emperor", "agent"]})] == ["emperor"]


@pytest.mark.parametrize("changes", [[], "x", None, {"a": 1}, {"a": [1]}, {"a": {"b": []}}])
def test_changes_of_no_known_shape_are_no_fault(
    acme: Organization, admin: User, client: Client, changes: object
) -> None:
    AuditEntry.objects.create(organization=acme, actor=admin, action="sso.enabled", changes=changes or {})
    assert changes_in_words(changes) == []
    page_of(client, path=AUDIT)


def test_what_an_admin_typed_is_text_and_never_markup(
    acme: Organization, admin: User, client: Client
) -> None:
    hostile = "<img src=x onerror=alert(1)>%(subject)s%s"
    AuditEntry.objects.create(
        organization=acme, actor=admin, action=hostile, changes={hostile: [hostile, hostile]}, subject=hostile
    )
    audit.record(acme, admin, Action.DOMAIN_ADDED, subject=hostile)
    assert "<img" not in page_of(client, path=AUDIT)


def test_it_is_filtered_by_person_and_day(
    acme: Organization, admin: User, owner: User, client: Client
) -> None:
    audit.record(acme, admin, Action.SSO_ENABLED)
    audit.record(acme, owner, Action.SSO_TURNED_ON)
    audit.record(acme, None, Action.DOMAIN_LAPSED, subject="acme.example")
    AuditEntry.objects.filter(action="sso.enabled").update(at=timezone.now() - timedelta(days=3))
    sentences = {"Enabled", "Turned single sign-on on", "lapsed"}

    def shown(**query: str) -> set[str]:
        page = page_of(client, query, path=AUDIT)
        return {sentence for sentence in sentences if sentence in page}

    yesterday = f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"
    assert shown() == sentences
    assert shown(person="adam") == {"Enabled"}
    assert shown(person=owner.email) == {"Turned single sign-on on"}
    assert shown(person="nobody@acme.example") == set()
    assert shown(until=yesterday) == {"Enabled"}
    assert shown(since=yesterday) == sentences - {"Enabled"}
    page_of(client, {"since": "x"}, path=AUDIT, status=422)


def test_a_person_of_another_company_filters_nothing_out_of_it(
    acme: Organization, admin: User, stranger: User, client: Client, signed_in: SignedIn
) -> None:
    audit.record(acme, admin, Action.SSO_TURNED_ON)
    assert stranger.organization is not None
    audit.record(stranger.organization, stranger, Action.SSO_TURNED_OFF)
    assert "Turned single sign-on off" not in page_of(client, {"person": stranger.email}, path=AUDIT)
    assert "Turned single sign-on on" not in page_of(signed_in(stranger), path=AUDIT)


def test_pages_are_turned_without_losing_or_repeating_an_entry(
    acme: Organization, admin: User, client: Client
) -> None:
    for number in range(120):
        audit.record(acme, admin, Action.DOMAIN_ADDED, subject=f"n{number}.example")
    AuditEntry.objects.update(at=timezone.now())
    seen: list[str] = []
    path: str | None = AUDIT
    while path:
        page = page_of(client, path=path)
        seen += re.findall(r"n(\d+)\.example", page)
        older = re.search(r'href="([^"]+)"\s+rel="next"', page)
        path = older[1].replace("&amp;", "&") if older else None
    assert seen == [str(number) for number in reversed(range(120))]
