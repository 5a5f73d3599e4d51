"""How often somebody may try: each limit, and what is said at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.dns_proof import Proof
from accounts.models import AuditEntry, EmailDomain, Invitation, Organization, User
from sso.models import Connection, PendingLogin, SignInEvent
from tests.cast import Arrivals, SignedIn
from tests.outbox import deliver
from tests.words import PASSWORD


class TestLimits:
    """What may be tried how often. The last of each is refused, and says when to go on."""

    def _statuses(self, times: int, ask: Callable[[], Any]) -> list[int]:
        return [ask().status_code for _ in range(times)]

    def test_passwords(self, owner: User) -> None:
        form = {"email": "nobody@acme.example", "password": "wrong-horse-battery-staple"}
        statuses = self._statuses(51, lambda: Client().post("/login/", form))
        assert statuses == [422] * 50 + [429]
        # From this address not even the right one works for a while.
        right = {"email": owner.email, "password": PASSWORD}
        assert Client().post("/login/", right).status_code == 429

    def test_passwords_of_one_person_from_many_addresses(self, owner: User) -> None:
        form = {"email": owner.email, "password": "wrong-horse-battery-staple"}
        for number in range(5):
            assert Client(REMOTE_ADDR=f"192.0.2.{number}").post("/login/", form).status_code == 422
        right = {"email": owner.email, "password": PASSWORD}
        assert Client(REMOTE_ADDR="192.0.2.9").post("/login/", right).status_code == 422

    def test_starts_that_miss_by_the_page_and_by_the_direct_address(self, db: None) -> None:
        page = {"email": "a@nowhere.example"}
        assert self._statuses(20, lambda: Client().post("/login/sso/", page)) == [200] * 20
        direct = self._statuses(11, lambda: Client().get("/login/sso/nowhere/"))
        assert direct == [403] * 10 + [429]
        assert Client().post("/login/sso/", page).status_code == 429
        # Past the limit nothing is kept of a try.
        assert SignInEvent.objects.count() == 30

    def test_starts_that_hit_have_a_limit_of_their_own(
        self, arrivals: Arrivals, agent: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = {"email": agent.email}
        assert self._statuses(40, lambda: Client().get("/login/sso/acme/")) == [302] * 40
        monkeypatch.setattr("sso.signing_in.sending._STARTS", 42)
        assert self._statuses(3, lambda: Client().post("/login/sso/", page)) == [200, 200, 429]
        assert Client().get("/login/sso/acme/").status_code == 429
        # Past the limit nothing is kept of a try; elsewhere it is not felt.
        assert PendingLogin.objects.count() == 42
        assert Client(REMOTE_ADDR="192.0.2.9").get("/login/sso/acme/").status_code == 302

    def test_reset_links(self, db: None) -> None:
        ask = {"email": "nobody@acme.example"}
        assert self._statuses(11, lambda: Client().post("/password-reset/", ask)) == [302] * 10 + [429]

    def test_invitations(self, owner: User, signed_in: SignedIn) -> None:
        client = signed_in(owner)
        form = {"email": "ivy@acme.example", "role": "agent"}
        assert self._statuses(101, lambda: client.post("/settings/team/", form)) == [302] * 100 + [422]
        invitation = Invitation.objects.get(revoked_at=None)
        client.post(reverse("invitation_resend", args=[invitation.pk]))
        assert AuditEntry.objects.filter(action="invitation.sent").count() == 100
        # What has not left is replaced: somebody gets the last one only.
        assert len(deliver()) == 1

    def test_domain_checks(
        self, acme: Organization, owner: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked: list[EmailDomain] = []

        def look_up(domain: EmailDomain) -> Proof:
            looked.append(domain)
            return Proof.UNKNOWN

        monkeypatch.setattr("accounts.domains.look_up", look_up)
        client = signed_in(owner)
        for _ in range(21):
            client.post(reverse("domain_check", args=[acme.domains.get().pk]))
        assert len(looked) == 20

    def test_connection_tests(self, configured: Connection, owner: User, signed_in: SignedIn) -> None:
        client = signed_in(owner)
        for _ in range(31):
            client.post(reverse("sso_test_start"))
        assert configured.tests.count() == 30
