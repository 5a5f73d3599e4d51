"""The cures with the same words in each guide: what to do there, and whose place it is."""

from __future__ import annotations

from sso.phrases import Phrase, gettext_noop
from sso.refusals import Refusal

_CERTIFICATE = "Settings → Security → Single Sign-On → Certificate"

# Cures that each guide writes down at the place of a value, and that end in JustCall: the field that takes the value.
SAVED_HERE: dict[Refusal, str] = {
    Refusal.SIGNATURE_INVALID: _CERTIFICATE,
    Refusal.CERTIFICATE_REPLACED: _CERTIFICATE,
    Refusal.CERTIFICATE_EXPIRED: _CERTIFICATE,
    Refusal.WRONG_ISSUER: "Settings → Security → Single Sign-On → Issuer / Entity ID",
}

# Cures that paste values of JustCall: the names of sso/connection/own_values.py.
PASTED_THERE: dict[Refusal, tuple[str, ...]] = {
    Refusal.NO_RESPONSE: ("acs_url", "acs_url_validator"),
    Refusal.WRONG_ADDRESS: ("acs_url",),
    Refusal.NOT_BY_POST: ("acs_url",),
    Refusal.WRONG_AUDIENCE: ("entity_id",),
    Refusal.WRONG_DESTINATION: ("acs_url",),
    Refusal.WRONG_RECIPIENT: ("acs_url",),
    Refusal.CANNOT_DECRYPT: ("certificate",),
    Refusal.TILE_NOT_ALLOWED: ("login_url",),
}

# Cures with the same words in each guide: the attribute of `Guide` with the field, and what to do there.
CURES_AT_SETTING: dict[Refusal, tuple[str, str]] = {
    Refusal.LOGOUT_AT_ACS: (
        "acs_url",
        gettext_noop(
            "On the same page, leave the address for signing out (single logout, SLO) empty: JustCall has no single "
            "logout."
        ),
    ),
    Refusal.WRONG_ADDRESS: (
        "acs_url",
        gettext_noop(
            "Your identity provider's ACS URL must be the ACS URL shown in JustCall, with the slash at its end. Paste it "
            "there."
        ),
    ),
    Refusal.NOT_BY_POST: (
        "acs_url",
        gettext_noop("Let the response be sent to the ACS URL by HTTP-POST, not by HTTP-Redirect."),
    ),
    Refusal.STRUCTURED_ATTRIBUTE: (
        "mapping",
        gettext_noop(
            "Let this attribute have plain text as its value, without XML elements in it, and save."
        ),
    ),
}

# Cures in the menu of another one: its cause, and what to do there. None: the same.
CURES_BESIDE: dict[Refusal, tuple[Refusal, str | None]] = {
    Refusal.EMAIL_AS_NAME_ID: (Refusal.EMAIL_MISSING, None),
    Refusal.EMAIL_NOT_ASCII: (
        Refusal.EMAIL_UNUSABLE,
        gettext_noop(
            "Give the person an email address in plain letters there (ue for ü), or send another attribute as email. A "
            "domain with other letters is sent in its ASCII form (xn--…)."
        ),
    ),
    Refusal.NAME_ID_OF_ANOTHER: (
        Refusal.NAME_ID_EMAIL_DISAGREE,
        gettext_noop(
            "Send NameID and email of one and the same person. If the NameID has passed to another person, use Reset SSO "
            "link in JustCall at the member who had it."
        ),
    ),
    Refusal.NAME_ID_FORMAT_CHANGED: (
        Refusal.NAME_ID_NOT_EMAIL,
        gettext_noop(
            "Send the NameID in one format, from the tile as when JustCall asks: it asks for an email address. If the "
            "change is meant to stay, use Reset SSO link in JustCall at each member."
        ),
    ),
    Refusal.ENCRYPTED_PART: (
        Refusal.CANNOT_DECRYPT,
        gettext_noop(
            "Switch the encryption of the NameID and of attributes off. JustCall opens encrypted assertions, not parts "
            "of them."
        ),
    ),
    Refusal.OTHER_CANONICALIZATION: (
        Refusal.WEAK_ALGORITHM,
        gettext_noop(
            "Choose exclusive canonicalization (Exclusive C14N) for the signature. The transforms must be "
            "enveloped-signature, then exclusive C14N. Where that is no setting, ask the identity provider's support. "
            "The signature algorithm may stay."
        ),
    ),
    Refusal.UNKNOWN_ENCRYPTION: (
        Refusal.CANNOT_DECRYPT,
        gettext_noop(
            "Choose AES-256 in place of Triple DES as the encryption method, and RSA-OAEP in place of RSA 1.5 for its "
            "key, and save. Or switch encryption off."
        ),
    ),
}

