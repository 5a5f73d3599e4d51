"""What the report of an examination says, beyond the code: tests/saml/corpus/ has the messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sso.refusals import CATALOGUE, Refusal
from sso.saml.envelope import decode
from sso.saml.examination import Examination
from sso.saml.report import Check, CheckReport, CheckResult, Outcome, passed
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.messages import IdentityProvider, Message


def _row(found: Examination, check: Check) -> CheckResult:
    return next(row for row in found.report.results if row.check is check)


def test_every_failure_is_reported_and_not_only_the_first() -> None:
    message = Message(audiences=("x",), recipient="y", issuer="z", response_issuer="z")
    found = refusals_of(examined(IDP.response(message)))
    assert found == [Refusal.WRONG_ISSUER, Refusal.WRONG_AUDIENCE, Refusal.WRONG_RECIPIENT]


def test_an_idp_that_says_no_is_reported_with_its_words() -> None:
    message = Message(status=("Responder", "RequestDenied"), status_message=" Not today ")
    found = examined(IDP.response(message, sign="nothing"))
    assert refusals_of(found) == [Refusal.IDP_REFUSED]
    assert found.report.failures[0].received == "Responder / RequestDenied / Not today"


def test_a_blank_that_came_with_copying_is_shown_as_a_difference() -> None:
    config = IDP.config()
    found = examined(IDP.response(Message(audiences=(f"{config.entity_id} ",))))
    assert refusals_of(found) == [Refusal.WRONG_AUDIENCE]
    assert _row(found, Check.AUDIENCE).received == f"{config.entity_id} "


def test_an_expired_certificate_is_a_warning() -> None:
    old = IdentityProvider(valid_days=5)
    found = examined(old.response(), old.config())
    assert refusals_of(found) == []
    row = _row(found, Check.CERTIFICATE)
    assert (row.outcome, row.refusal) == (Outcome.WARNING, Refusal.CERTIFICATE_EXPIRED)
    assert datetime.now(UTC) > old.pinned.not_after


def test_an_email_that_came_as_name_id_only_is_a_warning() -> None:
    found = examined(IDP.response(Message(attributes=(("mail", ("nora@acme.example",)),))))
    assert refusals_of(found) == []
    row = _row(found, Check.EMAIL)
    assert (row.outcome, row.refusal) == (Outcome.WARNING, Refusal.EMAIL_MISSING)
    assert row.received == "nora@acme.example as NameID only"
    assert found.email == "nora@acme.example"


def test_missing_names_are_a_warning_that_says_what_came() -> None:
    found = examined(IDP.response(Message(attributes=(("email", ("nora@acme.example",)),))))
    row = _row(found, Check.NAMES)
    assert (row.outcome, row.refusal, row.received) == (Outcome.WARNING, Refusal.NAMES_MISSING, "email")


def test_the_certificate_that_fits_is_named_while_one_is_being_replaced() -> None:
    old, new = IDP, IdentityProvider("rsa-new")
    both = IDP.config(certificates=(old.pinned, new.pinned))
    for idp in (old, new):
        found = examined(idp.response(), both)
        assert found.acceptance is not None
        assert found.acceptance.certificate_sha256 == idp.pinned.sha256
        assert found.signature_verified


def test_the_second_lock_refuses_what_only_it_finds() -> None:
    # Its clock is the system's: a message that is good at the time our gate is told is long over for it.
    message = Message(now=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2))
    found = examined(IDP.response(message), now=message.now)
    assert refusals_of(found) == [Refusal.SECOND_LOCK]
    assert found.attributes["firstName"] == ["Nora"]


def test_an_attribute_value_may_be_a_name_id() -> None:
    nested = '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">opaque</saml:NameID>'
    message = Message(attributes=(*Message().attributes, ("eduPersonTargetedID", (nested,))), typed=False)
    assert examined(IDP.response(message)).attributes["eduPersonTargetedID"] == ["opaque"]


def test_a_response_claims_the_request_it_answers() -> None:
    unverified = decode(IDP.response(Message(in_response_to="_asked")))
    assert unverified.claimed_in_response_to == "_asked"


def test_what_was_decided_afterwards_takes_its_place_in_the_report() -> None:
    report = examined(IDP.response()).report.with_results(passed(Check.DOMAIN), passed(Check.MEMBER))
    assert report.passed
    assert [row.check for row in report.results] == list(Check)
    assert all(check.label for check in Check)


def test_a_report_survives_being_stored() -> None:
    report = examined(IDP.response(Message(issuer="x"))).report
    assert CheckReport.from_list(report.as_list()) == report


def test_a_refusal_carries_its_entry_of_the_catalogue() -> None:
    from sso.refusals import Refused

    assert Refused(Refusal.EXPIRED).entry is CATALOGUE[Refusal.EXPIRED]
