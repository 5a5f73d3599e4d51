"""Whoever the identity provider is: the pages of a sign-in speak its words, or nobody's, and say whose message it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from sso.connection import setup
from sso.guides import GUIDES, OTHER, Guide
from sso.models import Connection, ConnectionTest, Flow, PendingLogin
from sso.report_words.no_response import usual_causes
from tests.cast import Arrivals, Write

SignedIn = Callable[[User], Client]
PAGES = "/settings/security/sso/"
LOG = "/settings/security/log/"
KEYCLOAK = "https://login.acme.example/realms/acme"


@pytest.fixture
def client(admin: User, signed_in: SignedIn) -> Client:
    return signed_in(admin)


def page_of_test(arrivals: Arrivals, client: Client, **says: object) -> str:
    """The page of a test that is answered so."""
    client.post(f"{PAGES}test/")
    asked = PendingLogin.objects.get(test=ConnectionTest.objects.latest("pk")).request_id
    answer = arrivals.of("adam@acme.example", in_response_to=asked, **says)
    return str(client.get(arrivals.post(answer, client)["Location"]).content.decode())


@pytest.mark.parametrize(
    "says",
    [
        {"issuer": KEYCLOAK, "response_issuer": KEYCLOAK},
        {"status": ("Responder", "AuthnFailed"), "status_message": "authentication_expired"},
    ],
    ids=["issuer", "status"],
)
def test_the_page_of_a_test_says_whose_message_it_was(
    arrivals: Arrivals, client: Client, says: dict[str, object]
) -> None:
    page = page_of_test(arrivals, client, **says)
    assert "This looks like a message of Keycloak. Use the Keycloak guide?" in page
    client.post(f"{PAGES}guide/", {"guide": "keycloak"})
    assert "This looks like a message of" not in page_of_test(arrivals, client, **says)


def test_a_message_of_the_one_that_is_set_up_is_no_news(arrivals: Arrivals, client: Client) -> None:
    assert "This looks like a message of" not in page_of_test(arrivals, client)


def test_troubleshooting_says_whose_message_was_pasted(arrivals: Arrivals, client: Client) -> None:
    message = arrivals.of("adam@acme.example", issuer=KEYCLOAK, response_issuer=KEYCLOAK)
    page = client.post(f"{PAGES}troubleshoot/", {"message": message}).content.decode()
    assert "This looks like a message of Keycloak." in page


@pytest.mark.parametrize("guide", GUIDES.values(), ids=list(GUIDES))
def test_what_an_identity_provider_shows_instead_of_a_response_is_a_cause_to_pick(guide: Guide) -> None:
    causes = usual_causes(guide)
    assert [cause.name for cause in causes][:1] == ["not_assigned"]
    assert {error.seen for error in guide.shown_errors} <= {cause.seen for cause in causes}
    saved_here = {cause.name for cause in causes if cause.fix.system != guide.title}
    assert saved_here == {"sso_url"}


def test_the_waiting_page_offers_what_keycloak_shows(arrivals: Arrivals, client: Client) -> None:
    Connection.objects.update(guide="keycloak")
    client.post(f"{PAGES}test/")
    page = client.get(f"{PAGES}test/{ConnectionTest.objects.latest('pk').public_id}/").content.decode()
    assert "“We are sorry…” with “Invalid requester”" in page
    assert "Client Signature Required" in page


def test_what_is_left_of_a_deleted_configuration_speaks_of_nobodys_console(
    write: Write, connection: Connection, client: Client, owner: User
) -> None:
    event = write(refusal="wrong_audience", flow=Flow.TILE)
    setup.delete_connection(connection, owner)
    page = client.get(f"{LOG}{event.reference}/").content.decode()
    assert "Started at the tile of your identity provider" in page
    assert "Tile of your identity provider" in client.get(LOG).content.decode()
    assert "OneLogin" not in page


@pytest.mark.parametrize("name", ["onelogin", "other"])
def test_the_page_that_deletes_begins_with_a_capital_letter(
    connection: Connection, owner: User, signed_in: SignedIn, name: str
) -> None:
    Connection.objects.update(guide=name)
    page = signed_in(owner).get(f"{PAGES}delete/").content.decode()
    title = GUIDES[name].title
    assert f"{title[0].upper()}{title[1:]}'s details, the certificate" in page


def test_a_near_miss_begins_with_a_capital_letter(arrivals: Arrivals, client: Client) -> None:
    Connection.objects.update(guide=OTHER.name)
    page = page_of_test(
        arrivals, client, name_id="adam", name_id_format="", attributes=(("mail", ("adam@acme.example",)),)
    )
    assert "Your identity provider sent “mail”; we need “email”." in page
