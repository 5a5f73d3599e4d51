"""The web around the messages: redirects, hosts, headers, and bodies that nobody would send."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, Throttle, User
from sso.models import Connection
from tests.cast import Arrivals, SignedIn
from tests.hostile.routes import ROUTES, Route
from tests.outbox import deliver
from tests.words import PASSWORD

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example/",
    "/\n/evil.example",
    "/ /evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "///evil.example",
    "/\x00",
    "/a\r\nSet-Cookie: planted=1",
    "/\u2028",
    "/" + "a" * 3000,
    "evil.example",
]


class TestRedirects:
    @pytest.mark.parametrize("address", ELSEWHERE)
    def test_next_leads_nowhere_else(
        self, arrivals: Arrivals, owner: User, signed_in: SignedIn, address: str
    ) -> None:
        form = {"email": owner.email, "password": PASSWORD, "next": address}
        assert Client().post("/login/", form)["Location"] == "/"
        assert signed_in(owner).get("/login/", {"next": address})["Location"] == "/"
        for path in ("/login/", "/login/sso/"):
            assert Client().get(path, {"next": address}).context["next"] == "/"
        Client().get("/login/sso/acme/", {"next": address})
        Client().post("/login/sso/", {"email": owner.email, "next": address})
        assert set(arrivals.connection.pending_logins.values_list("relay_path", flat=True)) == {"/"}

    @pytest.mark.parametrize("address", ELSEWHERE)
    def test_neither_does_relay_state(self, arrivals: Arrivals, agent: User, address: str) -> None:
        response = arrivals.post(arrivals.of(agent.email), RelayState=address)
        assert (response.status_code, response["Location"]) == (303, "/")
        assert "planted" not in response.cookies

    def test_the_identity_provider_is_told_nothing_by_a_referrer(
        self, arrivals: Arrivals, owner: User
    ) -> None:
        page = Client().post("/login/sso/", {"email": owner.email, "next": "/settings/team/"})
        direct = Client().get("/login/sso/acme/")
        assert arrivals.connection.sso_url.split("?")[0] in page.content.decode()
        assert page["Referrer-Policy"] == direct["Referrer-Policy"] == "same-origin"
        # Nor by the request: where somebody wanted to go stays with us.
        assert "team" not in page.context["url"]
        assert "RelayState" not in page.context["url"]


class TestHost:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Host": "evil.example"},
            {"Host": "localhost.evil.example"},
            {"Host": "localhost:8000@evil.example"},
            {"Host": "localhost\\@evil.example"},
            {"Host": ""},
        ],
    )
    def test_another_host_is_not_answered(self, db: None, headers: dict[str, str]) -> None:
        for path in ("/login/", "/password-reset/"):
            assert Client().get(path, headers=headers).status_code == 400

    @pytest.mark.django_db(transaction=True)
    def test_links_in_mails_go_to_our_own_address(self, owner: User, signed_in: SignedIn) -> None:
        headers = {"Host": "testserver", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        Client().post("/password-reset/", {"email": owner.email}, headers=headers)
        form = {"email": "ivy@acme.example", "role": "agent"}
        signed_in(owner).post("/settings/team/", form, headers=headers)
        deliver()
        assert len(mail.outbox) == 2
        for message in mail.outbox:
            assert f"{settings.PUBLIC_BASE_URL}/" in message.body
            assert "evil" not in message.body
            assert "testserver" not in message.body

    def test_the_connections_addresses_do_not_follow_the_host(self, arrivals: Arrivals, agent: User) -> None:
        path = f"/sso/saml/{arrivals.connection.public_id}/"
        headers = {"Host": "testserver", "X-Forwarded-Host": "evil.example"}
        document = Client().get(f"{path}metadata/", headers=headers).content.decode()
        assert arrivals.connection.acs_url in document
        assert "testserver" not in document
        # And a response made for the host it arrived at is for somebody else.
        here = arrivals.of(agent.email, destination=f"http://testserver{path}acs/")
        assert arrivals.post(here).status_code == 403


class TestHeaders:
    def test_nothing_typed_gets_a_line_of_its_own(
        self, acme: Organization, owner: User, signed_in: SignedIn
    ) -> None:
        acme.name = "Acme\r\nBcc: everybody@evil.example\r\n\r\nHello"
        acme.save()
        client = signed_in(owner)
        assert (
            client.post("/settings/team/", {"email": "ivy@acme.example", "role": "agent"}).status_code == 302
        )
        (message,) = deliver()
        assert message.recipients() == ["ivy@acme.example"]
        assert "\n" not in message.subject
        two = {"email": "a@acme.example\nBcc: b@acme.example", "role": "agent"}
        assert client.post("/settings/team/", two).status_code == 422

    def test_a_request_id_or_an_address_of_the_clients_is_not_taken_over(self, db: None) -> None:
        headers = {"X-Request-ID": "mine", "X-Forwarded-For": "1.2.3.4, <script>, " + "9" * 300}
        response = Client().post("/login/sso/", {"email": "a@nowhere.example"}, headers=headers)
        assert response["X-Request-ID"].startswith("REQ-")
        assert [row.key for row in Throttle.objects.all()] == ["sso-start:127.0.0.1"]


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\nx'
BODIES: list[tuple[str, bytes]] = [
    (FORM, b"email=%00&role=%00&name=%00&next=%00&SAMLResponse=%00"),
    (FORM, b"email=%ff%fe&role=%ff&name=%ed%a0%80&SAMLResponse=%ff"),
    (FORM, b"role=admin&role=owner&email=a&email=b&SAMLResponse=PHg&SAMLResponse=PHg"),
    (FORM, b"&".join(b"a%d=1" % number for number in range(1500))),
    (f"{FORM}; charset=utf-7", b"email=+ADw-script+AD4-"),
    (f"{FORM}; charset=nonsense", b"email=x"),
    (PARTS, PART % b"email"),
    ("multipart/form-data", b"--b"),
    (PARTS, PART % b'SAMLResponse"; filename="../x' + b"\r\n--b--\r\n"),
    ("application/json", b'{"role": "owner"}'),
    ("text/xml", b"<x/>"),
    ("", b"\x00"),
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_no_body_is_a_fault_of_ours(
    route: Route, configured: Connection, agent: User, acme: Organization, owner: User, signed_in: SignedIn
) -> None:
    path = route.path(acme)
    for kind, body in BODIES:
        client = signed_in(owner)
        client.raise_request_exception = False
        assert client.generic("POST", path, body, content_type=kind).status_code < 500, (kind, body)
        assert client.get(path, {"next": body.decode("latin-1")}).status_code < 500


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_a_number_of_no_object_is_not_found(owner: User, signed_in: SignedIn, number: int) -> None:
    client = signed_in(owner)
    for name in (
        "member_role",
        "member_end_sessions",
        "member_reactivate",
        "domain_check",
        "invitation_revoke",
    ):
        kwarg = {"member": "member_id", "domain": "domain_id"}.get(name.split("_")[0], "invitation_id")
        assert client.post(reverse(name, kwargs={kwarg: number})).status_code == 404
