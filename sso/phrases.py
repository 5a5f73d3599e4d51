"""Texts of expected and received values: stored as codes with values, put into words when shown.

A report is written once and read later, perhaps by somebody with another language. So the pure core says what it
found in phrases, a sign-in event stores their codes, and sso/report_words/words.py puts them into the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Any


def gettext_noop(message: str) -> str:
    """Mark a text for translation. Like Django's function, which the pure core must not import.

    makemessages looks for this name, so the texts marked with it reach the translators.
    """
    return message


@unique
class Phrase(Enum):
    """A text with placeholders. Its name is stored in events: never rename one, or a placeholder.

    A value named `role` or `plan` is a code of accounts, and is shown by its label. One named `name_id` is shortened
    wherever NameIDs are.
    """

    NONE = gettext_noop("none")
    NOTHING = gettext_noop("nothing")
    MORE = gettext_noop("more")

    # The form and its XML
    ONE_SAML_RESPONSE = gettext_noop("one SAMLResponse")
    SEVERAL_SAML_RESPONSES = gettext_noop("%(count)s of them")
    A_FORM = gettext_noop("a form with a SAMLResponse")
    A_SAML_RESPONSE = gettext_noop("a SAMLResponse")
    A_SAML_2_RESPONSE = gettext_noop("a SAML 2.0 Response")
    ANOTHER_ELEMENT = gettext_noop("%(element)s, %(count)s bytes")
    AT_MOST_BYTES = gettext_noop("at most %(most)s bytes")
    AT_MOST_CHARACTERS = gettext_noop("at most %(most)s characters")
    AT_MOST_ELEMENTS = gettext_noop("at most %(elements)s elements, %(depth)s deep")
    AT_MOST_ATTRIBUTES = gettext_noop(
        "at most %(attributes)s attributes and %(namespaces)s namespaces at an element"
    )
    AT_MOST_NAMESPACE_CHARACTERS = gettext_noop(
        "namespaces of at most %(characters)s characters at an element"
    )
    CHARACTERS = gettext_noop("%(count)s characters")
    NOT_BASE64 = gettext_noop("%(count)s characters that are not base64")
    BASE64_ONCE = gettext_noop("the XML in base64, once")
    XML_AS_IT_IS = gettext_noop("the XML as it is, not in base64")
    PERCENT_ENCODED = gettext_noop("base64 that is percent-encoded once too often, with %(sign)s in it")
    BLANKS_FOR_PLUS = gettext_noop("base64 with a blank in place of each +")
    BASE64URL = gettext_noop("base64url, with - and _ in place of + and /")
    XML_IN_UTF8 = gettext_noop("XML in UTF-8")
    XML_VERSION = gettext_noop("XML %(version)s in %(encoding)s")
    ANOTHER_ENCODING = gettext_noop("another encoding")
    WELL_FORMED_XML = gettext_noop("well-formed XML")
    NOT_WELL_FORMED = gettext_noop("%(count)s bytes that are not, perhaps cut off")
    NO_DTD = gettext_noop("no DTD")
    A_DTD = gettext_noop("a DTD")
    THE_MESSAGE_ALONE = gettext_noop("the message alone")
    COMMENT_BESIDE_MESSAGE = gettext_noop("a comment or processing instruction beside the message")
    ELEMENTS_AND_TEXT = gettext_noop("elements and text")
    COMMENT_OR_ENTITY = gettext_noop("a comment, entity or processing instruction")

    # The structure
    KNOWN_STRUCTURE = gettext_noop("a SAML response of the known shape")
    CHILD_MISSING = gettext_noop("%(element)s without %(child)s")
    TOO_MANY_CHILDREN = gettext_noop("%(count)s × %(child)s in %(element)s")
    ELEMENT_OUT_OF_PLACE = gettext_noop("%(element)s in %(parent)s")
    ELEMENT_BEFORE = gettext_noop("%(element)s before %(behind)s in %(parent)s")
    LOOSE_TEXT = gettext_noop("loose text in %(element)s")
    UNKNOWN_ATTRIBUTE = gettext_noop("%(attribute)s at %(element)s")
    TOO_MANY_PREFIXES = gettext_noop("too many inclusive prefixes")
    ID_MISSING = gettext_noop("%(element)s without ID")
    ID_TWICE = gettext_noop("the same ID twice")
    ID_WITH_CHARACTER = gettext_noop("the ID %(id)s, which contains “%(character)s”")
    ID_TOO_LONG = gettext_noop("an ID of %(count)s characters")
    AN_ASSERTION = gettext_noop("an assertion")
    PLAIN_VALUE = gettext_noop("%(attribute)s as plain text")
    STRUCTURED_VALUE = gettext_noop(
        "the attribute %(attribute)s has a structured value, with %(element)s in it"
    )
    NO_ENCRYPTED_PARTS = gettext_noop("a NameID and attributes that are not encrypted by themselves")

    # Signature and encryption
    SIGNED_SOMETHING = gettext_noop("a signed response or assertion")
    SIGNED_NOTHING = gettext_noop("signed elements: none")
    SIGNED_CONTENT = gettext_noop("the signed content")
    OTHER_CONTENT = gettext_noop("other content")
    SIGNATURE_OVER_ITS_PARENT = gettext_noop("a signature over the element it stands in")
    SIGNATURE_OVER_ANOTHER = gettext_noop("a signature over something else")
    KNOWN_TRANSFORMS = gettext_noop("enveloped-signature, then exclusive C14N (xml-exc-c14n)")
    TRANSFORM_ALONE = gettext_noop("%(transform)s alone")
    WITHOUT_A_NAME = gettext_noop("without a name")
    EXCLUSIVE_C14N = gettext_noop("exclusive C14N (xml-exc-c14n)")
    STRONG_ALGORITHM = gettext_noop("RSA or ECDSA with SHA-256 or better")
    NO_ALGORITHM = gettext_noop("no algorithm")
    CERTIFICATE = gettext_noop("%(fingerprint)s\nvalid until %(until)s")
    CERTIFICATE_OF_SUBJECT = gettext_noop("%(fingerprint)s\nvalid until %(until)s\n%(subject)s")
    A_VALID_CERTIFICATE = gettext_noop("a certificate that is still valid")
    EXPIRED_AT = gettext_noop("expired %(at)s")
    SIGNATURE_NOT_VERIFIED = gettext_noop("a signature that does not verify")
    CANONICAL_FORM = gettext_noop("a canonical form")
    RELATIVE_NAMESPACE = gettext_noop("a relative namespace")
    NAMESPACE_WITH_AMPERSAND = gettext_noop("a namespace with & in it")
    KNOWN_ENCRYPTION = gettext_noop("AES-128, -192 or -256 in GCM or CBC, its key by RSA-OAEP")
    NO_ENCRYPTION_METHOD = gettext_noop("no encryption method")
    ENCRYPTED_BY = gettext_noop("%(content)s, its key by %(key)s")
    ONE_ENCRYPTED_KEY = gettext_noop("one EncryptedKey")
    OTHER_ENCRYPTED_KEYS = gettext_noop("%(count)s × EncryptedKey")
    KEY_AT_THE_DATA = gettext_noop(
        "EncryptedKey in the KeyInfo of EncryptedData, or a RetrievalMethod that leads to it"
    )
    KEY_BESIDE_THE_DATA = gettext_noop(
        "EncryptedKey beside EncryptedData, and no RetrievalMethod that leads to it"
    )
    DATA_OF_TYPE = gettext_noop("EncryptedData of the Type %(type)s")
    DATA_WITHOUT_TYPE = gettext_noop("EncryptedData without a Type")
    TO_OUR_CERTIFICATE = gettext_noop("encrypted to the certificate of this connection, %(fingerprint)s")
    NO_KEY_OF_OURS = gettext_noop("a key pair of this connection, which has none that can be used")
    TO_A_CERTIFICATE = gettext_noop("%(method)s, to the certificate %(fingerprint)s")
    TO_A_NAMED_KEY = gettext_noop("%(method)s, to the key %(name)s")
    TO_AN_UNNAMED_KEY = gettext_noop("%(method)s, to a key that the message does not name")
    OWN_PREFIXES = gettext_noop(
        "an encrypted assertion that declares the prefixes it uses, or is signed itself"
    )
    FOREIGN_PREFIXES = gettext_noop(
        "one whose prefixes are declared around it, where the signature of the Response does not cover them"
    )
    ACCEPTANCE = gettext_noop("acceptance")
    NO_VERDICT = gettext_noop("It goes by the clock of this moment, so it has no say about another time.")

    # Addresses
    NO_AUDIENCE = gettext_noop("no audience")
    NO_DESTINATION = gettext_noop("no Destination")
    EMPTY_DESTINATION = gettext_noop("an empty Destination")
    NO_RECIPIENT = gettext_noop("no Recipient")

    # Times
    A_UTC_TIME = gettext_noop("%(attribute)s in UTC with a Z, between 1970 and 8999")
    VALID_FROM = gettext_noop("valid from %(at)s")
    VALID_UNTIL = gettext_noop("valid until %(at)s")
    ARRIVED_EARLY = gettext_noop("arrived %(at)s, %(span)s early: your clock or ours")
    ARRIVED_LATE = gettext_noop("arrived %(at)s, %(span)s late: slow, or your clock or ours")
    NO_END = gettext_noop("no end of validity")
    SESSION_BEYOND = gettext_noop("a session that lasts beyond %(at)s")
    SESSION_ENDED = gettext_noop("a session that ended %(at)s, %(span)s before")
    AUTHENTICATED_BY = gettext_noop("authenticated before %(at)s")
    AUTHENTICATED_EARLY = gettext_noop("authenticated %(at)s, %(span)s from now")
    GOOD_FROM_TO = gettext_noop("good from %(start)s to %(end)s")
    JUDGED_GOOD = gettext_noop("judged as of %(at)s; good from %(start)s to %(end)s")
    JUDGED_LATE = gettext_noop("judged as of %(at)s, %(span)s after it had expired")
    JUDGED_EARLY = gettext_noop("judged as of %(at)s, %(span)s too early")
    # Shown in the singular where it is one.
    SECONDS = gettext_noop("%(count)s seconds")
    MINUTES = gettext_noop("%(count)s minutes")
    HOURS = gettext_noop("%(count)s hours")
    DAYS = gettext_noop("%(count)s days")

    # Requests
    A_CONFIRMATION = gettext_noop("a bearer subject confirmation")
    AN_AUTHN_STATEMENT = gettext_noop("an AuthnStatement")
    NO_REQUEST = gettext_noop("no request")
    OPEN_REQUEST = gettext_noop("a request that is still open")
    CURRENT_REQUEST = gettext_noop("a request sent by the configuration of now")
    CONFIGURATION_CHANGED = gettext_noop("the configuration was changed in between")
    CLAIMED_REQUESTS = gettext_noop("%(requests)s (%(state)s)")
    REQUEST_UNSOLICITED = gettext_noop("unsolicited")
    REQUEST_MATCHED = gettext_noop("matched")
    REQUEST_UNKNOWN = gettext_noop("unknown")
    REQUEST_EXPIRED = gettext_noop("expired")
    REQUEST_ANSWERED = gettext_noop("answered")
    REQUEST_OF_OTHER_BROWSER = gettext_noop("of another browser")
    NO_IN_RESPONSE_TO = gettext_noop("a request of JustCall, or no InResponseTo")
    IN_BOTH_PLACES = gettext_noop(
        "InResponseTo %(request)s in the Response and in the SubjectConfirmationData"
    )
    NOT_IN_RESPONSE = gettext_noop("no InResponseTo in the Response")
    NOT_IN_CONFIRMATION = gettext_noop("no InResponseTo in the SubjectConfirmationData")
    ALREADY_ANSWERED = gettext_noop("already answered")
    STARTED_HERE = gettext_noop("a sign-in started at JustCall")
    STARTED_THERE = gettext_noop("a sign-in started at the identity provider")
    BROWSER_OF_SIGN_IN = gettext_noop("the browser that started the sign-in")
    BROWSER_OF_TEST = gettext_noop("the browser that started the test")
    ANOTHER_BROWSER = gettext_noop("another browser, or one that has lost its cookie")
    A_NEW_ASSERTION = gettext_noop("an assertion that is new")
    FIRST_USED_AT = gettext_noop("first used at %(at)s")
    USED_BEFORE = gettext_noop("used before")
    A_WAITING_TEST = gettext_noop("a test that waits")
    TEST_OF_GONE_CHANGE = gettext_noop("a test of a change that is gone")

    # The person
    A_NAME_ID = gettext_noop("a NameID")
    NAME_ID = "%(name_id)s"
    NAME_ID_IN_FORMAT = "%(name_id)s (%(format)s)"
    NO_FORMAT = gettext_noop("no format")
    LINKED_NAME_ID = gettext_noop("the linked NameID")
    AN_EMAIL_ADDRESS = gettext_noop("an email address")
    ONE_EMAIL_ADDRESS = gettext_noop("one email address")
    NO_EMAIL_ADDRESS = gettext_noop("no email address")
    NO_ATTRIBUTES = gettext_noop("no attributes")
    SAME_ADDRESS = gettext_noop("the same address in both")
    TWO_ADDRESSES = gettext_noop("NameID %(name_id)s, email %(email)s")
    AN_ASCII_ADDRESS = gettext_noop("an email address in the letters a to z")
    WITH_LETTERS = gettext_noop("%(email)s, with %(letters)s")
    AN_EMAIL_AS_NAME_ID = gettext_noop("%(name_id)s, an email address")
    NO_EMAIL_AS_NAME_ID = gettext_noop("%(name_id)s, not an email address")
    AS_NAME_ID_ONLY = gettext_noop("%(email)s as NameID only")

    # Members
    A_VERIFIED_DOMAIN = gettext_noop("a verified domain")
    A_COMPANY_ADDRESS = gettext_noop("the address of a company")
    A_LINKABLE_ADDRESS = gettext_noop("an address that can be linked")
    A_MEMBER_OR_INVITATION = gettext_noop("a member or an invitation")
    AN_ENDED_INVITATION = gettext_noop("an invitation that has just ended")
    AN_ACTIVE_MEMBER = gettext_noop("an active member")
    A_FREE_SEAT = gettext_noop("a free seat")
    SEATS_TAKEN = gettext_noop("%(taken)s of %(limit)s seats taken")
    WOULD_SIGN_IN = gettext_noop("%(email)s would sign in as %(name)s, %(role)s")
    WOULD_TAKE_UP_INVITATION = gettext_noop("%(email)s would take up the invitation as %(role)s")
    WOULD_BE_CREATED = gettext_noop("%(email)s would be created as %(role)s")

    # The connection, and we
    SSO_TURNED_ON = gettext_noop("single sign-on turned on")
    SSO_IS_OFF = gettext_noop("it is off")
    CONFIGURATION_DELETED = gettext_noop("the configuration was deleted")
    THE_PLAN = gettext_noop("the %(plan)s plan")
    SIGN_INS_ONLY = gettext_noop("responses of sign-ins only")
    ACS_URL_OF_A_COMPANY = gettext_noop("the ACS URL of a company")
    NO_FAULT_OF_OURS = gettext_noop("no fault of ours")
    ERROR_IN_LOG = gettext_noop("an error, noted in the service's log")

    def __call__(self, **values: Text | int) -> Said:
        """This phrase with the values of its placeholders."""
        return Said(self, values)


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase with its values."""

    phrase: Phrase
    values: Mapping[str, Text | int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Several:
    """Texts in a row."""

    parts: tuple[Text, ...]
    between: str = ", "


# A plain text is a value as it arrived or is saved, the same in every language.
Text = str | Said | Several


def to_json(text: Text | int) -> Any:
    """A text, or a number in one, as JSON."""
    match text:
        case Said(phrase, values):
            kept = {name: to_json(value) for name, value in values.items()}
            return {"phrase": phrase.name.lower(), "values": kept}
        case Several(parts, between):
            return {"several": [to_json(part) for part in parts], "between": between}
    return text


def from_json(kept: Any) -> Text:
    """The inverse of `to_json`. A phrase that only another release knows becomes its code and its values."""
    match kept:
        case {"phrase": str(code), "values": dict(values)}:
            read = {
                name: value if isinstance(value, int) else from_json(value) for name, value in values.items()
            }
            if code.upper() in Phrase.__members__:
                return Said(Phrase[code.upper()], read)
            return " ".join([code, *map(str, values.values())])
        case {"several": list(parts), "between": str(between)}:
            return Several(tuple(from_json(part) for part in parts), between)
    return str(kept)


def clipped(text: Text, most: int) -> Text:
    """A text whose values have at most so many characters: one value, or a row of them together."""
    match text:
        case Said(phrase, values):
            return Said(phrase, {name: _clipped(value, most) for name, value in values.items()})
        case Several(parts, between):
            fitting = []
            for part in parts:
                if most > 0:
                    fitting.append(clipped(part, most))
                most -= len(between) + sum(map(len, values_in(part)))
            return Several(tuple(fitting), between)
    return text[:most]


def _clipped(value: Text | int, most: int) -> Text | int:
    return value if isinstance(value, int) else clipped(value, most)


def values_in(text: Text) -> Iterator[str]:
    """The plain texts in a text: what arrived or is saved, without the words around it."""
    if isinstance(text, str):
        yield text
        return
    for part in text.parts if isinstance(text, Several) else text.values.values():
        if not isinstance(part, int):
            yield from values_in(part)


def phrases_in(text: Text | int) -> Iterator[Phrase]:
    """The phrases that a text is made of."""
    match text:
        case Said(phrase, values):
            yield phrase
            for value in values.values():
                yield from phrases_in(value)
        case Several(parts):
            for part in parts:
                yield from phrases_in(part)


def with_name_ids(text: Text, change: Callable[[str], str]) -> Text:
    """A text with every NameID in it changed."""
    if not isinstance(text, Said):
        return text
    return Said(
        text.phrase,
        {
            name: change(value) if name == "name_id" and isinstance(value, str) else value
            for name, value in text.values.items()
        },
    )
