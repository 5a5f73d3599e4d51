"""The codes of the causes of a failed sign-in, and the exception that carries one."""

from __future__ import annotations

from enum import StrEnum

from sso.phrases import Text


class Refusal(StrEnum):
    """One code for each cause. The values are stored in sign-in events and used as anchors in the docs."""

    UNKNOWN_DOMAIN = "unknown_domain"
    SSO_OFF = "sso_off"
    PLAN_LAPSED = "plan_lapsed"
    NO_RESPONSE = "no_response"

    LOGOUT_AT_ACS = "logout_at_acs"
    WRONG_ADDRESS = "wrong_address"
    NOT_BY_POST = "not_by_post"
    NOT_A_RESPONSE = "not_a_response"
    NOT_BASE64 = "not_base64"
    TOO_LARGE = "too_large"
    FORBIDDEN_XML = "forbidden_xml"
    UNEXPECTED_STRUCTURE = "unexpected_structure"
    ENCRYPTED_PART = "encrypted_part"
    STRUCTURED_ATTRIBUTE = "structured_attribute"
    WRONG_VERSION = "wrong_version"
    IDP_REFUSED = "idp_refused"
    IDP_TIMED_OUT = "idp_timed_out"

    NOT_SIGNED = "not_signed"
    SIGNATURE_INVALID = "signature_invalid"
    CERTIFICATE_REPLACED = "certificate_replaced"
    WEAK_ALGORITHM = "weak_algorithm"
    OTHER_CANONICALIZATION = "other_canonicalization"
    UNKNOWN_ENCRYPTION = "unknown_encryption"
    CANNOT_DECRYPT = "cannot_decrypt"
    CERTIFICATE_EXPIRED = "certificate_expired"

    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_DESTINATION = "wrong_destination"
    WRONG_RECIPIENT = "wrong_recipient"
    NOT_CONFIRMED = "not_confirmed"
    NOT_AUTHENTICATED = "not_authenticated"
    AUTHENTICATED_LATER = "authenticated_later"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SESSION_OVER = "session_over"
    TIME_NOT_UTC = "time_not_utc"
    UNKNOWN_REQUEST = "unknown_request"
    REQUEST_NOT_OURS = "request_not_ours"
    IN_RESPONSE_TO_MISSING = "in_response_to_missing"
    OTHER_BROWSER = "other_browser"
    TILE_NOT_ALLOWED = "tile_not_allowed"
    REPLAYED = "replayed"
    SECOND_LOCK = "second_lock"

    NAME_ID_MISSING = "name_id_missing"
    NAME_ID_TRANSIENT = "name_id_transient"
    NAME_ID_NOT_EMAIL = "name_id_not_email"
    EMAIL_MISSING = "email_missing"
    EMAIL_AS_NAME_ID = "email_as_name_id"
    EMAIL_UNUSABLE = "email_unusable"
    EMAIL_NOT_ASCII = "email_not_ascii"
    EMAIL_AMBIGUOUS = "email_ambiguous"
    NAME_ID_EMAIL_DISAGREE = "name_id_email_disagree"
    NAMES_MISSING = "names_missing"

    DOMAIN_NOT_VERIFIED = "domain_not_verified"
    MEMBER_DEACTIVATED = "member_deactivated"
    CREATION_OFF = "creation_off"
    NO_SEAT = "no_seat"
    EMAIL_ELSEWHERE = "email_elsewhere"
    EMAIL_CHANGED = "email_changed"
    NAME_ID_OF_ANOTHER = "name_id_of_another"
    NAME_ID_FORMAT_CHANGED = "name_id_format_changed"
    LINK_MOVED = "link_moved"

    OUR_FAULT = "our_fault"

    @property
    def help(self) -> str:
        """Where the documents explain it: a section of docs/troubleshooting.md."""
        return f"docs/troubleshooting.md#{self.value}"


class Refused(Exception):
    """A sign-in that is refused, with what was expected and received: for the admin, not the sender."""

    def __init__(self, refusal: Refusal, *, expected: Text = "", received: Text = "") -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.expected = expected
        self.received = received
