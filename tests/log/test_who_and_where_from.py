"""Who it was and where it began, where no signature says so: never more than is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from sso.models import Connection, ConnectionTest, Flow, PendingLogin, SignInEvent
from sso.saml.report import CheckReport
from tests.cast import Arrivals, Write
from tests.log.pages import LOG, page_of
from tests.recording import record_event

CSV = f"{LOG}export.csv"


def _entry(client: Client) -> str:
    return page_of(client, path=f"{LOG}{SignInEvent.objects.latest('pk').reference}/")


def _csv(client: Client) -> str:
    return b"".join(client.get(CSV).streaming_content).decode()  # type: ignore[attr-defined]


def _typed(email: str = "una@acme.example") -> str:
    """Somebody types their address and is sent on; the request that was made."""
    Client().post("/login/sso/", {"email": email})
    return PendingLogin.objects.latest("pk").request_id


def test_a_request_without_a_response_names_who_was_typed(connection: Connection, client: Client) -> None:
    _typed()
    PendingLogin.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    for page in (page_of(client), _csv(client)):
        assert "typed una@acme.example, not proven" in page
    assert ">Unknown<" not in page_of(client)


def test_an_unsigned_response_to_it_proves_nobody(arrivals: Arrivals, client: Client) -> None:
    message = arrivals.message(name_id="ceo@acme.example", in_response_to=_typed())
    arrivals.post(arrivals.idp.response(message, sign="none"))
    assert "typed una@acme.example, not proven" in _entry(client)
    assert "typed una@acme.example, not proven" in page_of(client)
    event = SignInEvent.objects.latest("pk")
    assert (event.email, event.typed_email) == ("", "una@acme.example")


def test_a_signature_says_who_it_was_whatever_was_typed(arrivals: Arrivals, client: Client) -> None:
    arrivals.post(arrivals.of("nora@acme.example", in_response_to=_typed()))
    event = SignInEvent.objects.latest("pk")
    assert (event.email, event.typed_email) == ("nora@acme.example", "")
    assert "una@acme.example" not in _entry(client)


def test_a_start_that_was_refused_names_who_was_typed(connection: Connection, client: Client) -> None:
    Connection.objects.update(enabled_at=None)
    Client().post("/login/sso/", {"email": "una@acme.example"})
    assert "typed una@acme.example, not proven" in _entry(client)


def test_what_strangers_type_is_not_kept(connection: Connection) -> None:
    Client().post("/login/sso/", {"email": "una@nowhere.example"})
    assert SignInEvent.objects.get().typed_email == ""


def test_a_test_names_who_started_it(connection: Connection, admin: User, client: Client) -> None:
    client.post("/settings/security/sso/test/")
    client.post(f"/sso/saml/{connection.public_id}/acs/", {"SAMLResponse": "junk"})
    assert SignInEvent.objects.latest("pk").flow == Flow.TEST
    for page in (_entry(client), page_of(client), _csv(client)):
        assert "started by Adam Admin" in page
    client.post("/settings/security/sso/test/")
    PendingLogin.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    ConnectionTest.objects.filter(event=None).update(started_at=timezone.now() - timedelta(minutes=6))
    assert page_of(client).count("started by Adam Admin") == 2


def test_junk_is_not_said_to_come_from_the_tile(connection: Connection, client: Client) -> None:
    Client().post(f"/sso/saml/{connection.public_id}/acs/", {"SAMLResponse": "junk"})
    entry = _entry(client)
    assert "It is not known where this began: the message could not be read." in entry
    assert "tile" not in entry.lower()
    assert "No request of JustCall came before it." not in entry
    assert "Not known" in page_of(client)
    assert SignInEvent.objects.get().flow == Flow.UNKNOWN


def test_an_answer_to_a_request_that_nobody_knows_is_not_said_to_come_from_the_tile(
    arrivals: Arrivals, client: Client
) -> None:
    arrivals.post(arrivals.of("nora@acme.example", in_response_to="_0123456789abcdef0123456789abcdef"))
    assert SignInEvent.objects.get().flow == Flow.UNKNOWN
    words = "It is not known where this began: it answers a request that JustCall does not know."
    assert words in _entry(client)
    SignInEvent.objects.update(redacted_xml="")
    assert words in _entry(client)


def test_of_what_came_to_a_wrong_address_nothing_is_believed(connection: Connection, client: Client) -> None:
    Client().get(f"/sso/saml/{connection.public_id}/acs/", {"SAMLResponse": "x"})
    assert "It is not known where this began: nothing of the message was believed." in _entry(client)


def test_an_unsolicited_response_was_started_at_the_tile(arrivals: Arrivals, client: Client) -> None:
    arrivals.post(arrivals.of("nora@acme.example"))
    assert SignInEvent.objects.get().flow == Flow.TILE
    assert "Started at the OneLogin tile" in _entry(client)


def test_a_signed_response_without_a_usable_name_is_said_to_be_signed(
    arrivals: Arrivals, client: Client
) -> None:
    arrivals.post(arrivals.idp.response(arrivals.message(name_id="u7", attributes=())))
    entry = _entry(client)
    assert "the response is signed, but names nobody" in entry
    assert "None. The response is signed, and carries no attribute." in entry
    assert "believed" not in entry


def test_a_sign_in_with_a_warning_leads_with_who_signed_in(arrivals: Arrivals, client: Client) -> None:
    names = (("email", ("nora@acme.example",)),)
    arrivals.post(arrivals.of("nora@acme.example", attributes=names))
    entry = _entry(client)
    lead = entry.partition('class="lead"')[2].partition("</p>")[0]
    assert "Created as a new member and signed in" in lead
    assert "Names not received" not in lead
    assert "Names not received" in entry
    latest = client.get("/settings/security/sso/").content.decode()
    assert "With a warning: Names not received" in latest


@pytest.mark.parametrize("repeated", [None, 0, 40])
def test_the_list_says_how_many_more_a_line_stands_for(
    write: Write, client: Client, repeated: int | None
) -> None:
    write(refusal="not_a_response", repeated=repeated)
    assert ("and 40 more like it" in page_of(client)) == bool(repeated)
    assert ("more like it" in page_of(client)) == bool(repeated)


def test_the_plain_event_of_an_unknown_start_needs_no_test(connection: Connection, client: Client) -> None:
    record_event(
        flow=Flow.TEST,
        now=timezone.now(),
        organization=connection.organization,
        connection=connection,
        report=CheckReport(()),
    )
    assert "Unknown" in page_of(client)
