"""The one catalogue of refusals: every cause of a failed sign-in has one code here.

An entry says which class of page the employee sees and what the admin is told. The cure, with its menu path, is data
of the guide of each identity provider (sso/guides/).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


def gettext_noop(message: str) -> str:
    """Mark a text for translation. The catalogue is plain data; pages translate it when they show it."""
    return message


_ = gettext_noop


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
    EmployeeClass.RETRY: _("Your sign-in expired or was interrupted. Start again."),
    EmployeeClass.ADMIN: _(
        "There's a problem with your company's single sign-on setup. Your IT admin can fix it."
    ),
    EmployeeClass.NOT_SET_UP: _(
        "You're signed in to your company, but not set up for JustCall. Ask your IT admin."
    ),
    EmployeeClass.NEUTRAL: _(
        "We couldn't start single sign-on for this email. Check the address, sign in with your password, "
        "or open JustCall from your company portal."
    ),
    EmployeeClass.OURS: _("Something went wrong on our side."),
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


_R, _A, _N, _D, _U = EmployeeClass

CATALOGUE: dict[Refusal, Entry] = {
    Refusal.UNKNOWN_DOMAIN: Entry(
        _D, _("Unknown email domain"), _("No organization has verified the domain of this email address.")
    ),
    Refusal.SSO_OFF: Entry(
        _A, _("Single sign-on is off"), _("Single sign-on is not turned on for this organization.")
    ),
    Refusal.PLAN_LAPSED: Entry(
        _A,
        _("Plan without single sign-on"),
        _("Single sign-on needs the Business plan. The configuration is kept, sign-in is paused."),
    ),
    Refusal.NO_RESPONSE: Entry(
        _A,
        _("Started, no response"),
        _("A sign-in was sent to the identity provider, and no response arrived within 5 minutes."),
    ),
    Refusal.NOT_A_RESPONSE: Entry(
        _A,
        _("Not a SAML response"),
        _("What arrived at the ACS URL is not a SAML response that can be read."),
    ),
    Refusal.TOO_LARGE: Entry(
        _A, _("Response too large"), _("The response is larger or more deeply nested than any sign-in needs.")
    ),
    Refusal.FORBIDDEN_XML: Entry(
        _A,
        _("Forbidden XML"),
        _(
            "The response contains a DTD, entity, comment or processing instruction. None belongs in a sign-in."
        ),
    ),
    Refusal.UNEXPECTED_STRUCTURE: Entry(
        _A,
        _("Unexpected structure"),
        _("The response is not built the way a sign-in response is built, so nothing in it was believed."),
    ),
    Refusal.WRONG_VERSION: Entry(_A, _("Wrong SAML version"), _("The response is not a SAML 2.0 message.")),
    Refusal.IDP_REFUSED: Entry(
        _A,
        _("The identity provider refused"),
        _("The identity provider answered with an error instead of a sign-in."),
    ),
    Refusal.NOT_SIGNED: Entry(
        _A, _("Nothing is signed"), _("Neither the response nor the assertion carries a signature.")
    ),
    Refusal.SIGNATURE_INVALID: Entry(
        _A,
        _("Signature does not verify"),
        _("The content was changed after it was signed, or it was signed with another key."),
    ),
    Refusal.CERTIFICATE_REPLACED: Entry(
        _A,
        _("Signed with another certificate"),
        _("The identity provider signs with a certificate that is not the one saved here."),
    ),
    Refusal.WEAK_ALGORITHM: Entry(
        _A, _("Weak or unknown algorithm"), _("The signature uses an algorithm that is not accepted.")
    ),
    Refusal.CANNOT_DECRYPT: Entry(
        _A,
        _("Cannot decrypt"),
        _(
            "The assertion is encrypted in a way that cannot be opened with the key offered for this connection."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: Entry(
        _A, _("Saved certificate has expired"), _("Sign-in goes on, but the saved certificate has expired.")
    ),
    Refusal.WRONG_ISSUER: Entry(
        _A,
        _("Issuer mismatch"),
        _("The response comes from another issuer than the Issuer / Entity ID that is saved here."),
    ),
    Refusal.WRONG_AUDIENCE: Entry(
        _A,
        _("Invalid audience"),
        _("The response is addressed to another audience than this connection's Entity ID."),
    ),
    Refusal.WRONG_DESTINATION: Entry(
        _A,
        _("Wrong destination"),
        _("The response names another destination than this connection's ACS URL."),
    ),
    Refusal.WRONG_RECIPIENT: Entry(
        _A, _("Wrong recipient"), _("The assertion names another recipient than this connection's ACS URL.")
    ),
    Refusal.NOT_CONFIRMED: Entry(
        _A,
        _("No bearer confirmation"),
        _("The assertion has no usable bearer subject confirmation, so it can't be used to sign in."),
    ),
    Refusal.NOT_AUTHENTICATED: Entry(
        _A,
        _("No authentication statement"),
        _("The assertion does not say that the person was authenticated."),
    ),
    Refusal.EXPIRED: Entry(_R, _("Response expired"), _("The response arrived after its time had run out.")),
    Refusal.NOT_YET_VALID: Entry(
        _R,
        _("Response not yet valid"),
        _("The response is valid only from a later time: one of the two clocks is wrong."),
    ),
    Refusal.UNKNOWN_REQUEST: Entry(
        _R,
        _("No matching request"),
        _("The response answers a request that was never sent, has expired or was already answered."),
    ),
    Refusal.OTHER_BROWSER: Entry(
        _R,
        _("Another browser"),
        _("The response arrived from another browser than the one that started the sign-in."),
    ),
    Refusal.TILE_NOT_ALLOWED: Entry(
        _A,
        _("Tile sign-in not allowed"),
        _("The sign-in was started at the identity provider, and this connection does not allow that."),
    ),
    Refusal.REPLAYED: Entry(_R, _("Already used"), _("This response has already been used once.")),
    Refusal.SECOND_LOCK: Entry(
        _A, _("Second check refused"), _("The independent second validation did not accept this response.")
    ),
    Refusal.NAME_ID_MISSING: Entry(
        _A, _("NameID missing"), _("The assertion does not name a person (NameID).")
    ),
    Refusal.NAME_ID_TRANSIENT: Entry(
        _A,
        _("NameID is transient"),
        _("The NameID is a new one at every sign-in, so nobody can be recognised by it."),
    ),
    Refusal.NAME_ID_NOT_EMAIL: Entry(
        _A,
        _("NameID is not an email address"),
        _("The NameID is declared as an email address but is not one."),
    ),
    Refusal.EMAIL_MISSING: Entry(
        _A,
        _("Attributes not received"),
        _("The response carries no email attribute and no email address as NameID."),
    ),
    Refusal.EMAIL_UNUSABLE: Entry(
        _A,
        _("Unusable email address"),
        _("The email address received is not one that can be used to sign in."),
    ),
    Refusal.EMAIL_AMBIGUOUS: Entry(
        _A,
        _("More than one email address"),
        _("The email attribute has several values where exactly one is needed."),
    ),
    Refusal.NAME_ID_EMAIL_DISAGREE: Entry(
        _A,
        _("NameID and email disagree"),
        _("The NameID and the email attribute name two different addresses."),
    ),
    Refusal.NAMES_MISSING: Entry(
        _A,
        _("Names not received"),
        _("The first or last name did not arrive. People can sign in without them."),
    ),
    Refusal.DOMAIN_NOT_VERIFIED: Entry(
        _N,
        _("Email domain not verified"),
        _("The person's email address is outside the domains your organization has verified."),
    ),
    Refusal.MEMBER_DEACTIVATED: Entry(
        _N, _("Member deactivated"), _("This member has been deactivated in JustCall.")
    ),
    Refusal.CREATION_OFF: Entry(
        _N,
        _("Not a member"),
        _("There is no member with this email address, and members are not created automatically."),
    ),
    Refusal.NO_SEAT: Entry(
        _N, _("No seat left"), _("All seats of your plan are taken, so no member could be created.")
    ),
    Refusal.EMAIL_ELSEWHERE: Entry(
        _N, _("Email can't be linked"), _("This email address can't be linked to your organization.")
    ),
    Refusal.LINK_MOVED: Entry(
        _A,
        _("Link points at another person"),
        _("This member is linked to another NameID than the one that arrived."),
    ),
    Refusal.OUR_FAULT: Entry(
        _U, _("Our fault"), _("Something failed on our side. The reference leads us to it.")
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
