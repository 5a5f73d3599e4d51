"""An SSO URL with something behind it: met where the address of a running sign-in was copied."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from sso.models import Connection
from tests.saml.certificate_forms import certificate, pem_of
from tests.saml.messages import ISSUER, SSO_URL
from tests.saml.metadata_files import WHOLE


@pytest.fixture
def save(draft: Connection, owner: User, signed_in: Callable[[User], Client]) -> Callable[[str], str]:
    def fill_in(sso_url: str) -> str:
        form = {
            "sso_url": sso_url,
            "idp_entity_id": ISSUER,
            "certificates": pem_of(certificate()),
            "default_role": "agent",
        }
        return signed_in(owner).post("/settings/security/sso/", form, follow=True).content.decode()

    return fill_in


@pytest.mark.parametrize("end", ["?", "?&", "&", "?  ", "#", "%20"])
def test_an_empty_query_is_left_away(end: str, save: Callable[[str], str]) -> None:
    page = save(SSO_URL + end)
    assert "Configuration saved." in page
    assert f"“{html.escape(end.strip())}” at the end of the SSO URL was left away." in page
    assert Connection.objects.get().sso_url == SSO_URL


def test_a_query_of_its_own_stays(save: Callable[[str], str]) -> None:
    page = save(f"{SSO_URL}?spid=1&x=")
    assert "Configuration saved." in page
    assert "left away" not in page
    assert Connection.objects.get().sso_url == f"{SSO_URL}?spid=1&x="


@pytest.mark.parametrize(
    "query", ["SAMLRequest=fZJ", "spid=1&samlrequest=", "RelayState=%2F", "SigAlg=x&Signature=y"]
)
def test_the_request_of_one_sign_in_is_refused_with_words(query: str, save: Callable[[str], str]) -> None:
    assert "It has the SAMLRequest of one sign-in in it." in save(f"{SSO_URL}?{query}")
    assert Connection.objects.get().sso_url == ""


@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0", "\u200b"])
def test_blanks_around_it_are_left_away_and_inside_they_are_said(
    blank: str, save: Callable[[str], str]
) -> None:
    if blank != "\u200b":
        assert "There is a space or line break inside." in save(SSO_URL.replace("/saml2", f"{blank}/saml2"))
    assert "Configuration saved." in save(f"{blank}{SSO_URL}{blank}")
    assert Connection.objects.get().sso_url == SSO_URL


def test_a_fragment_is_refused_with_words(save: Callable[[str], str]) -> None:
    assert "It ends with a # part that is never sent." in save(f"{SSO_URL}#/login")


def test_metadata_in_the_field_of_an_address_are_sent_where_they_are_read(save: Callable[[str], str]) -> None:
    assert "This is XML. If it is the metadata of OneLogin, paste it into Metadata URL" in save(WHOLE)
