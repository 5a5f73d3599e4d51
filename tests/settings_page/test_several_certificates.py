"""Several certificates at once: pasted, uploaded, saved, staged, tested, applied and trusted together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from sso.connection import staging
from sso.models import ConfigurationCandidate, Connection
from sso.saml.fingerprints import with_colons
from tests.cast import IDP, Arrivals
from tests.saml.messages import ISSUER, SSO_URL, IdentityProvider
from tests.settings_page.configuring import run_test, said

PAGE = "/settings/security/sso/"
NOW_IN_USE = IDP
NEXT = IdentityProvider("rsa-new")
LAST = IdentityProvider("rsa-stranger")
BOTH = NEXT.pem + LAST.pem


@pytest.fixture
def client(admin: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(admin)


def form(certificates: str, **changes: Any) -> dict[str, Any]:
    ticked = {"allow_idp_initiated": "on", "create_members": "on"}
    values = {"sso_url": SSO_URL, "idp_entity_id": ISSUER, "default_role": "agent"}
    return values | ticked | {"certificates": certificates} | changes


def trusted(connection: Connection) -> set[str]:
    return set(connection.certificates.values_list("sha256", flat=True))


def shas(*providers: IdentityProvider) -> set[str]:
    return {each.pinned.sha256 for each in providers}


def test_several_that_are_pasted_are_all_saved_and_shown(configured: Connection, client: Client) -> None:
    page = said(client, PAGE, form(BOTH))
    assert trusted(configured) == shas(NEXT, LAST)
    assert page.count("Saved certificate") == 2
    assert "Leave it empty to keep the 2 saved certificates; a new one replaces them." in page


def test_several_in_a_file_are_all_saved(configured: Connection, client: Client) -> None:
    said(client, PAGE, form("", certificate_file=SimpleUploadedFile("both.pem", BOTH.encode())))
    assert trusted(configured) == shas(NEXT, LAST)


def test_the_same_ones_may_be_pasted_and_uploaded_in_any_order(
    configured: Connection, client: Client
) -> None:
    file = SimpleUploadedFile("both.pem", (LAST.pem + NEXT.pem).encode())
    said(client, PAGE, form(BOTH, certificate_file=file))
    assert trusted(configured) == shas(NEXT, LAST)


def test_a_file_with_one_more_than_was_pasted_is_refused(configured: Connection, client: Client) -> None:
    before = trusted(configured)
    file = SimpleUploadedFile("both.pem", BOTH.encode())
    response = client.post(PAGE, form(NEXT.pem, certificate_file=file))
    assert response.status_code == 422
    assert "The file holds another certificate than the one pasted" in response.content.decode()
    assert trusted(configured) == before


def test_one_that_is_pasted_replaces_all_that_are_saved(configured: Connection, client: Client) -> None:
    said(client, PAGE, form(BOTH))
    said(client, PAGE, form(NOW_IN_USE.pem))
    assert trusted(configured) == shas(NOW_IN_USE)


def test_an_empty_field_keeps_all_that_are_saved(configured: Connection, client: Client) -> None:
    said(client, PAGE, form(BOTH))
    assert "nothing was changed" in said(client, PAGE, form(""))
    assert trusted(configured) == shas(NEXT, LAST)


@pytest.mark.parametrize("signer", [NEXT, LAST], ids=["the first", "the second"])
def test_several_are_staged_tested_with_either_and_applied_together(
    live: Connection, client: Client, admin: User, agent: User, acme: Organization, signer: IdentityProvider
) -> None:
    page = said(client, PAGE, form(BOTH))
    assert "The change is staged." in page
    assert trusted(live) == shas(NOW_IN_USE)
    for provider in (NOW_IN_USE, NEXT, LAST):
        assert with_colons(provider.pinned.sha256) in page
    assert "Leave it empty to keep the 2 staged certificates; a new one replaces them." in page
    entry = acme.audit_entries.get(action="sso.change_staged")
    both = ", ".join(each.pinned.sha256 for each in (NEXT, LAST))
    assert entry.changes == {"certificates": [NOW_IN_USE.pinned.sha256, both]}
    # Neither signs anybody in yet.
    assert Arrivals(live, signer).post(Arrivals(live, signer).of(agent.email)).status_code == 403

    assert run_test(client, Arrivals(live, signer), admin.email).passed
    assert "The change is live" in said(client, f"{PAGE}change/apply/", {"version": 1})
    assert trusted(live) == shas(NEXT, LAST)
    for provider in (NEXT, LAST):
        arrivals = Arrivals(live, provider)
        assert arrivals.post(arrivals.of(agent.email)).status_code == 303
    live.refresh_from_db()
    assert live.is_tested


def test_one_more_beside_the_one_in_use_is_a_change_that_waits(live: Connection, client: Client) -> None:
    said(client, PAGE, form(NOW_IN_USE.pem + NEXT.pem))
    assert trusted(live) == shas(NOW_IN_USE)
    live.refresh_from_db()
    candidate = live.staged
    assert candidate is not None
    changes = staging.changes_of(live, candidate)
    assert changes == {
        "certificates": [
            NOW_IN_USE.pinned.sha256,
            f"{NOW_IN_USE.pinned.sha256}, {NEXT.pinned.sha256}",
        ]
    }


def test_editing_something_else_keeps_the_staged_ones(live: Connection, client: Client) -> None:
    said(client, PAGE, form(BOTH))
    said(client, PAGE, form("", sso_url=f"{SSO_URL}1"))
    candidate = ConfigurationCandidate.objects.get()
    assert candidate.version == 2
    assert set(candidate.pems) == {NEXT.pem, LAST.pem}


def test_the_same_ones_in_another_order_are_no_other_change(live: Connection, client: Client) -> None:
    said(client, PAGE, form(BOTH))
    assert "nothing was changed" in said(client, PAGE, form(LAST.pem + NEXT.pem))
    assert ConfigurationCandidate.objects.get().version == 1


def test_pasting_what_is_live_discards_the_change(live: Connection, client: Client) -> None:
    said(client, PAGE, form(BOTH))
    assert "the staged change was discarded" in said(client, PAGE, form(NOW_IN_USE.pem))


def test_a_change_of_the_certificates_by_somebody_else_is_noticed(
    configured: Connection, client: Client
) -> None:
    seen = client.get(PAGE).context["page"].seen
    connection = Connection.objects.get()
    pinned = LAST.pinned
    # Added beside, without a new version.
    connection.certificates.create(
        pem=pinned.pem, sha256=pinned.sha256, not_before=pinned.not_before, not_after=pinned.not_after
    )
    response = client.post(PAGE, form(NEXT.pem, seen=seen))
    assert response.status_code == 409
    page = response.content.decode()
    assert with_colons(LAST.pinned.sha256) in page
    assert with_colons(NEXT.pinned.sha256) in page


def test_deleting_names_all_of_them(configured: Connection, client: Client, acme: Organization) -> None:
    said(client, PAGE, form(BOTH))
    said(client, f"{PAGE}delete/", {"name": "Acme"})
    both = ", ".join(each.pinned.sha256 for each in (NEXT, LAST))
    assert acme.audit_entries.get(action="sso.deleted").changes["certificates"] == [both, ""]


def test_two_are_used_from_the_moment_they_are_saved(
    configured: Connection, client: Client, agent: User
) -> None:
    said(client, PAGE, form(BOTH))
    Connection.objects.update(enabled_at=timezone.now())
    configured.refresh_from_db()
    for provider in (NEXT, LAST):
        arrivals = Arrivals(configured, provider)
        assert arrivals.post(arrivals.of(agent.email)).status_code == 303
        used = configured.certificates.filter(last_used_at__isnull=False)
        assert provider.pinned.sha256 in set(used.values_list("sha256", flat=True))
