"""InResponseTo in one place, empty or made up: met with spring-security-saml, Sustainsys and php-saml."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from sso.models import ConnectionTest, Flow, PendingLogin
from tests.cast import Newest, SignedIn
from tests.field.filling import Edit, Field, replaced
from tests.field.told import ADMIN_CAN_FIX_IT, START_AGAIN, admin_reads, person_reads

CASE = "confirmation-without-in-response-to"
UNASKED = "persistent-name-id-new-email"
ON_RESPONSE, DATA = ' InResponseTo="{REQUEST_ID}"', '<saml:SubjectConfirmationData NotOnOrAfter="{NOW+300s}"'


def _only_in_the_confirmation(template: str) -> str:
    return replaced(DATA, DATA + ON_RESPONSE)(replaced(ON_RESPONSE, "")(template))


def _empty_in_the_response(template: str) -> str:
    return _only_in_the_confirmation(template).replace(' Destination="', ' InResponseTo="" Destination="')


ONE_PLACE: dict[str, tuple[Edit, str]] = {
    "in the Response": (str, "no InResponseTo in the SubjectConfirmationData"),
    "in the confirmation": (_only_in_the_confirmation, "no InResponseTo in the Response"),
    "empty in the Response": (_empty_in_the_response, "no InResponseTo in the Response"),
    "empty in the confirmation": (
        replaced(DATA, f'{DATA} InResponseTo=""'),
        "no InResponseTo in the SubjectConfirmationData",
    ),
}


@pytest.mark.parametrize("where", ONE_PLACE)
def test_in_one_place_only_it_is_the_identity_providers_fault(
    where: str, field: Field, last_event: Newest
) -> None:
    browser = Client()
    edit, received = ONE_PLACE[where]
    page = person_reads(field.post(field.case(CASE, field.ask(browser), edit), browser))
    assert ADMIN_CAN_FIX_IT in page
    assert START_AGAIN not in page
    event = last_event()
    told = admin_reads(event)
    assert (event.refusal, told.row.received) == ("in_response_to_missing", received)
    assert "fault of your identity provider's SAML software" in told.cure
    # One line in the log, on that of its request: something did come back.
    assert (event.flow, event.requested_at) == (Flow.SSO_PAGE, PendingLogin.objects.get().created_at)
    assert PendingLogin.objects.get().answered_at is not None


def test_a_test_connection_ends_with_that_report(field: Field, admin: User, signed_in: SignedIn) -> None:
    client = signed_in(admin)
    client.post("/settings/security/sso/test/")
    asked = PendingLogin.objects.get().request_id
    field.post(field.case(CASE, asked, _only_in_the_confirmation), client)
    test = ConnectionTest.objects.get()
    assert test.event is not None
    assert (test.passed, test.event.refusal) == (False, "in_response_to_missing")


@pytest.mark.parametrize("places", ["the Response", "both"])
def test_an_empty_one_from_the_tile_is_none(places: str, field: Field, last_event: Newest) -> None:
    def edit(template: str) -> str:
        written = template.replace(' Destination="', ' InResponseTo="" Destination="')
        return written.replace(DATA, f'{DATA} InResponseTo=""') if places == "both" else written

    assert field.post(field.case(UNASKED, edit=edit)).status_code == 303
    assert last_event().flow == Flow.TILE


@pytest.mark.parametrize("places", ["the Response", "the confirmation", "both"])
@pytest.mark.parametrize(
    "claim", ["IdP_Initiated_Login", "ONELOGIN_5fe9d6e499b2f0913206aab3f7191729049bb807", "null"]
)
def test_a_request_that_cannot_be_ours_is_never_told_to_start_again(
    claim: str, places: str, field: Field, last_event: Newest
) -> None:
    written = f' InResponseTo="{claim}"'

    def edit(template: str) -> str:
        if places != "the confirmation":
            template = template.replace(' Destination="', f'{written} Destination="')
        return template if places == "the Response" else template.replace(DATA, DATA + written)

    page = person_reads(field.post(field.case(UNASKED, edit=edit)))
    assert ADMIN_CAN_FIX_IT in page
    event = last_event()
    told = admin_reads(event)
    assert (event.refusal, told.row.received) == ("request_not_ours", claim)
    assert "must leave InResponseTo out when nobody asked" in told.cure


def test_a_request_that_may_have_been_ours_starts_again(field: Field, last_event: Newest) -> None:
    written = f' InResponseTo="_{"0" * 32}"'

    def edit(template: str) -> str:
        return template.replace(' Destination="', f'{written} Destination="').replace(DATA, DATA + written)

    assert START_AGAIN in person_reads(field.post(field.case(UNASKED, edit=edit)))
    assert last_event().refusal == "unknown_request"
