"""The SAML responses of the stand-in, in the shape of OneLogin's (SAML core 2 and 3.3.3)."""

import base64
import datetime as dt
import uuid
from dataclasses import dataclass

from lxml import etree

from sso.simulator.connector import SignatureAlgorithm, SignatureElement
from sso.simulator.signing_keys import SigningKey
from sso.simulator.xml_encryption import Encryption, encrypted
from sso.simulator.xml_signing import SAML, signed

SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
XS = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
PASSWORD_PROTECTED = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
TOP_LEVEL_STATUSES = ("Requester", "Responder", "VersionMismatch")
BASE64_LINE = 60


@dataclass(frozen=True, kw_only=True)
class Signing:
    """Which elements are signed, with which key and algorithm."""

    element: SignatureElement
    algorithm: SignatureAlgorithm
    key: SigningKey
    certificate_pem: str

    @property
    def signs_response(self) -> bool:
        """Whether the Response carries a signature."""
        return self.element in (SignatureElement.RESPONSE, SignatureElement.BOTH)

    @property
    def signs_assertion(self) -> bool:
        """Whether the Assertion carries a signature."""
        return self.element in (SignatureElement.ASSERTION, SignatureElement.BOTH)

    def apply(self, element: etree._Element) -> etree._Element:
        """A signed copy."""
        return signed(element, key=self.key, certificate_pem=self.certificate_pem, algorithm=self.algorithm)


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What every response has. Without a `destination`, the attribute is left out."""

    issuer: str
    destination: str | None
    in_response_to: str | None
    now: dt.datetime
    signing: Signing


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What the assertion says about the person, and how long it is valid."""

    name_id: str
    name_id_format: str
    recipient: str
    audience: str
    attributes: tuple[tuple[str, tuple[str, ...]], ...]
    signed_in_at: dt.datetime
    not_before: dt.timedelta
    not_on_or_after: dt.timedelta
    session: dt.timedelta


def success_response(envelope: Envelope, statement: Statement, encryption: Encryption | None = None) -> bytes:
    """A response with one assertion, signed as `envelope` says, and encrypted if asked."""
    assertion = _assertion(envelope, statement)
    if envelope.signing.signs_assertion:
        assertion = envelope.signing.apply(assertion)
    if encryption is not None:
        assertion = encrypted(assertion, encryption)
    response = _response(envelope, "Success")
    response.append(assertion)
    return _finished(envelope, response)


def failure_response(envelope: Envelope, status: str) -> bytes:
    """A response without an assertion. `status` is the last part of a status code (SAML core 3.2.2.2)."""
    return _finished(envelope, _response(envelope, status))


def form_value(xml: bytes) -> str:
    """The field SAMLResponse of the form: base64 in lines of 60 characters, like OneLogin's.

    The lines end with LF. A browser sends them with CRLF.
    """
    encoded = base64.b64encode(xml).decode()
    return "\n".join(encoded[i : i + BASE64_LINE] for i in range(0, len(encoded), BASE64_LINE)) + "\n"


def timestamp(moment: dt.datetime) -> str:
    """xs:dateTime in UTC, to the second."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _finished(envelope: Envelope, response: etree._Element) -> bytes:
    if envelope.signing.signs_response:
        response = envelope.signing.apply(response)
    return etree.tostring(response) + b"\n\n"


def _new_id(is_signed: bool, unsigned_letter: str) -> str:
    return f"pfx{uuid.uuid4()}" if is_signed else f"{unsigned_letter}{uuid.uuid4().hex}"


def _response(envelope: Envelope, status: str) -> etree._Element:
    response = etree.Element(
        f"{{{SAMLP}}}Response",
        nsmap={"samlp": SAMLP, "saml": SAML},
        ID=_new_id(envelope.signing.signs_response, "R"),
        Version="2.0",
        IssueInstant=timestamp(envelope.now),
    )
    if envelope.destination is not None:
        response.set("Destination", envelope.destination)
    if envelope.in_response_to:
        response.set("InResponseTo", envelope.in_response_to)
    _add(response, SAML, "Issuer", envelope.issuer)
    outer = _add(response, SAMLP, "Status")
    if status == "Success" or status in TOP_LEVEL_STATUSES:
        _add(outer, SAMLP, "StatusCode", Value=STATUS + status)
    else:
        first = _add(outer, SAMLP, "StatusCode", Value=STATUS + "Responder")
        _add(first, SAMLP, "StatusCode", Value=STATUS + status)
    return response


def _assertion(envelope: Envelope, statement: Statement) -> etree._Element:
    now = envelope.now
    assertion = etree.Element(
        f"{{{SAML}}}Assertion",
        nsmap={"saml": SAML, "xs": XS, "xsi": XSI},
        Version="2.0",
        ID=_new_id(envelope.signing.signs_assertion, "A"),
        IssueInstant=timestamp(now),
    )
    _add(assertion, SAML, "Issuer", envelope.issuer)
    subject = _add(assertion, SAML, "Subject")
    _add(subject, SAML, "NameID", statement.name_id, Format=statement.name_id_format)
    confirmation = _add(subject, SAML, "SubjectConfirmation", Method=BEARER)
    expires = timestamp(now + statement.not_on_or_after)
    confirmed = {"NotOnOrAfter": expires, "Recipient": statement.recipient}
    if envelope.in_response_to:
        confirmed["InResponseTo"] = envelope.in_response_to
    _add(confirmation, SAML, "SubjectConfirmationData", **confirmed)
    conditions = _add(
        assertion, SAML, "Conditions", NotBefore=timestamp(now - statement.not_before), NotOnOrAfter=expires
    )
    _add(_add(conditions, SAML, "AudienceRestriction"), SAML, "Audience", statement.audience)
    authn = _add(
        assertion,
        SAML,
        "AuthnStatement",
        AuthnInstant=timestamp(statement.signed_in_at),
        SessionNotOnOrAfter=timestamp(now + statement.session),
        SessionIndex=f"_{uuid.uuid4()}",
    )
    _add(_add(authn, SAML, "AuthnContext"), SAML, "AuthnContextClassRef", PASSWORD_PROTECTED)
    if statement.attributes:
        _add_attributes(assertion, statement.attributes)
    return assertion


def _add_attributes(assertion: etree._Element, attributes: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    statement = _add(assertion, SAML, "AttributeStatement")
    for name, values in attributes:
        attribute = _add(statement, SAML, "Attribute", NameFormat=BASIC, Name=name)
        for value in values:
            _add(attribute, SAML, "AttributeValue", value).set(f"{{{XSI}}}type", "xs:string")


def _add(
    parent: etree._Element, namespace: str, name: str, text: str = "", **attributes: str
) -> etree._Element:
    child = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
    if text:
        child.text = text
    return child