# Closer cures with the same words in each guide, by what was received: the refusal whose cure is at the same place, or
# none, because no console has a setting for it; and what to do.
CLOSER: dict[Refusal, dict[str | Phrase, tuple[Refusal | None, str]]] = {
    Refusal.NOT_BASE64: {
        Phrase.XML_AS_IT_IS: (
            None,
            gettext_noop(
                "Encode the XML in base64 before it is put into the form's field SAMLResponse. The identity provider's "
                "software, or what passes its form on, has to be corrected."
            ),
        ),
        Phrase.PERCENT_ENCODED: (
            None,
            gettext_noop(
                "Put the base64 into the form as it is: the browser percent-encodes it. The identity provider's "
                "software, or what passes its form on, does it once more."
            ),
        ),
        Phrase.BLANKS_FOR_PLUS: (
            None,
            gettext_noop(
                "Write each + as %2B where the form is sent by a program: a + means a blank there. A browser's form "
                "does it by itself."
            ),
        ),
        Phrase.BASE64URL: (
            None,
            gettext_noop(
                "The identity provider's software uses base64url. It must use the plain alphabet, with + and /."
            ),
        ),
    },
    Refusal.UNKNOWN_ENCRYPTION: {
        Phrase.KEY_BESIDE_THE_DATA: (
            None,
            gettext_noop(
                "Let the EncryptedKey stand in the KeyInfo of EncryptedData. The identity provider's software has a "
                "setting for its place, or must be corrected. Until then, switch encryption off. The method of "
                "encryption may stay."
            ),
        ),
        Phrase.DATA_WITHOUT_TYPE: (
            None,
            gettext_noop(
                "EncryptedData needs the Type http://www.w3.org/2001/04/xmlenc#Element (SAML core 2.3.4). The identity "
                "provider's software must be corrected. Until then, switch encryption off."
            ),
        ),
        Phrase.OTHER_ENCRYPTED_KEYS: (
            None,
            gettext_noop(
                "Let the assertion be encrypted for JustCall alone, with one EncryptedKey. The method of encryption may "
                "stay."
            ),
        ),
    },
    Refusal.UNEXPECTED_STRUCTURE: {
        "Extensions": (
            None,
            gettext_noop(
                "Let the identity provider send no Extensions to JustCall. They are made by a plug-in or a rule of its "
                "own, and nothing of them is read here."
            ),
        ),
        Phrase.ID_WITH_CHARACTER: (
            None,
            gettext_noop(
                "An ID has letters, digits, “.”, “-” and “_” alone (SAML core 1.3.4). The identity provider's software "
                "must make other ones. Until then, some sign-ins may fail and others not."
            ),
        ),
        Phrase.ID_TOO_LONG: (
            None,
            gettext_noop(
                "The identity provider's software must make shorter IDs: a UUID is enough (SAML core 1.3.4)."
            ),
        ),
        Phrase.FOREIGN_PREFIXES: (
            Refusal.NOT_SIGNED,
            gettext_noop("Let the assertion be signed, too, not the response alone, and save."),
        ),
    },
}
