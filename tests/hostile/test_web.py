"""The web around the messages: redirects, hosts, headers, limits, and forms with more in them than was asked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.dns_proof import Proof
from accounts.emails import later
from accounts.models import EmailDomain, Invitation, Organization, Throttle, User
from sso.models import Connection, PendingLogin, SignInEvent
from tests.cast import Arrivals, SignedIn
from tests.hostile.routes import ROUTES, Route
from tests.saml.certificate_forms import certificate, pem_of
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
        later(lambda: None).result(20)
        form = {"email": "ivy@acme.example", "role": "agent"}
        signed_in(owner).post("/settings/team/", form, headers=headers)
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
        (message,) = mail.outbox
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


class TestMassAssignment:
    def test_saving_takes_the_fields_of_the_form_alone(
        self, configured: Connection, globex: Organization, owner: User, signed_in: SignedIn
    ) -> None:
        before = Connection.objects.values().get()
        form = {
            "sso_url": configured.sso_url,
            "idp_entity_id": configured.idp_entity_id,
            "default_role": "agent",
            "allow_idp_initiated": "on",
            "create_members": "on",
        }
        extra = {
            "organization": globex.pk,
            "organization_id": globex.pk,
            "public_id": "0" * 32,
            "enabled_at": "2026-01-01",
            "allow_sha1": "on",
            "tested_version": "1",
            "tested_at": "2026-01-01",
            "version": "9",
            "guide": "nonsense",
            "id": "9",
        }
        assert signed_in(owner).post(reverse("sso_settings"), form | extra).status_code == 302
        assert Connection.objects.values().get() == before

    @pytest.mark.parametrize("role", ["owner", "OWNER", "operator", "", "agent,owner"])
    def test_nobody_becomes_owner(
        self, configured: Connection, agent: User, owner: User, signed_in: SignedIn, role: str
    ) -> None:
        client = signed_in(owner)
        client.post(reverse("member_role", args=[agent.pk]), {"role": role})
        client.post(reverse("team"), {"email": "ivy@acme.example", "role": role})
        form = {
            "sso_url": configured.sso_url,
            "idp_entity_id": configured.idp_entity_id,
            "default_role": role,
        }
        assert client.post(reverse("sso_settings"), form).status_code == 422
        agent.refresh_from_db()
        configured.refresh_from_db()
        assert (agent.role, configured.default_role, Invitation.objects.count()) == ("agent", "agent", 0)

    def test_taking_up_an_invitation_gives_the_invitations_role_in_its_company(
        self, acme: Organization, globex: Organization, owner: User, signed_in: SignedIn
    ) -> None:
        signed_in(owner).post(
            reverse("team"), {"email": "ivy@acme.example", "role": "agent", "organization": globex.pk}
        )
        path = mail.outbox[0].body.split(settings.PUBLIC_BASE_URL)[1].split()[0]
        form = {"first_name": "Ivy", "last_name": "I", "password": PASSWORD}
        extra = {
            "role": "owner",
            "email": "boss@acme.example",
            "organization": globex.pk,
            "is_staff": "on",
            "is_superuser": "1",
        }
        assert Client().post(path, form | extra).status_code == 302
        ivy = User.objects.get(first_name="Ivy")
        assert (ivy.email, ivy.role, ivy.organization) == ("ivy@acme.example", "agent", acme)
        assert not ivy.is_staff
        assert not ivy.is_superuser

    def test_a_domain_is_not_verified_by_saying_so(
        self, acme: Organization, owner: User, signed_in: SignedIn
    ) -> None:
        form = {"name": "acme-two.example", "verified_at": "2026-01-01", "token": "mine"}
        signed_in(owner).post(reverse("domains"), form)
        domain = acme.domains.get(name="acme-two.example")
        assert domain.verified_at is None
        assert domain.token != "mine"


def _zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.xml", b" " * 10_000_000)
    return content.getvalue()


FILES = {
    "a zip": ("metadata.xml", _zip()),
    "an image": ("onelogin.pem", b"\x89PNG\r\n\x1a\n" + b"\x00" * 500),
    "a web page": ("x.xml", b"<!doctype html><html></html>"),
    "nothing": ("x.pem", b""),
    "a path as its name": ("../../etc/passwd", b"x"),
    "a line break in its name": ('x"\r\nSet-Cookie: a=b.pem', b"x"),
    "a name of 5000 letters": ("x" * 5000 + ".pem", b"x"),
    "a script as its name": ("<script>alert(1)</script>.pem", b"x"),
    "a DTD": ("m.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "a billion laughs": ("m.xml", b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'),
}


class TestUploads:
    @pytest.mark.parametrize(("name", "content"), FILES.values(), ids=FILES)
    @pytest.mark.parametrize("field", ["metadata_file", "certificate_file"])
    def test_a_wrong_file_is_named(
        self, configured: Connection, owner: User, signed_in: SignedIn, field: str, name: str, content: bytes
    ) -> None:
        before = list(configured.certificates.values())
        page = self._post(signed_in(owner), configured, field, SimpleUploadedFile(name, content))
        assert page.status_code == 422
        text = page.content.decode()
        assert "Please check the following" in text
        assert "<script>alert" not in text
        assert "root:" not in text
        assert list(configured.certificates.values()) == before

    @pytest.mark.parametrize("field", ["metadata_file", "certificate_file"])
    def test_fifty_megabytes_are_refused_without_being_read_into_memory(
        self,
        configured: Connection,
        owner: User,
        signed_in: SignedIn,
        field: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        sizes: list[int | None] = []

        def read(upload: TemporaryUploadedFile, size: int | None = None) -> bytes:
            sizes.append(size)
            assert upload.file is not None
            return bytes(upload.file.read(-1 if size is None else size))

        monkeypatch.setattr(TemporaryUploadedFile, "read", read)
        upload = SimpleUploadedFile("x", b"<" * 50_000_000)
        page = self._post(signed_in(owner), configured, field, upload)
        assert page.status_code == 422
        assert sizes
        assert all(size is not None and 0 <= size <= 1024 * 1024 + 1 for size in sizes)

    @pytest.mark.parametrize("kind", ["image/png", "text/html", "application/x-nonsense", ""])
    def test_the_declared_type_decides_nothing(
        self, draft: Connection, owner: User, signed_in: SignedIn, kind: str
    ) -> None:
        file = SimpleUploadedFile("whatever.exe", pem_of(certificate()).encode(), content_type=kind)
        form = {
            "sso_url": "https://acme.onelogin.com/trust/saml2/http-post/sso/1",
            "idp_entity_id": "https://app.onelogin.com/saml/metadata/1",
            "default_role": "agent",
            "certificate_file": file,
        }
        assert signed_in(owner).post(reverse("sso_settings"), form).status_code == 302

    def _post(self, client: Client, connection: Connection, field: str, file: SimpleUploadedFile) -> Any:
        if field == "metadata_file":
            return client.post(reverse("sso_upload_metadata"), {field: file})
        form = {
            "sso_url": connection.sso_url,
            "idp_entity_id": connection.idp_entity_id,
            "default_role": "agent",
            field: file,
        }
        return client.post(reverse("sso_settings"), form)


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
        monkeypatch.setattr("sso.signing_in.views._STARTS", 42)
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
        assert len(mail.outbox) == 100

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
