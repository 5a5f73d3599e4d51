"""Forms with more in them than was asked, and files that are not what they say."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Organization, User
from sso.models import Connection
from tests.cast import SignedIn
from tests.outbox import deliver
from tests.saml.certificate_forms import certificate, pem_of
from tests.words import PASSWORD


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
        path = deliver()[0].body.split(settings.PUBLIC_BASE_URL)[1].split()[0]
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
