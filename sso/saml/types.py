"""What the protocol code takes and gives. The names say how far trust has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from lxml import etree

DEFAULT_CLOCK_SKEW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class PinnedCertificate:
    """A certificate an admin has saved: the only thing a signature is verified with."""

    pem: str
    sha256: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class ConnectionConfig:
    """What one connection expects. Strictness is not among it."""

    entity_id: str
    acs_url: str
    idp_entity_id: str
    sso_url: str
    certificates: tuple[PinnedCertificate, ...]
    allow_idp_initiated: bool = True
    allow_sha1: bool = False
    clock_skew: timedelta = DEFAULT_CLOCK_SKEW
    # PEM, newest first. Kept out of every repr: this object may end in a traceback.
    decryption_keys: tuple[bytes, ...] = field(default=(), repr=False)


class RequestState(StrEnum):
    """What became of the request a response claims to answer."""

    UNSOLICITED = "unsolicited"
    MATCHED = "matched"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    ANSWERED = "answered"
    OTHER_BROWSER = "other_browser"


@dataclass(frozen=True, slots=True)
class AnsweredRequest:
    """The request a response answers, as our own records know it. `request_id` is empty for an unsolicited one."""

    state: RequestState
    request_id: str = ""


UNSOLICITED = AnsweredRequest(RequestState.UNSOLICITED)


@dataclass(frozen=True, slots=True)
class UnverifiedResponse:
    """A well-formed `samlp:Response` of the known shape. Nothing in it may be believed yet."""

    encoded: str = field(repr=False)
    xml: bytes = field(repr=False)
    root: etree._Element = field(repr=False)

    @property
    def claimed_in_response_to(self) -> str | None:
        """The request it says it answers: good for looking a request up, for nothing else."""
        return self.root.get("InResponseTo")


@dataclass(frozen=True, slots=True)
class SignedAssertion:
    """An assertion re-parsed from the canonical bytes its signature covers.

    `response` is the enclosing Response: re-parsed from signed bytes when `response_is_signed`, otherwise the bare
    envelope, whose attributes may only ever narrow what is accepted.
    """

    element: etree._Element = field(repr=False)
    response: etree._Element = field(repr=False)
    response_is_signed: bool
    certificate: PinnedCertificate
    was_encrypted: bool

    @property
    def assertion_id(self) -> str:
        return self.element.get("ID", "")
