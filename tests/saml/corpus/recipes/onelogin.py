"""OneLogin, as its connector answers: old apps and new ones, each element signed, and what people leave empty."""

from __future__ import annotations

from dataclasses import replace

from tests.saml.corpus.case import Connection, Request
from tests.saml.corpus.dialects import BASIC, both, declared_on_top, name_format, other_order
from tests.saml.corpus.recipe import CRLF60, LF60, NORA, good, swap
from tests.saml.corpus.signing import Signing
from tests.saml.messages import PERSISTENT, XS

NEW_APP = "https://acme.onelogin.com/saml/metadata/4e6f7261-2d4e-4577-8c01-0a1b2c3d4e5f"
_NEW = {"issuer": NEW_APP, "response_issuer": NEW_APP}
_NEW_CONNECTION = Connection(issuer=NEW_APP)
_ASKED = Request("_5f0c41be7e7c4c12b1a6a5d1c3b2a190")
_BASIC = both(declared_on_top, name_format(BASIC))
_GROUPS = (
    ("memberOf", ("Sales", "All people", "")),
    ("lastName", ("New",)),
    ("email", ("nora@acme.example",)),
    ("firstName", ("Nora",)),
)

RECIPES = (
    good(
        "onelogin/old_app_response_signed",
        "An old app (a number as id): the Response is signed, base64 in lines of 60 as a browser posts them.",
        sign="response",
        edit=_BASIC,
    ),
    good(
        "onelogin/old_app_assertion_signed",
        "SAML signature element: Assertion.",
        edit=_BASIC,
    ),
    good("onelogin/old_app_both_signed", "SAML signature element: Both.", sign="both", edit=_BASIC),
    good(
        "onelogin/new_app_response_signed",
        "A new app (a GUID as id) on the account's own domain.",
        says=_NEW,
        sign="response",
        edit=_BASIC,
        connection=_NEW_CONNECTION,
    ),
    good(
        "onelogin/new_app_both_signed_sha256_line_feeds",
        "The lines of base64 end with LF, as a script posts them.",
        says=_NEW,
        sign="both",
        edit=_BASIC,
        wrap=LF60,
        connection=_NEW_CONNECTION,
    ),
    good(
        "onelogin/new_app_sha512",
        "SAML Signature Algorithm: SHA-512.",
        says=_NEW,
        sign="response",
        signing=Signing(hash="sha512"),
        edit=_BASIC,
        connection=_NEW_CONNECTION,
    ),
    good(
        "onelogin/sha384_assertion_signed",
        "SAML Signature Algorithm: SHA-384.",
        signing=Signing(hash="sha384"),
        edit=_BASIC,
    ),
    good(
        "onelogin/sha1_where_allowed",
        "An app that still signs with SHA-1, on a connection whose admin accepts it.",
        sign="response",
        signing=Signing(hash="sha1"),
        edit=_BASIC,
        connection=Connection(allow_sha1=True),
    ),
    good(
        "onelogin/sp_initiated_response_signed",
        "An answer to our request: InResponseTo in the Response and in the confirmation.",
        sign="response",
        edit=_BASIC,
        request=_ASKED,
    ),
    good(
        "onelogin/sp_initiated_tile_off",
        "An answer to our request while sign-in from the tile is off.",
        edit=_BASIC,
        request=_ASKED,
        connection=Connection(allow_tile=False),
    ),
    good(
        "onelogin/attributes_in_another_order",
        "The order of XML attributes varies from one OneLogin response to the next.",
        sign="both",
        edit=both(_BASIC, other_order),
    ),
    good(
        "onelogin/parameters_in_another_order",
        "Parameters arrive in any order; several groups, one of them empty.",
        says={"attributes": _GROUPS},
        sign="response",
        edit=_BASIC,
    ),
    good(
        "onelogin/empty_field_as_empty_value",
        'A field without a value, with "Generate AttributeValue tag for empty values".',
        says={"attributes": (*_GROUPS[1:], ("department", ("",)))},
        sign="response",
        edit=_BASIC,
    ),
    good(
        "onelogin/empty_field_without_value",
        "A field without a value, as an Attribute without an AttributeValue.",
        says={"attributes": (*_GROUPS[1:], ("department", ()))},
        sign="response",
        edit=_BASIC,
    ),
    good(
        "onelogin/no_name_format",
        "Parameters without a NameFormat.",
        sign="response",
        edit=declared_on_top,
    ),
    good(
        "onelogin/untyped_values",
        "Values without xsi:type.",
        says={"typed": False},
        sign="response",
        edit=_BASIC,
    ),
    good(
        "onelogin/no_destination",
        "An unsigned Response without Destination around a signed assertion.",
        says={"destination": None},
        edit=_BASIC,
    ),
    good(
        "onelogin/name_id_persistent",
        "SAML nameID format: Persistent, with the email as a parameter.",
        says={"name_id": "4c3f2a", "name_id_format": PERSISTENT},
        sign="response",
        edit=_BASIC,
        person=replace(NORA, name_id="4c3f2a"),
    ),
    good(
        "onelogin/name_id_unspecified",
        "SAML nameID format: Unspecified, filled with the email.",
        says={"name_id_format": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"},
        sign="response",
        edit=_BASIC,
    ),
    good(
        "onelogin/email_as_name_id_only",
        "The email parameter is not set up; NameID Email is enough, with a warning.",
        says={"attributes": (("firstName", ("Nora",)), ("lastName", ("New",)))},
        sign="response",
        edit=_BASIC,
        person=replace(NORA, warnings=("email_as_name_id",)),
    ),
    good(
        "onelogin/no_parameters",
        "Nothing is set up under Parameters: NameID Email alone, two warnings.",
        says={"attributes": ()},
        sign="response",
        edit=declared_on_top,
        person=replace(NORA, first_name="", last_name="", warnings=("email_as_name_id", "names_missing")),
    ),
    good(
        "onelogin/certificate_rolled_over",
        "The new certificate signs; both are saved while it is being changed.",
        sign="response",
        signing=Signing(key="idp_next"),
        edit=_BASIC,
        connection=Connection(certificates=("idp", "idp_next")),
    ),
    good(
        "onelogin/certificate_not_yet_rolled_over",
        "The old certificate still signs; both are saved.",
        sign="both",
        edit=_BASIC,
        connection=Connection(certificates=("idp_next", "idp")),
    ),
    good(
        "onelogin/certificate_expired",
        "The saved certificate has run out; its key is still the one we trust, with a warning.",
        sign="response",
        edit=_BASIC,
        connection=Connection(certificates=("idp_expired",)),
        person=replace(NORA, warnings=("certificate_expired",)),
    ),
    good(
        "onelogin/encrypted_aes256_cbc",
        "Encrypt assertion: AES-256-CBC, the assertion signed inside.",
        edit=_BASIC,
        encrypt={"cipher": "aes256-cbc"},
        connection=Connection(decryption_keys=("sp",)),
    ),
    good(
        "onelogin/encrypted_aes128_cbc_response_signed",
        "Encrypt assertion: AES-128-CBC, the Response signed over it.",
        edit=_BASIC,
        sign="response",
        encrypt={"cipher": "aes128-cbc"},
        connection=Connection(decryption_keys=("sp",)),
    ),
    good(
        "onelogin/no_trailing_newlines",
        "The same without the newlines at the end of the XML, base64 in one line.",
        sign="response",
        edit=_BASIC,
        trailing="",
        wrap="base64",
    ),
    good(
        "onelogin/session_of_half_an_hour",
        "SAML sessionNotOnOrAfter 30 minutes: the session ends with it.",
        says={"session_until": "+30"},
        sign="response",
        edit=_BASIC,
        person=replace(NORA, session_ends_at="2026-03-12T09:30:00Z"),
    ),
    good(
        "onelogin/ids_of_an_unsigned_envelope",
        "IDs that begin with R and A, as OneLogin makes them for what it does not sign.",
        says={"response_id": "R6d1f0a9d5b1f4c0f9a9b7d51d3b8a1e4c0d7e3aa"},
        edit=_BASIC,
        wrap=CRLF60,
    ),
    good(
        "onelogin/namespaces_not_used_by_the_signature",
        "xs and xsi declared on the Response alone, beside a signed assertion whose values use them.",
        edit=both(_BASIC, swap(XS, f'{XS} xmlns:unused="urn:unused"')),
    ),
)
