"""A reference that somebody reads out is explained from the log."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from sso.models import Connection, Flow, SignInEvent
from sso.refusals import Refusal
from tests.cast import Arrivals, Newest, SignedIn
from tests.recording import record_event
from tests.saml.messages import encode
from tests.troubleshooting.page import PAGE, paste, text_of


@pytest.mark.parametrize("typed", ["{}", "{lower}", " {bare} ", "Reference {} · 14:09 UTC"])
def test_a_reference_shows_what_was_found_then(
    arrivals: Arrivals, client: Client, last_event: Newest, typed: str
) -> None:
    arrivals.post(arrivals.of("nora@acme.example", audiences=("https://wrong.example/",)))
    reference = last_event().reference
    text = typed.format(reference, lower=reference.lower(), bare=reference.removeprefix("SSO-"))
    response = paste(client, text)
    assert response.status_code == 302
    assert response["Location"] == f"{PAGE}?reference={reference}"
    page = text_of(client.get(response["Location"]))
    assert "https://wrong.example/" in page
    assert f"{reference}: Invalid audience" in page
    assert f'href="/settings/security/log/{reference}/"' in page
    assert "nora@acme.example" in page
    assert "Judge it at the time" not in page.split('id="paste-title"')[0]


def test_a_sign_in_from_the_tile_is_told_in_the_words_of_the_companys_guide(
    arrivals: Arrivals, client: Client, last_event: Newest
) -> None:
    Connection.objects.update(guide="okta")
    arrivals.post(arrivals.of("nora@acme.example", audiences=("https://wrong.example/",)))
    page = text_of(client.get(PAGE, {"reference": last_event().reference}))
    assert "Okta tile" in page
    assert "OneLogin tile" not in page


@pytest.mark.parametrize("typed", ["\0", "SSO-\0", "SSO-7K2M9QX\0", "é" * 500, ""])
def test_what_is_no_reference_is_unknown(client: Client, arrivals: Arrivals, typed: str) -> None:
    response = client.get(PAGE, {"reference": typed})
    assert response.status_code == (404 if typed else 200)


def test_a_reference_of_another_company_is_as_unknown_as_any(
    arrivals: Arrivals, client: Client, stranger: User, signed_in: SignedIn, last_event: Newest
) -> None:
    arrivals.post(arrivals.of("nora@acme.example"))
    reference = last_event().reference
    theirs = signed_in(stranger).get(PAGE, {"reference": reference})
    unknown = signed_in(stranger).get(PAGE, {"reference": "SSO-22222222"})
    assert theirs.status_code == unknown.status_code == 404
    assert reference in text_of(theirs)
    words = "No sign-in of your company has the reference"
    assert words in text_of(theirs)
    assert words in text_of(unknown)
    assert "nora@acme.example" not in text_of(theirs)
    assert client.get(PAGE, {"reference": reference}).status_code == 200


def test_a_refusal_before_any_message_is_explained_by_its_reference(
    connection: Connection, client: Client
) -> None:
    event = record_event(
        flow=Flow.SSO_PAGE,
        now=timezone.now(),
        organization=connection.organization,
        connection=connection,
        refusal=Refusal.PLAN_LAPSED,
    )
    page = text_of(client.get(PAGE, {"reference": event.reference}))
    assert "Plan without single sign-on" in page
    assert "What to do" in page


def test_a_record_of_another_release_is_shown_as_far_as_it_is_known(
    connection: Connection, client: Client
) -> None:
    SignInEvent.objects.create(
        reference="SSO-22223333",
        organization=connection.organization,
        connection=connection,
        flow=Flow.TILE,
        refusal="of_tomorrow",
        checks=[
            {"check": "of_tomorrow"},
            {"check": "time", "outcome": "passed", "refusal": "", "expected": "", "received": ""},
        ],
    )
    page = text_of(client.get(PAGE, {"reference": "SSO-22223333"}))
    assert "of_tomorrow" in page
    assert text_of(client.get(PAGE)).count("of_tomorrow") == 1


def test_without_a_configuration_references_still_work(acme: Any, client: Client) -> None:
    event = record_event(
        flow=Flow.SSO_PAGE, now=timezone.now(), organization=acme, refusal=Refusal.UNKNOWN_DOMAIN
    )
    assert client.get(PAGE, {"reference": event.reference}).status_code == 200
    response = paste(client, encode("<samlp:Response></samlp:Response>"))
    assert response.status_code == 422
    assert "Enable SSO" in text_of(response)
