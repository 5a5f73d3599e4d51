"""An identity provider that says no: met with Keycloak, whose page was open too long. What it said is told."""

from __future__ import annotations

import base64

import pytest
from django.test import Client

from accounts.models import User
from tests.cast import Newest
from tests.field.filling import Edit, Field, replaced, text_of
from tests.field.told import ADMIN_CAN_FIX_IT, START_AGAIN, admin_reads, person_reads
from tests.outbox import deliver

CASE = "keycloak-authentication-expired"
MESSAGE = "<samlp:StatusMessage>authentication_expired</samlp:StatusMessage>"


def _status(first: str, second: str = "", message: str = "") -> Edit:
    said = f"<samlp:StatusMessage>{message}</samlp:StatusMessage>" if message else ""

    def edit(template: str) -> str:
        inner = f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{second}"/>' if second else ""
        start = template.index("<samlp:Status>")
        code = (
            f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{first}">{inner}</samlp:StatusCode>'
        )
        return f"{template[:start]}<samlp:Status>{code}{said}</samlp:Status></samlp:Response>"

    return edit


@pytest.mark.parametrize(
    "edit",
    [str, _status("Responder", message=" authentication_expired\n"), replaced("AuthnFailed", "NoPassive")],
)
def test_a_sign_in_that_timed_out_there_starts_again(
    edit: Edit, field: Field, owner: User, last_event: Newest
) -> None:
    browser = Client()
    page = person_reads(field.post(field.case(CASE, field.ask(browser), edit), browser))
    assert START_AGAIN in page
    event = last_event()
    told = admin_reads(event)
    assert event.refusal == "idp_timed_out"
    assert "Nothing needs to be mended" in told.row.sentence
    assert told.cure.startswith("Start the sign-in again")


def test_nobody_gets_an_email_about_it(field: Field, owner: User) -> None:
    browser = Client()
    field.post(field.case(CASE, field.ask(browser)), browser)
    assert deliver() == []


@pytest.mark.parametrize(
    ("edit", "received", "cure"),
    [
        (_status("Responder", "NoPassive"), "Responder / NoPassive", "had to ask the person something"),
        (
            _status("Responder", "RequestDenied"),
            "Responder / RequestDenied",
            "does not let this person use the app",
        ),
        (_status("Requester", "InvalidNameIDPolicy"), "Requester / InvalidNameIDPolicy", "as the NameID"),
        (_status("VersionMismatch"), "VersionMismatch", "does not take SAML 2.0 requests"),
        (_status("Responder", "AuthnFailed", "Wrong"), "Responder / AuthnFailed / Wrong", "did not manage"),
        (_status("Responder", "NoAuthnContext"), "Responder / NoAuthnContext", "any method that is allowed"),
        (
            _status("Responder", "UnknownPrincipal"),
            "Responder / UnknownPrincipal",
            "does not know this person",
        ),
        (_status("Requester", "RequestUnsupported"), "Requester / RequestUnsupported", "kind of request"),
        (
            _status("Responder", "UnsupportedBinding"),
            "Responder / UnsupportedBinding",
            "SSO URL → The SSO URL saved in JustCall",
        ),
        (_status("Requester"), "Requester", "could not use JustCall's request"),
        (_status("Responder"), "Responder", "OneLogin itself said no"),
    ],
)
def test_page_log_and_email_say_what_it_said(
    edit: Edit,
    received: str,
    cure: str,
    field: Field,
    owner: User,
    last_event: Newest,
) -> None:
    browser = Client()
    page = field.post(field.case(CASE, field.ask(browser), edit), browser)
    assert ADMIN_CAN_FIX_IT in person_reads(page)
    told = admin_reads(last_event())
    assert told.row.received == received
    assert cure in told.cure
    assert told.row.fix is not None
    [letter] = deliver()
    assert told.row.fix.instruction in " ".join(str(letter.body).split())


def test_a_signed_no_counts_as_signed(
    field: Field,
    owner: User,
    last_event: Newest,
) -> None:
    # Nobody asked: only the signature says that it is theirs.
    field.post(field.case(CASE, edit=_unasked))
    outcomes = {row["check"]: row["outcome"] for row in last_event().checks}
    assert outcomes["signature"] == "passed"
    [letter] = deliver()
    assert "Nobody JustCall trusts" not in str(letter.body)


def test_a_no_whose_signature_does_not_verify_counts_for_nobody(
    field: Field,
    owner: User,
    last_event: Newest,
) -> None:
    unsigned = base64.b64encode(field.filled(_unasked(text_of(CASE))).encode()).decode()
    field.post(unsigned)
    outcomes = {row["check"]: row["outcome"] for row in last_event().checks}
    assert outcomes["signature"] == "not_reached"
    assert deliver() == []


def _unasked(template: str) -> str:
    return replaced(' InResponseTo="{REQUEST_ID}"', "")(_status("Responder", "RequestDenied")(template))
