"""The table: one row for each cause of a failed sign-in, in the order in which a sign-in meets them.

The columns are those of `Entry`: title, sentence; check, class, whom it stops; mailed, compared, trying again.
"""

from __future__ import annotations

from sso.phrases import gettext_noop
from sso.refusals.checks import Check
from sso.refusals.codes import Refusal
from sso.refusals.columns import Compared, EmployeeClass, Entry, Mailed, Retry, Stops

# Two lines of three columns each, below the texts.
# fmt: off
CATALOGUE: dict[Refusal, Entry] = {
    Refusal.UNKNOWN_DOMAIN: Entry(
        gettext_noop("Unknown email domain"),
        gettext_noop("No organization has verified the domain of this email address."),
        Check.DOMAIN, EmployeeClass.NEUTRAL, Stops.ONE_PERSON,
        Mailed.NEVER, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.SSO_OFF: Entry(
        gettext_noop("Single sign-on is off"),
        gettext_noop("Single sign-on is not turned on for this organization."),
        Check.MEMBER, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.NEVER, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.PLAN_LAPSED: Entry(
        gettext_noop("Plan without single sign-on"),
        gettext_noop("Single sign-on needs the Business plan. The configuration is kept, sign-in is paused."),
        Check.MEMBER, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.NO_RESPONSE: Entry(
        gettext_noop("Started, no response"),
        gettext_noop("A sign-in was sent to the identity provider, and no response arrived within 5 minutes."),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.ONE_PERSON,
        Mailed.NEVER, Compared.NOTHING, Retry.HELPS,
    ),
    Refusal.LOGOUT_AT_ACS: Entry(
        gettext_noop("Logout message at the ACS URL"),
        gettext_noop(
            "The identity provider sends logout messages to the ACS URL, and JustCall takes only sign-ins there."
        ),
        Check.RESPONSE,
        EmployeeClass.SIGNED_OUT,
        Stops.ONE_PERSON,
        Mailed.NEVER,
        Compared.NOTHING,
        Retry.IN_VAIN,
    ),
    Refusal.WRONG_ADDRESS: Entry(
        gettext_noop("Posted to another address"),
        gettext_noop(
            "The response was posted to another address of JustCall than this connection's ACS URL."
        ),
        Check.DESTINATION,
        EmployeeClass.ADMIN,
        Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR,
        Compared.TO_THE_LETTER,
        Retry.IN_VAIN,
    ),
    Refusal.NOT_BY_POST: Entry(
        gettext_noop("Not sent by HTTP-POST"),
        gettext_noop(
            "The response came in a web address (HTTP-Redirect). JustCall takes responses by HTTP-POST only."
        ),
        Check.RESPONSE,
        EmployeeClass.ADMIN,
        Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR,
        Compared.NOTHING,
        Retry.IN_VAIN,
    ),
    Refusal.NOT_A_RESPONSE: Entry(
        gettext_noop("Not a SAML response"),
        gettext_noop("What arrived at the ACS URL is not a SAML response that can be read."),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.HELPS,
    ),
    Refusal.NOT_BASE64: Entry(
        gettext_noop("Not in base64"),
        gettext_noop("The response did not arrive as the XML in base64, once, which HTTP-POST asks for."),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.TOO_LARGE: Entry(
        gettext_noop("Response too large"),
        gettext_noop("The response is larger or more deeply nested than any sign-in needs."),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.FORBIDDEN_XML: Entry(
        gettext_noop("Forbidden XML"),
        gettext_noop(
            "The response contains a DTD, entity, comment or processing instruction. None belongs in a sign-in."
        ),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.UNEXPECTED_STRUCTURE: Entry(
        gettext_noop("Unexpected structure"),
        gettext_noop(
            "The response is not built the way a sign-in response is built, so nothing in it was believed."
        ),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.ENCRYPTED_PART: Entry(
        gettext_noop("NameID or attribute encrypted"),
        gettext_noop("JustCall opens encrypted assertions, but not a NameID or attribute encrypted by itself."),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.STRUCTURED_ATTRIBUTE: Entry(
        gettext_noop("Attribute with a structured value"),
        gettext_noop("An attribute that JustCall reads has XML elements as its value, where text is needed."),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.WRONG_VERSION: Entry(
        gettext_noop("Wrong SAML version"),
        gettext_noop("The response is not a SAML 2.0 message."),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.IDP_REFUSED: Entry(
        gettext_noop("The identity provider refused"),
        gettext_noop("The identity provider answered with an error instead of a sign-in."),
        Check.STATUS, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.HELPS,
    ),
    Refusal.IDP_TIMED_OUT: Entry(
        gettext_noop("Timed out at the identity provider"),
        gettext_noop(
            "The person's sign-in ran out of time at the identity provider. Nothing needs to be mended."
        ),
        Check.STATUS, EmployeeClass.RETRY, Stops.ONE_PERSON,
        Mailed.NEVER, Compared.NOTHING, Retry.HELPS,
    ),
    Refusal.NOT_SIGNED: Entry(
        gettext_noop("Nothing is signed"),
        gettext_noop("Neither the response nor the assertion carries a signature."),
        Check.SIGNATURE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.EVEN_UNSIGNED, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.SIGNATURE_INVALID: Entry(
        gettext_noop("Signature does not verify"),
        gettext_noop("The content was changed after it was signed, or it was signed with another key."),
        Check.SIGNATURE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.EVEN_UNSIGNED, Compared.NOTHING, Retry.AFTER_A_CHANGE,
    ),
    Refusal.CERTIFICATE_REPLACED: Entry(
        gettext_noop("Signed with another certificate"),
        gettext_noop("The identity provider signs with a certificate that is not the one saved here."),
        Check.CERTIFICATE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.EVEN_UNSIGNED, Compared.NOTHING, Retry.AFTER_A_CHANGE,
    ),
    Refusal.WEAK_ALGORITHM: Entry(
        gettext_noop("Weak or unknown algorithm"),
        gettext_noop("The signature uses an algorithm that is not accepted."),
        Check.SIGNATURE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.EVEN_UNSIGNED, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.OTHER_CANONICALIZATION: Entry(
        gettext_noop("Signed in another canonical form"),
        gettext_noop("What is signed is brought into another form than by exclusive canonicalization (C14N)."),
        Check.SIGNATURE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.EVEN_UNSIGNED, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.UNKNOWN_ENCRYPTION: Entry(
        gettext_noop("Encrypted in another way"),
        gettext_noop("The assertion is encrypted in a way that JustCall does not open."),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.EVEN_UNSIGNED, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.CANNOT_DECRYPT: Entry(
        gettext_noop("Cannot decrypt"),
        gettext_noop("The encrypted assertion cannot be opened with the key offered for this connection."),
        Check.RESPONSE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.EVEN_UNSIGNED, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.CERTIFICATE_EXPIRED: Entry(
        gettext_noop("Saved certificate has expired"),
        gettext_noop("Sign-in goes on, but the saved certificate has expired."),
        Check.CERTIFICATE, EmployeeClass.ADMIN, Stops.NOBODY,
        Mailed.NEVER, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.WRONG_ISSUER: Entry(
        gettext_noop("Issuer mismatch"),
        gettext_noop("The response comes from another issuer than the Issuer / Entity ID that is saved here."),
        Check.ISSUER, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.TO_THE_LETTER, Retry.AFTER_A_CHANGE,
    ),
    Refusal.WRONG_AUDIENCE: Entry(
        gettext_noop("Invalid audience"),
        gettext_noop("The response is addressed to another audience than this connection's Entity ID."),
        Check.AUDIENCE, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.TO_THE_LETTER, Retry.IN_VAIN,
    ),
    Refusal.WRONG_DESTINATION: Entry(
        gettext_noop("Wrong destination"),
        gettext_noop("The response names another destination than this connection's ACS URL."),
        Check.DESTINATION, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.TO_THE_LETTER, Retry.IN_VAIN,
    ),
    Refusal.WRONG_RECIPIENT: Entry(
        gettext_noop("Wrong recipient"),
        gettext_noop("The assertion names another recipient than this connection's ACS URL."),
        Check.RECIPIENT, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.TO_THE_LETTER, Retry.IN_VAIN,
    ),
    Refusal.NOT_CONFIRMED: Entry(
        gettext_noop("No bearer confirmation"),
        gettext_noop("The assertion has no usable bearer subject confirmation, so it can't be used to sign in."),
        Check.RECIPIENT, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.NOT_AUTHENTICATED: Entry(
        gettext_noop("No authentication statement"),
        gettext_noop("The assertion does not say that the person was authenticated."),
        Check.AUTHENTICATION, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.AUTHENTICATED_LATER: Entry(
        gettext_noop("Authenticated in the future"),
        gettext_noop("The response says that the person was authenticated at a time that is still to come."),
        Check.AUTHENTICATION, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.EXPIRED: Entry(
        gettext_noop("Response expired"),
        gettext_noop("The response arrived after its time had run out."),
        Check.TIME, EmployeeClass.RETRY, Stops.ONE_PERSON,
        Mailed.NEVER, Compared.NOTHING, Retry.HELPS,
    ),
    Refusal.NOT_YET_VALID: Entry(
        gettext_noop("Response not yet valid"),
        gettext_noop("The response is valid only from a later time: one of the two clocks is wrong."),
        Check.TIME, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.SESSION_OVER: Entry(
        gettext_noop("Session already over"),
        gettext_noop("The response says that the person's session at the identity provider has already ended."),
        Check.TIME, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.TIME_NOT_UTC: Entry(
        gettext_noop("Time not in UTC"),
        gettext_noop("A time in the response is not written in UTC with a Z at its end, as SAML asks."),
        Check.TIME, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.UNKNOWN_REQUEST: Entry(
        gettext_noop("No matching request"),
        gettext_noop("The response answers a request that was never sent, has expired or was already answered."),
        Check.REQUEST, EmployeeClass.RETRY, Stops.ONE_PERSON,
        Mailed.NEVER, Compared.NOTHING, Retry.HELPS,
    ),
    Refusal.REQUEST_NOT_OURS: Entry(
        gettext_noop("Answers a request that is not JustCall's"),
        gettext_noop(
            "The response names a request (InResponseTo) that JustCall never sent: those of JustCall look different."
        ),
        Check.REQUEST, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.IN_RESPONSE_TO_MISSING: Entry(
        gettext_noop("InResponseTo in one place only"),
        gettext_noop(
            "The identity provider names the request (InResponseTo) in only one of its two places, the Response and the "
            "SubjectConfirmationData."
        ),
        Check.REQUEST, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.OTHER_BROWSER: Entry(
        gettext_noop("Another browser"),
        gettext_noop("The response arrived from another browser than the one that started the sign-in."),
        Check.REQUEST, EmployeeClass.RETRY, Stops.ONE_PERSON,
        Mailed.NEVER, Compared.NOTHING, Retry.HELPS,
    ),
    Refusal.TILE_NOT_ALLOWED: Entry(
        gettext_noop("Tile sign-in not allowed"),
        gettext_noop("The sign-in was started at the identity provider, and this connection does not allow that."),
        Check.REQUEST, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.REPLAYED: Entry(
        gettext_noop("Already used"),
        gettext_noop("This response has already been used once."),
        Check.REQUEST, EmployeeClass.RETRY, Stops.ONE_PERSON,
        Mailed.NEVER, Compared.NOTHING, Retry.HELPS,
    ),
    Refusal.SECOND_LOCK: Entry(
        gettext_noop("Second check refused"),
        gettext_noop("The independent second validation did not accept this response."),
        Check.SECOND_LOCK, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.NAME_ID_MISSING: Entry(
        gettext_noop("NameID missing"),
        gettext_noop("The assertion does not name a person (NameID)."),
        Check.NAME_ID, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.NAME_ID_TRANSIENT: Entry(
        gettext_noop("NameID is transient"),
        gettext_noop("The NameID is a new one at every sign-in, so nobody can be recognised by it."),
        Check.NAME_ID, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.NAME_ID_NOT_EMAIL: Entry(
        gettext_noop("NameID is not an email address"),
        gettext_noop("The NameID is declared as an email address but is not one."),
        Check.NAME_ID, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.EMAIL_MISSING: Entry(
        gettext_noop("Attributes not received"),
        gettext_noop("The response carries no email attribute and no email address as NameID."),
        Check.EMAIL, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.EMAIL_ATTRIBUTE, Retry.IN_VAIN,
    ),
    Refusal.EMAIL_AS_NAME_ID: Entry(
        gettext_noop("Email only as NameID"),
        gettext_noop("The email address arrived as NameID only, without an email attribute. People can sign in with it."),
        Check.EMAIL, EmployeeClass.ADMIN, Stops.NOBODY,
        Mailed.NEVER, Compared.EMAIL_ATTRIBUTE, Retry.IN_VAIN,
    ),
    Refusal.EMAIL_UNUSABLE: Entry(
        gettext_noop("Unusable email address"),
        gettext_noop("The email address received is not one that can be used to sign in."),
        Check.EMAIL, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.EMAIL_NOT_ASCII: Entry(
        gettext_noop("Email address with other letters"),
        gettext_noop(
            "The email address has letters outside ASCII, such as ü. JustCall takes plain letters only, so that none is "
            "taken for one that looks like it."
        ),
        Check.EMAIL, EmployeeClass.ADMIN, Stops.ONE_PERSON,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.EMAIL_AMBIGUOUS: Entry(
        gettext_noop("More than one email address"),
        gettext_noop("The email attribute has several values where exactly one is needed."),
        Check.EMAIL, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.NAME_ID_EMAIL_DISAGREE: Entry(
        gettext_noop("NameID and email disagree"),
        gettext_noop("The NameID and the email attribute name two different addresses."),
        Check.EMAIL, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.NAMES_MISSING: Entry(
        gettext_noop("Names not received"),
        gettext_noop("The first or last name did not arrive. People can sign in without them."),
        Check.NAMES, EmployeeClass.ADMIN, Stops.NOBODY,
        Mailed.NEVER, Compared.NAME_ATTRIBUTES, Retry.IN_VAIN,
    ),
    Refusal.DOMAIN_NOT_VERIFIED: Entry(
        gettext_noop("Email domain not verified"),
        gettext_noop("The person's email address is outside the domains your organization has verified."),
        Check.DOMAIN, EmployeeClass.NOT_SET_UP, Stops.ONE_PERSON,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.MEMBER_DEACTIVATED: Entry(
        gettext_noop("Member deactivated"),
        gettext_noop("This member has been deactivated in JustCall."),
        Check.MEMBER, EmployeeClass.NOT_SET_UP, Stops.ONE_PERSON,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.CREATION_OFF: Entry(
        gettext_noop("Not a member"),
        gettext_noop("There is no member with this email address, and members are not created automatically."),
        Check.MEMBER, EmployeeClass.NOT_SET_UP, Stops.ONE_PERSON,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.NO_SEAT: Entry(
        gettext_noop("No seat left"),
        gettext_noop("All seats of your plan are taken, so no member could be created."),
        Check.MEMBER, EmployeeClass.NOT_SET_UP, Stops.ONE_PERSON,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.EMAIL_ELSEWHERE: Entry(
        gettext_noop("Email can't be linked"),
        gettext_noop("This email address can't be linked to your organization."),
        Check.MEMBER, EmployeeClass.NOT_SET_UP, Stops.ONE_PERSON,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.EMAIL_CHANGED: Entry(
        gettext_noop("Same person, another email"),
        gettext_noop(
            "The same person arrives with another email: the NameID is the one that is linked to this member."
        ),
        Check.MEMBER, EmployeeClass.ADMIN, Stops.ONE_PERSON,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.NAME_ID_OF_ANOTHER: Entry(
        gettext_noop("NameID and email of two members"),
        gettext_noop("The NameID is linked to one member, and the email address belongs to another one."),
        Check.MEMBER, EmployeeClass.ADMIN, Stops.ONE_PERSON,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.NAME_ID_FORMAT_CHANGED: Entry(
        gettext_noop("NameID in another format"),
        gettext_noop(
            "The NameID came in another format than the one that this member is linked to: one is an email address, the "
            "other is not."
        ),
        Check.MEMBER, EmployeeClass.ADMIN, Stops.EVERYBODY,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.LINK_MOVED: Entry(
        gettext_noop("Linked to another NameID"),
        gettext_noop("This member is linked to another NameID than the one that arrived."),
        Check.MEMBER, EmployeeClass.ADMIN, Stops.ONE_PERSON,
        Mailed.WHEN_VOUCHED_FOR, Compared.NOTHING, Retry.IN_VAIN,
    ),
    Refusal.OUR_FAULT: Entry(
        gettext_noop("Our fault"),
        gettext_noop("Something failed on our side. The reference leads us to it."),
        Check.MEMBER, EmployeeClass.OURS, Stops.EVERYBODY,
        Mailed.NEVER, Compared.NOTHING, Retry.HELPS,
    ),
}
# fmt: on
