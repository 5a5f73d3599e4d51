"""From an app's settings and a person to the SAML response OneLogin would send."""

import datetime as dt
from dataclasses import dataclass

from sso.simulator.connector import DestinationMode, SamlApp
from sso.simulator.directory import Person, values_of
from sso.simulator.saml_messages import (
    Envelope,
    Signing,
    Statement,
    failure_response,
    form_value,
    success_response,
)
from sso.simulator.signing_keys import Certificate, SigningKey
from sso.simulator.xml_encryption import Encryption

# What OneLogin sends for a field that was left blank: its own placeholder, unfilled.
BLANK_AUDIENCE = "{audience}"
BLANK_RECIPIENT = "{recipient}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A form to post: where, and its two fields. No `relay_state` leaves the field away."""

    acs_url: str
    saml_response: str
    relay_state: str


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What one answer is for. From the tile there is no request: no `in_response_to`, no `acs_url`."""

    now: dt.datetime
    signed_in_at: dt.datetime | None = None
    in_response_to: str | None = None
    acs_url: str = ""
    relay_state: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answerer:
    """One app with the key it signs with."""

    app: SamlApp
    base_url: str
    certificate: Certificate
    key: SigningKey

    def answer(self, person: Person, occasion: Occasion) -> Answer:
        """The response that signs somebody in, or the app's forced `status` instead."""
        if self.app.status:
            return self.refusal(self.app.status, occasion)
        app = self.app
        encryption = (
            Encryption(app.encryption_method, app.encryption_certificate) if app.encrypt_assertion else None
        )
        return self._posted(
            success_response(self._envelope(occasion), self._statement(person, occasion), encryption),
            occasion,
        )

    def refusal(self, status: str, occasion: Occasion) -> Answer:
        """A response without an assertion, such as NoPassive."""
        return self._posted(failure_response(self._envelope(occasion), status), occasion)

    def _posted(self, xml: bytes, occasion: Occasion) -> Answer:
        relay_state = self.app.relay_state if occasion.relay_state is None else occasion.relay_state
        return Answer(acs_url=self._acs_url(occasion), saml_response=form_value(xml), relay_state=relay_state)

    def _acs_url(self, occasion: Occasion) -> str:
        return occasion.acs_url or self.app.acs_url

    def _now(self, occasion: Occasion) -> dt.datetime:
        return occasion.now + dt.timedelta(seconds=self.app.clock_offset_seconds)

    def _envelope(self, occasion: Occasion) -> Envelope:
        app = self.app
        destinations = {
            DestinationMode.ACS: self._acs_url(occasion),
            DestinationMode.EMPTY: "",
            DestinationMode.MISSING: None,
        }
        return Envelope(
            issuer=app.issuer(self.base_url),
            destination=destinations[app.destination_mode],
            in_response_to=occasion.in_response_to,
            now=self._now(occasion),
            signing=Signing(
                element=app.signature_element,
                algorithm=app.signature_algorithm,
                key=self.key,
                certificate_pem=self.certificate.pem,
            ),
        )

    def _statement(self, person: Person, occasion: Occasion) -> Statement:
        app, now = self.app, self._now(occasion)
        name_id = values_of(person, app.name_id_value, app.name_id_macro)
        recipient = BLANK_RECIPIENT if app.recipient_placeholder else app.recipient or self._acs_url(occasion)
        return Statement(
            name_id=name_id[0] if name_id else "",
            name_id_format=app.name_id_format.uri,
            recipient=recipient or BLANK_RECIPIENT,
            audience=app.audience or BLANK_AUDIENCE,
            attributes=tuple(self._attributes(person)),
            signed_in_at=min(occasion.signed_in_at or now, now),
            not_before=dt.timedelta(minutes=app.not_before_minutes),
            not_on_or_after=dt.timedelta(minutes=app.not_on_or_after_minutes),
            session=dt.timedelta(minutes=app.session_minutes),
        )

    def _attributes(self, person: Person) -> list[tuple[str, tuple[str, ...]]]:
        """The included parameters; an empty one is an empty value or is left out, as the app says."""
        found = []
        for parameter in self.app.parameters:
            values = tuple(values_of(person, parameter.value, parameter.macro))
            if parameter.include and (values or self.app.empty_attribute_values):
                found.append((parameter.name, values or ("",)))
        return found
