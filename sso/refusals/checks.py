"""The checks a report consists of. Every refusal belongs to one of them."""

from __future__ import annotations

from enum import StrEnum

from sso.phrases import gettext_noop


class Check(StrEnum):
    """The checks, in the order a person reads them."""

    RESPONSE = "response"
    STATUS = "status"
    SIGNATURE = "signature"
    CERTIFICATE = "certificate"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    DESTINATION = "destination"
    RECIPIENT = "recipient"
    TIME = "time"
    REQUEST = "request"
    AUTHENTICATION = "authentication"
    NAME_ID = "name_id"
    EMAIL = "email"
    NAMES = "names"
    SECOND_LOCK = "second_lock"
    DOMAIN = "domain"
    MEMBER = "member"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Check.RESPONSE: gettext_noop("A response arrived"),
    Check.STATUS: gettext_noop("The identity provider said success"),
    Check.SIGNATURE: gettext_noop("Signature"),
    Check.CERTIFICATE: gettext_noop("Certificate"),
    Check.ISSUER: gettext_noop("Issuer"),
    Check.AUDIENCE: gettext_noop("Audience"),
    Check.DESTINATION: gettext_noop("Destination"),
    Check.RECIPIENT: gettext_noop("Recipient"),
    Check.TIME: gettext_noop("Time"),
    Check.REQUEST: gettext_noop("Matches the request"),
    Check.AUTHENTICATION: gettext_noop("The person was authenticated"),
    Check.NAME_ID: gettext_noop("NameID"),
    Check.EMAIL: gettext_noop("Email"),
    Check.NAMES: gettext_noop("First and last name"),
    Check.SECOND_LOCK: gettext_noop("Second, independent validation"),
    Check.DOMAIN: gettext_noop("Verified domain"),
    Check.MEMBER: gettext_noop("Who would sign in"),
}
