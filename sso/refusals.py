"""The one catalogue of refusals: every cause of a failed sign-in has one code here.

An entry says which class of page the employee sees and what the admin is told. The cure, with its menu path, is data
of the guide of each identity provider (sso/guides/).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sso.phrases import gettext_noop


class EmployeeClass(StrEnum):
    """What the employee is told: one sentence a class, never the cause."""

    RETRY = "R"
    ADMIN = "A"
    NOT_SET_UP = "N"
    NEUTRAL = "D"
    OURS = "U"

    @property
    def sentence(self) -> str:
        return _EMPLOYEE_SENTENCES[self]


_EMPLOYEE_SENTENCES = {
    EmployeeClass.RETRY: gettext_noop("Your sign-in expired or was interrupted. Start again."),
    EmployeeClass.ADMIN: gettext_noop(
        "There's a problem with your company's single sign-on setup. Your IT admin can fix it."
    ),
    EmployeeClass.NOT_SET_UP: gettext_noop(
        "You're signed in to your company, but not set up for JustCall. Ask your IT admin."
    ),
    EmployeeClass.NEUTRAL: gettext_noop(
        "We couldn't start single sign-on for this email. Check the address, sign in with your password, "
        "or open JustCall from your company portal."
    ),
    EmployeeClass.OURS: gettext_noop("Something went wrong on our side."),
}


class Refusal(StrEnum):
    """One code for each cause. The values are stored in sign-in events and used as anchors in the docs."""

    UNKNOWN_DOMAIN = "unknown_domain"
    SSO_OFF = "sso_off"
    PLAN_LAPSED = "plan_lapsed"
    NO_RESPONSE = "no_response"

    NOT_A_RESPONSE = "not_a_response"
    TOO_LARGE = "too_large"
    FORBIDDEN_XML = "forbidden_xml"
    UNEXPECTED_STRUCTURE = "unexpected_structure"
    WRONG_VERSION = "wrong_version"
    IDP_REFUSED = "idp_refused"

    NOT_SIGNED = "not_signed"
    SIGNATURE_INVALID = "signature_invalid"
    CERTIFICATE_REPLACED = "certificate_replaced"
    WEAK_ALGORITHM = "weak_algorithm"
    CANNOT_DECRYPT = "cannot_decrypt"
    CERTIFICATE_EXPIRED = "certificate_expired"

    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_DESTINATION = "wrong_destination"
    WRONG_RECIPIENT = "wrong_recipient"
    NOT_CONFIRMED = "not_confirmed"
    NOT_AUTHENTICATED = "not_authenticated"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    UNKNOWN_REQUEST = "unknown_request"
    OTHER_BROWSER = "other_browser"
    TILE_NOT_ALLOWED = "tile_not_allowed"
    REPLAYED = "replayed"
    SECOND_LOCK = "second_lock"

    NAME_ID_MISSING = "name_id_missing"
    NAME_ID_TRANSIENT = "name_id_transient"
    NAME_ID_NOT_EMAIL = "name_id_not_email"
    EMAIL_MISSING = "email_missing"
    EMAIL_UNUSABLE = "email_unusable"
    EMAIL_AMBIGUOUS = "email_ambiguous"
    NAME_ID_EMAIL_DISAGREE = "name_id_email_disagree"
    NAMES_MISSING = "names_missing"

    DOMAIN_NOT_VERIFIED = "domain_not_verified"
    MEMBER_DEACTIVATED = "member_deactivated"
    CREATION_OFF = "creation_off"
    NO_SEAT = "no_seat"
    EMAIL_ELSEWHERE = "email_elsewhere"
    LINK_MOVED = "link_moved"

    OUR_FAULT = "our_fault"

    @property
    def help(self) -> str:
        """Where the documents explain it: a section of docs/troubleshooting.md."""
        return f"docs/troubleshooting.md#{self.value}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the catalogue: the class of page, and the admin's title and sentence."""

    employee_class: EmployeeClass
    title: str
    sentence: str


