"""Makes the SAML response that OneLogin would send, from an app's settings and a person."""

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

# What OneLogin sends for an empty field: its own placeholder.
BLANK_AUDIENCE = "{audience}"
BLANK_RECIPIENT = "{recipient}"


@dataclass(frozen=True, kw_only=True)
class ResponseForm:
    """The form that a browser posts: its address and fields. An empty `relay_state` is left out."""

    acs_url: str
    saml_response: str
    relay_state: str


@dataclass(frozen=True, kw_only=True)
class LoginContext:
    """What one response answers. From the tile there is no request: no `in_response_to`, no `acs_url`."""

    now: dt.datetime
    signed_in_at: dt.datetime | None = None
    in_response_to: str | None = None
    acs_url: str = ""
    relay_state: str | None = None


@dataclass(frozen=True, kw_only=True)
class Responder:
    """Makes the responses of one app, with its key."""

    app: SamlApp
    base_url: str
    certificate: Certificate
    key: SigningKey

    def respond(self, person: Person, login: LoginContext) -> ResponseForm:
        """The response that signs somebody in; if the app has a `status`, a failure with that status."""
        if self.app.status:
            return self.fail(self.app.status, login)
        app = self.app
        encryption = (
            Encryption(app.encryption_method, app.encryption_certificate) if app.encrypt_assertion else None
        )
        return self._posted(
            success_response(self._envelope(login), self._statement(person, login), encryption),
            login,
        )

    def fail(self, status: str, login: LoginContext) -> ResponseForm:
        """A response without an assertion, such as NoPassive."""
        return self._posted(failure_response(self._envelope(login), status), login)

    def _posted(self, xml: bytes, login: LoginContext) -> ResponseForm:
        relay_state = self.app.relay_state if login.relay_state is None else login.relay_state
        return ResponseForm(
            acs_url=self._acs_url(login), saml_response=form_value(xml), relay_state=relay_state
        )

    def _acs_url(self, login: LoginContext) -> str:
        return login.acs_url or self.app.acs_url

    def _now(self, login: LoginContext) -> dt.datetime:
        return login.now + dt.timedelta(seconds=self.app.clock_offset_seconds)

    def _envelope(self, login: LoginContext) -> Envelope:
        app = self.app
        destinations = {
            DestinationMode.ACS: self._acs_url(login),
            DestinationMode.EMPTY: "",
            DestinationMode.MISSING: None,
        }
        return Envelope(
            issuer=app.issuer(self.base_url),
            destination=destinations[app.destination_mode],
            in_response_to=login.in_response_to,
            now=self._now(login),
            signing=Signing(
                element=app.signature_element,
                algorithm=app.signature_algorithm,
                key=self.key,
                certificate_pem=self.certificate.pem,
            ),
        )

    def _statement(self, person: Person, login: LoginContext) -> Statement:
        app, now = self.app, self._now(login)
        name_id = values_of(person, app.name_id_value, app.name_id_macro)
        recipient = BLANK_RECIPIENT if app.recipient_placeholder else app.recipient or self._acs_url(login)
        return Statement(
            name_id=name_id[0] if name_id else "",
            name_id_format=app.name_id_format.uri,
            recipient=recipient or BLANK_RECIPIENT,
            audience=app.audience or BLANK_AUDIENCE,
            attributes=tuple(self._attributes(person)),
            signed_in_at=min(login.signed_in_at or now, now),
            not_before=dt.timedelta(minutes=app.not_before_minutes),
            not_on_or_after=dt.timedelta(minutes=app.not_on_or_after_minutes),
            session=dt.timedelta(minutes=app.session_minutes),
        )

    def _attributes(self, person: Person) -> list[tuple[str, tuple[str, ...]]]:
        """The included parameters. The app says whether an empty one has an empty value or is left out."""
        found = []
        for parameter in self.app.parameters:
            values = tuple(values_of(person, parameter.value, parameter.macro))
            if parameter.include and (values or self.app.empty_attribute_values):
                found.append((parameter.name, values or ("",)))
        return found
