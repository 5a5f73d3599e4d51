"""SAML responses as identity providers make them, signed with signxml: a library the app does not use.

    idp = IdentityProvider()
    idp.response(idp.message(audience="https://other.example/"))      → base64, signed assertion

`Message` holds what a response says; `xml()` writes it in a dialect (prefixes); `sign` says what is signed.
"""

from __future__ import annotations

import base64
import functools
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from sso.saml.types import ConnectionConfig, PinnedCertificate

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
DS = "http://www.w3.org/2000/09/xmldsig#"
XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

ACS_URL = "http://localhost:8000/sso/saml/0123456789abcdef0123456789abcdef/acs/"
ENTITY_ID = "http://localhost:8000/sso/saml/0123456789abcdef0123456789abcdef/metadata/"
ISSUER = "https://app.onelogin.com/saml/metadata/500101"
SSO_URL = "https://acme.onelogin.com/trust/saml2/http-post/sso/500101"

Attributes = tuple[tuple[str, tuple[str, ...]], ...]
PLAIN_NAMES: Attributes = (
    ("email", ("nora@acme.example",)),
    ("firstName", ("Nora",)),
    ("lastName", ("New",)),
)


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Message:
    """What a response says. `None` leaves an attribute or element away."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    response_id: str = field(default_factory=lambda: f"pfx{uuid.uuid4()}")
    assertion_id: str = field(default_factory=lambda: f"A{uuid.uuid4().hex}")
    version: str = "2.0"
    assertion_version: str = "2.0"
    destination: str | None = ACS_URL
    in_response_to: str | None = None
    confirmed_in_response_to: str | None = "same"
    response_issuer: str | None = ISSUER
    issuer: str = ISSUER
    issuer_format: str | None = None
    status: tuple[str, ...] = ("Success",)
    status_message: str = ""
    name_id: str | None = "nora@acme.example"
    name_id_format: str | None = EMAIL_FORMAT
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    recipient: str | None = ACS_URL
    confirmed_until: str | None = "+3"
    not_before: str | None = "-3"
    not_on_or_after: str | None = "+3"
    audiences: tuple[str, ...] | None = (ENTITY_ID,)
    session_until: str | None = "+1440"
    authn: bool = True
    attributes: Attributes = PLAIN_NAMES
    typed: bool = True

    def time(self, text: str) -> str:
        """`+3` is three minutes from now; anything else is taken as it stands."""
        return instant(self.now + timedelta(minutes=float(text))) if text[0] in "+-" else text

    def xml(self, *, p: str = "samlp:", a: str = "saml:", pretty: bool = False) -> str:
        """The Response with these prefixes ("" for default namespaces)."""
        saml_ns = f'xmlns{":" + a[:-1] if a else ""}="{SAML}"'
        samlp_ns = f'xmlns{":" + p[:-1] if p else ""}="{SAMLP}"'
        issuer_format = _attribute("Format", self.issuer_format)
        issuer = f"<{a}Issuer {saml_ns}{issuer_format}>{self.issuer}</{a}Issuer>"
        outer_issuer = (
            "" if self.response_issuer is None else f"<{a}Issuer {saml_ns}>{self.response_issuer}</{a}Issuer>"
        )
        codes = ""
        for code in reversed(self.status):
            codes = f'<{p}StatusCode Value="{STATUS}{code}">{codes}</{p}StatusCode>'
        said = f"<{p}StatusMessage>{self.status_message}</{p}StatusMessage>" if self.status_message else ""
        assertion = self._assertion(a, saml_ns, issuer) if self.status == ("Success",) else ""
        text = (
            f'<{p}Response {samlp_ns} ID="{self.response_id}" Version="{self.version}"'
            f' IssueInstant="{instant(self.now)}"{_attribute("Destination", self.destination)}'
            f"{_attribute('InResponseTo', self.in_response_to)}>"
            f"{outer_issuer}<{p}Status>{codes}{said}</{p}Status>{assertion}</{p}Response>"
        )
        return text.replace("><", ">\n  <") if pretty else text

    def _assertion(self, a: str, saml_ns: str, issuer: str) -> str:
        same = self.confirmed_in_response_to == "same"
        answers = self.in_response_to if same else self.confirmed_in_response_to
        until = None if self.confirmed_until is None else self.time(self.confirmed_until)
        name_id = (
            ""
            if self.name_id is None
            else f"<{a}NameID{_attribute('Format', self.name_id_format)}>{self.name_id}</{a}NameID>"
        )
        restriction = (
            ""
            if self.audiences is None
            else f"<{a}AudienceRestriction>"
            + "".join(f"<{a}Audience>{audience}</{a}Audience>" for audience in self.audiences)
            + f"</{a}AudienceRestriction>"
        )
        session = self.session_until and self.time(self.session_until)
        authn = (
            f'<{a}AuthnStatement AuthnInstant="{instant(self.now)}" SessionIndex="_1"'
            f"{_attribute('SessionNotOnOrAfter', session)}><{a}AuthnContext><{a}AuthnContextClassRef>"
            f"urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</{a}AuthnContextClassRef>"
            f"</{a}AuthnContext></{a}AuthnStatement>"
        )
        kind = ' xsi:type="xs:string"' if self.typed else ""
        rows = "".join(
            f'<{a}Attribute Name="{name}">'
            + "".join(f"<{a}AttributeValue{kind}>{value}</{a}AttributeValue>" for value in values)
            + f"</{a}Attribute>"
            for name, values in self.attributes
        )
        statement = f"<{a}AttributeStatement>{rows}</{a}AttributeStatement>" if rows else ""
        return (
            f'<{a}Assertion {saml_ns} {XS} ID="{self.assertion_id}" Version="{self.assertion_version}"'
            f' IssueInstant="{instant(self.now)}">{issuer}<{a}Subject>{name_id}'
            f'<{a}SubjectConfirmation Method="{self.method}"><{a}SubjectConfirmationData'
            f"{_attribute('InResponseTo', answers)}{_attribute('NotOnOrAfter', until)}"
            f"{_attribute('Recipient', self.recipient)}/></{a}SubjectConfirmation></{a}Subject>"
            f"<{a}Conditions{_attribute('NotBefore', self.not_before and self.time(self.not_before))}"
            f"{_attribute('NotOnOrAfter', self.not_on_or_after and self.time(self.not_on_or_after))}>"
            f"{restriction}</{a}Conditions>{authn if self.authn else ''}{statement}</{a}Assertion>"
        )


def _attribute(name: str, value: str | None) -> str:
    return "" if value is None else f' {name}="{value}"'


@functools.cache
def key_of(kind: str) -> Any:
    if kind.startswith("ec"):
        return ec.generate_private_key({"ec": ec.SECP256R1(), "ec384": ec.SECP384R1()}[kind])
    return rsa.generate_private_key(65537, 2048)


class _Signer(XMLSigner):
    def check_deprecated_methods(self) -> None:
        """SHA-1 must be seen to be refused, so it must be made."""


@dataclass(frozen=True)
class IdentityProvider:
    """A key, its certificate, and how it signs. `kind`: rsa, ec, ec384, or rsa-<anything> for another RSA key."""

    kind: str = "rsa"
    hash: str = "SHA256"
    valid_days: int = 1826

    @functools.cached_property
    def certificate(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Identity provider {self.kind}")])
        starts = datetime.now(UTC) - timedelta(days=10)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key_of(self.kind).public_key())
            .serial_number(1000)
            .not_valid_before(starts)
            .not_valid_after(starts + timedelta(days=self.valid_days))
            .sign(key_of(self.kind), hashes.SHA256())
        )

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def pinned(self) -> PinnedCertificate:
        return PinnedCertificate(
            self.pem,
            self.certificate.fingerprint(hashes.SHA256()).hex(),
            self.certificate.not_valid_before_utc,
            self.certificate.not_valid_after_utc,
        )

    def config(self, **changes: Any) -> ConnectionConfig:
        """A connection that trusts this identity provider."""
        return replace(ConnectionConfig(ENTITY_ID, ACS_URL, ISSUER, SSO_URL, (self.pinned,)), **changes)

    def signed(self, element: etree._Element, *, prefixes: tuple[str, ...] = ()) -> etree._Element:
        """The element with a signature right after its Issuer (or first), in place in its document."""
        family = "ECDSA" if self.kind.startswith("ec") else "RSA"
        signature = etree.Element(f"{{{DS}}}Signature", nsmap={"ds": DS}, Id="placeholder")
        issuer = element.find(f"{{{SAML}}}Issuer")
        if issuer is None:
            element.insert(0, signature)
        else:
            issuer.addnext(signature)
        signer = _Signer(
            signature_algorithm=SignatureMethod[f"{family}_{self.hash}"],
            digest_algorithm=DigestAlgorithm[self.hash],
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        return signer.sign(
            element,
            key=key_of(self.kind),
            cert=self.pem,
            reference_uri=element.get("ID"),
            id_attribute="ID",
        )

    def sign(self, xml: str, what: str = "assertion") -> etree._Element:
        """The parsed Response, signed: "assertion", "response", "both" or "nothing"."""
        root = etree.fromstring(xml)
        assertion = root.find(f"{{{SAML}}}Assertion")
        if what in ("assertion", "both") and assertion is not None:
            place = root.index(assertion)
            root[place] = self.signed(assertion)
        return self.signed(root) if what in ("response", "both") else root

    def response(
        self,
        message: Message | None = None,
        *,
        sign: str = "assertion",
        then: Callable[[etree._Element], etree._Element] | None = None,
        **dialect: Any,
    ) -> str:
        """The SAMLResponse field. `then` may change the signed document before it is encoded."""
        root = self.sign((message or Message()).xml(**dialect), sign)
        if then is not None:
            root = then(root)
        return encode(root)


def deflated(xml: str) -> str:
    """As a message travels by HTTP-Redirect (bindings 3.4.4.1), before it is percent-encoded."""
    packer = zlib.compressobj(wbits=-15)
    return base64.b64encode(packer.compress(xml.encode()) + packer.flush()).decode()


def encode(document: etree._Element | bytes | str) -> str:
    """Base64 in lines of 60 with CRLF, as a browser sends OneLogin's form."""
    if isinstance(document, str):
        document = document.encode()
    content = document if isinstance(document, bytes) else etree.tostring(document) + b"\n\n"
    text = base64.b64encode(content).decode()
    return "\r\n".join(text[start : start + 60] for start in range(0, len(text), 60))
