"""What the protocol code takes and returns. The names say how far something is trusted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from lxml import etree

from sso.phrases import Phrase, Said
from sso.saml.names import saml

DEFAULT_CLOCK_SKEW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class PinnedCertificate:
    """A certificate that an admin has saved. Signatures are verified with these and nothing else.

    `sha256` is the fingerprint in lower-case hex; both times are aware.
    """

    pem: str
    sha256: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class ConnectionConfig:
    """What one connection expects of a response. Nothing else makes it stricter or less strict.

    `entity_id` and `acs_url` are ours, `idp_entity_id` and `sso_url` the identity provider's.
    """

    entity_id: str
    acs_url: str
    idp_entity_id: str
    sso_url: str
    certificates: tuple[PinnedCertificate, ...]
    allow_idp_initiated: bool = True
    allow_sha1: bool = False
    clock_skew: timedelta = DEFAULT_CLOCK_SKEW
    # PEM, newest first. Not in the repr, which may get into a traceback.
    decryption_keys: tuple[bytes, ...] = field(default=(), repr=False)
    # PEM, of these keys.
    own_certificates: tuple[str, ...] = ()


class RequestState(StrEnum):
    """The state of the request that a response claims to answer."""

    UNSOLICITED = "unsolicited"
    MATCHED = "matched"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    ANSWERED = "answered"
    OTHER_BROWSER = "other_browser"

    @property
    def words(self) -> Said:
        return _STATES[self]()


_STATES = {
    RequestState.UNSOLICITED: Phrase.REQUEST_UNSOLICITED,
    RequestState.MATCHED: Phrase.REQUEST_MATCHED,
    RequestState.UNKNOWN: Phrase.REQUEST_UNKNOWN,
    RequestState.EXPIRED: Phrase.REQUEST_EXPIRED,
    RequestState.ANSWERED: Phrase.REQUEST_ANSWERED,
    RequestState.OTHER_BROWSER: Phrase.REQUEST_OF_OTHER_BROWSER,
}


@dataclass(frozen=True, slots=True)
class AnsweredRequest:
    """The request that a response answers, from our own records. `request_id` is empty if unsolicited."""

    state: RequestState
    request_id: str = ""


UNSOLICITED = AnsweredRequest(RequestState.UNSOLICITED)


@dataclass(frozen=True, slots=True)
class UnverifiedResponse:
    """A well-formed `samlp:Response` of the known shape. Nothing in it is trusted yet.

    `encoded` is the form field without white space, `xml` what it decodes to, `root` that XML parsed.
    """

    encoded: str = field(repr=False)
    xml: bytes = field(repr=False)
    root: etree._Element = field(repr=False)

    @property
    def is_encrypted(self) -> bool:
        """Whether it brings its assertion encrypted (SAML core 2.3.4)."""
        return self.root.find(saml("EncryptedAssertion")) is not None

    @property
    def claimed_in_response_to(self) -> str | None:
        """The ID of the request it says it answers. Use it only to look up a request.

        An honest one says it twice. Where the Response does not, its confirmation may; such a response is never accepted.
        """
        confirmed = (
            data.get("InResponseTo") for data in self.root.iterfind(f".//{saml('SubjectConfirmationData')}")
        )
        return next(filter(None, (self.root.get("InResponseTo"), *confirmed)), None)


@dataclass(frozen=True, slots=True)
class SignedAssertion:
    """An assertion, parsed again from the canonical bytes that its signature covers.

    `response` is the Response around it. If `response_is_signed`, it too is parsed from signed bytes. If not, it is the
    message as it arrived: its attributes may be used to refuse it, never to accept it.
    """

    element: etree._Element = field(repr=False)
    response: etree._Element = field(repr=False)
    response_is_signed: bool
    certificate: PinnedCertificate

    @property
    def assertion_id(self) -> str:
        return self.element.get("ID", "")
