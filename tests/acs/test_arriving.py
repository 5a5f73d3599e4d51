"""Responses that arrive at the ACS: from the tile, and in answer to a request."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from sso.models import PendingLogin
from sso.refusals import Refusal
from sso.saml.requests import new_request_id
from sso.signing_in.browser_secret import cookie_name
from tests.cast import Arrivals, Newest


def test_the_tile_signs_a_member_in(arrivals: Arrivals, agent: User, last_event: Newest) -> None:
    client = Client()
    response = arrivals.post(arrivals.of(agent.email), client)
    assert (response.status_code, response["Location"]) == (303, "/")
    assert client.get("/").status_code == 200
    event = last_event()
    assert (event.user, event.flow, event.refusal) == (agent, "tile", "")
    assert "SignatureValue" not in event.redacted_xml or ">…<" in event.redacted_xml


def test_an_answer_to_a_request_goes_where_the_person_wanted(arrivals: Arrivals, agent: User) -> None:
    client = Client()
    asked = arrivals.ask(client, "/settings/team/")
    response = arrivals.post(arrivals.of(agent.email, in_response_to=asked), client, RelayState="/elsewhere/")
    assert (response.status_code, response["Location"]) == (303, "/settings/team/")
    assert PendingLogin.objects.get(request_id=asked).consumed_at is not None


def test_the_cookie_of_a_request_is_taken_away_once_it_is_answered(arrivals: Arrivals, agent: User) -> None:
    client = Client()
    other, asked = arrivals.ask(client), arrivals.ask(client)
    response = arrivals.post(arrivals.of(agent.email, in_response_to=asked), client)
    taken = response.cookies[cookie_name(asked)]
    assert (taken.value, taken["max-age"]) == ("", 0)
    # A browser removes the cookie of that path only, and the one of another tab stays.
    path = f"/sso/saml/{arrivals.connection.public_id}/acs"
    assert (taken["path"], taken["samesite"], taken["secure"]) == (path, "None", True)
    assert cookie_name(other) not in response.cookies


def test_several_tabs_at_once_all_work(arrivals: Arrivals, agent: User) -> None:
    client = Client()
    first, second = arrivals.ask(client, "/?tab=1"), arrivals.ask(client, "/?tab=2")
    for asked, path in ((second, "/?tab=2"), (first, "/?tab=1")):
        response = arrivals.post(arrivals.of(agent.email, in_response_to=asked), client)
        assert response["Location"] == path


@pytest.mark.parametrize(
    "relay_state",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
        "/\t/evil.example",
        "/" + "a" * 3000,
        "",
    ],
)
def test_a_relay_state_that_is_not_our_own_path_goes_to_the_start(
    arrivals: Arrivals, agent: User, relay_state: str
) -> None:
    assert arrivals.post(arrivals.of(agent.email), RelayState=relay_state)["Location"] == "/"


def test_a_relay_state_of_our_own_is_followed(arrivals: Arrivals, agent: User) -> None:
    assert (
        arrivals.post(arrivals.of(agent.email), RelayState="/settings/?a=1")["Location"] == "/settings/?a=1"
    )


def test_another_browser_is_refused(arrivals: Arrivals, agent: User, last_event: Newest) -> None:
    asked = arrivals.ask(Client())
    assert arrivals.post(arrivals.of(agent.email, in_response_to=asked)).status_code == 403
    assert last_event().refusal == Refusal.OTHER_BROWSER


def test_an_expired_an_answered_and_an_unknown_request_are_refused(
    arrivals: Arrivals, agent: User, last_event: Newest
) -> None:
    client = Client()
    expired = arrivals.ask(client)
    PendingLogin.objects.filter(request_id=expired).update(expires_at=timezone.now())
    answered = arrivals.ask(client)
    arrivals.post(arrivals.of(agent.email, in_response_to=answered), client)
    for request_id in (expired, answered, new_request_id()):
        assert arrivals.post(arrivals.of(agent.email, in_response_to=request_id), client).status_code == 403
        assert last_event().refusal == Refusal.UNKNOWN_REQUEST


def test_a_request_of_another_connection_is_refused(
    arrivals: Arrivals, agent: User, globex: Organization, last_event: Newest
) -> None:
    from tests.cast import connect

    client = Client()
    foreign = Arrivals(connect(globex)).ask(client)
    assert arrivals.post(arrivals.of(agent.email, in_response_to=foreign), client).status_code == 403
    assert last_event().refusal == Refusal.UNKNOWN_REQUEST


def test_a_response_for_another_connection_is_refused(
    arrivals: Arrivals, agent: User, globex: Organization, last_event: Newest
) -> None:
    from tests.cast import connect

    other = Arrivals(connect(globex))
    assert other.post(arrivals.of(agent.email)).status_code == 403
    assert last_event().refusal == Refusal.WRONG_AUDIENCE


@pytest.mark.parametrize("change", ["plan", "off"])
def test_nobody_signs_in_while_single_sign_on_is_off_or_the_plan_has_lapsed(
    arrivals: Arrivals, agent: User, last_event: Newest, change: str
) -> None:
    if change == "plan":
        arrivals.connection.organization.plan = "pro"
        arrivals.connection.organization.save(update_fields=["plan"])
    else:
        arrivals.connection.enabled_at = None
        arrivals.connection.save(update_fields=["enabled_at"])
    assert arrivals.post(arrivals.of(agent.email)).status_code == 403
    assert last_event().refusal == (Refusal.PLAN_LAPSED if change == "plan" else Refusal.SSO_OFF)


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, Refusal.NOT_A_RESPONSE),
        ({"SAMLResponse": "hello"}, Refusal.NOT_A_RESPONSE),
        ({"SAMLResponse": ["PHg+", "PHg+"]}, Refusal.NOT_A_RESPONSE),
        ({"SAMLResponse": "A" * 300_000}, Refusal.TOO_LARGE),
        ({"SAMLResponse": "\x00"}, Refusal.NOT_A_RESPONSE),
    ],
)
def test_garbage_is_a_refusal_with_a_reference_and_never_a_fault(
    arrivals: Arrivals, last_event: Newest, body: dict[str, object], refusal: Refusal
) -> None:
    response = Client().post(f"/sso/saml/{arrivals.connection.public_id}/acs/", body)
    assert response.status_code == 403
    assert last_event().refusal == refusal
    assert last_event().reference in response.content.decode()


def test_the_acs_knows_its_connections(db: None) -> None:
    for unknown in ("0" * 32, "x", "%00", "0" * 31 + "A"):
        assert Client().post(f"/sso/saml/{unknown}/acs/", {"SAMLResponse": "x"}).status_code == 404


def test_the_employee_is_told_no_cause_and_the_admin_is(
    arrivals: Arrivals, agent: User, last_event: Newest
) -> None:
    page = arrivals.post(arrivals.of(agent.email, audiences=("https://wrong.example/",))).content.decode()
    assert "IT admin can fix it" in page
    assert "audience" not in page.lower()
    row = next(row for row in last_event().checks if row["check"] == "audience")
    assert row["received"] == "https://wrong.example/"
    assert row["expected"] == arrivals.connection.entity_id


def test_nothing_of_an_unsigned_message_is_kept_as_true(arrivals: Arrivals, last_event: Newest) -> None:
    arrivals.post(arrivals.idp.response(arrivals.message(), sign="nothing"))
    event = last_event()
    assert (event.refusal, event.email, event.attributes) == (Refusal.NOT_SIGNED, "", {})


def test_an_encrypted_assertion_signs_in(arrivals: Arrivals, agent: User) -> None:
    from cryptography import x509

    from tests.saml.encrypting import encrypt

    certificate = x509.load_pem_x509_certificate(arrivals.connection.sp_keys.get().certificate_pem.encode())
    public = certificate.public_key()

    class _Key:
        def public_key(self) -> object:
            return public

    message = arrivals.message(name_id=agent.email, attributes=(("email", (agent.email,)),))
    sealed = arrivals.idp.response(message, then=encrypt("aes256-cbc", key=_Key()))  # type: ignore[arg-type]
    assert arrivals.post(sealed).status_code == 303