CATALOGUE: dict[Refusal, Entry] = {
    Refusal.UNKNOWN_DOMAIN: Entry(
        EmployeeClass.NEUTRAL,
        gettext_noop("Unknown email domain"),
        gettext_noop("No organization has verified the domain of this email address."),
    ),
    Refusal.SSO_OFF: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Single sign-on is off"),
        gettext_noop("Single sign-on is not turned on for this organization."),
    ),
    Refusal.PLAN_LAPSED: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Plan without single sign-on"),
        gettext_noop("Single sign-on needs the Business plan. The configuration is kept, sign-in is paused."),
    ),
    Refusal.NO_RESPONSE: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Started, no response"),
        gettext_noop(
            "A sign-in was sent to the identity provider, and no response arrived within 5 minutes."
        ),
    ),
    Refusal.NOT_A_RESPONSE: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Not a SAML response"),
        gettext_noop("What arrived at the ACS URL is not a SAML response that can be read."),
    ),
    Refusal.TOO_LARGE: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Response too large"),
        gettext_noop("The response is larger or more deeply nested than any sign-in needs."),
    ),
    Refusal.FORBIDDEN_XML: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Forbidden XML"),
        gettext_noop(
            "The response contains a DTD, entity, comment or processing instruction. None belongs in a sign-in."
        ),
    ),
    Refusal.UNEXPECTED_STRUCTURE: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Unexpected structure"),
        gettext_noop(
            "The response is not built the way a sign-in response is built, so nothing in it was believed."
        ),
    ),
    Refusal.WRONG_VERSION: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Wrong SAML version"),
        gettext_noop("The response is not a SAML 2.0 message."),
    ),
    Refusal.IDP_REFUSED: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("The identity provider refused"),
        gettext_noop("The identity provider answered with an error instead of a sign-in."),
    ),
    Refusal.NOT_SIGNED: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Nothing is signed"),
        gettext_noop("Neither the response nor the assertion carries a signature."),
    ),
    Refusal.SIGNATURE_INVALID: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Signature does not verify"),
        gettext_noop("The content was changed after it was signed, or it was signed with another key."),
    ),
    Refusal.CERTIFICATE_REPLACED: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Signed with another certificate"),
        gettext_noop("The identity provider signs with a certificate that is not the one saved here."),
    ),
    Refusal.WEAK_ALGORITHM: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Weak or unknown algorithm"),
        gettext_noop("The signature uses an algorithm that is not accepted."),
    ),
    Refusal.CANNOT_DECRYPT: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Cannot decrypt"),
        gettext_noop(
            "The assertion is encrypted in a way that cannot be opened with the key offered for this connection."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Saved certificate has expired"),
        gettext_noop("Sign-in goes on, but the saved certificate has expired."),
    ),
    Refusal.WRONG_ISSUER: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Issuer mismatch"),
        gettext_noop(
            "The response comes from another issuer than the Issuer / Entity ID that is saved here."
        ),
    ),
    Refusal.WRONG_AUDIENCE: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Invalid audience"),
        gettext_noop("The response is addressed to another audience than this connection's Entity ID."),
    ),
    Refusal.WRONG_DESTINATION: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Wrong destination"),
        gettext_noop("The response names another destination than this connection's ACS URL."),
    ),
    Refusal.WRONG_RECIPIENT: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Wrong recipient"),
        gettext_noop("The assertion names another recipient than this connection's ACS URL."),
    ),
    Refusal.NOT_CONFIRMED: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("No bearer confirmation"),
        gettext_noop(
            "The assertion has no usable bearer subject confirmation, so it can't be used to sign in."
        ),
    ),
    Refusal.NOT_AUTHENTICATED: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("No authentication statement"),
        gettext_noop("The assertion does not say that the person was authenticated."),
    ),
    Refusal.EXPIRED: Entry(
        EmployeeClass.RETRY,
        gettext_noop("Response expired"),
        gettext_noop("The response arrived after its time had run out."),
    ),
    Refusal.NOT_YET_VALID: Entry(
        EmployeeClass.RETRY,
        gettext_noop("Response not yet valid"),
        gettext_noop("The response is valid only from a later time: one of the two clocks is wrong."),
    ),
    Refusal.UNKNOWN_REQUEST: Entry(
        EmployeeClass.RETRY,
        gettext_noop("No matching request"),
        gettext_noop(
            "The response answers a request that was never sent, has expired or was already answered."
        ),
    ),
    Refusal.OTHER_BROWSER: Entry(
        EmployeeClass.RETRY,
        gettext_noop("Another browser"),
        gettext_noop("The response arrived from another browser than the one that started the sign-in."),
    ),
    Refusal.TILE_NOT_ALLOWED: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Tile sign-in not allowed"),
        gettext_noop(
            "The sign-in was started at the identity provider, and this connection does not allow that."
        ),
    ),
    Refusal.REPLAYED: Entry(
        EmployeeClass.RETRY,
        gettext_noop("Already used"),
        gettext_noop("This response has already been used once."),
    ),
    Refusal.SECOND_LOCK: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Second check refused"),
        gettext_noop("The independent second validation did not accept this response."),
    ),
    Refusal.NAME_ID_MISSING: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("NameID missing"),
        gettext_noop("The assertion does not name a person (NameID)."),
    ),
    Refusal.NAME_ID_TRANSIENT: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("NameID is transient"),
        gettext_noop("The NameID is a new one at every sign-in, so nobody can be recognised by it."),
    ),
    Refusal.NAME_ID_NOT_EMAIL: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("NameID is not an email address"),
        gettext_noop("The NameID is declared as an email address but is not one."),
    ),
    Refusal.EMAIL_MISSING: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Attributes not received"),
        gettext_noop("The response carries no email attribute and no email address as NameID."),
    ),
    Refusal.EMAIL_UNUSABLE: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Unusable email address"),
        gettext_noop("The email address received is not one that can be used to sign in."),
    ),
    Refusal.EMAIL_AMBIGUOUS: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("More than one email address"),
        gettext_noop("The email attribute has several values where exactly one is needed."),
    ),
    Refusal.NAME_ID_EMAIL_DISAGREE: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("NameID and email disagree"),
        gettext_noop("The NameID and the email attribute name two different addresses."),
    ),
    Refusal.NAMES_MISSING: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Names not received"),
        gettext_noop("The first or last name did not arrive. People can sign in without them."),
    ),
    Refusal.DOMAIN_NOT_VERIFIED: Entry(
        EmployeeClass.NOT_SET_UP,
        gettext_noop("Email domain not verified"),
        gettext_noop("The person's email address is outside the domains your organization has verified."),
    ),
    Refusal.MEMBER_DEACTIVATED: Entry(
        EmployeeClass.NOT_SET_UP,
        gettext_noop("Member deactivated"),
        gettext_noop("This member has been deactivated in JustCall."),
    ),
    Refusal.CREATION_OFF: Entry(
        EmployeeClass.NOT_SET_UP,
        gettext_noop("Not a member"),
        gettext_noop(
            "There is no member with this email address, and members are not created automatically."
        ),
    ),
    Refusal.NO_SEAT: Entry(
        EmployeeClass.NOT_SET_UP,
        gettext_noop("No seat left"),
        gettext_noop("All seats of your plan are taken, so no member could be created."),
    ),
    Refusal.EMAIL_ELSEWHERE: Entry(
        EmployeeClass.NOT_SET_UP,
        gettext_noop("Email can't be linked"),
        gettext_noop("This email address can't be linked to your organization."),
    ),
    Refusal.LINK_MOVED: Entry(
        EmployeeClass.ADMIN,
        gettext_noop("Link points at another person"),
        gettext_noop("This member is linked to another NameID than the one that arrived."),
    ),
    Refusal.OUR_FAULT: Entry(
        EmployeeClass.OURS,
        gettext_noop("Our fault"),
        gettext_noop("Something failed on our side. The reference leads us to it."),
    ),
}


class Refused(Exception):
    """A sign-in that is refused, with what was expected and what arrived (texts for the admin, never for the sender)."""

    def __init__(self, refusal: Refusal, *, expected: str = "", received: str = "") -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.expected = expected
        self.received = received

    @property
    def entry(self) -> Entry:
        return CATALOGUE[self.refusal]
