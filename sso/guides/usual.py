"""The cures that are alike in most consoles. A guide names the places and only says what differs."""

from __future__ import annotations

from dataclasses import dataclass

from sso.guides.cures import CURED_HERE, SSO_SETTINGS, here
from sso.guides.guide import Fix
from sso.phrases import gettext_noop
from sso.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Places:
    """Where each setting is in one console: a menu path, or a file and the setting in it."""

    # Whose console it is.
    title: str
    # The app that stands for JustCall there, and where such an app is made.
    app: str
    new_app: str
    # JustCall's two values.
    acs_url: str
    entity_id: str
    # What the assertion says about the person.
    name_id: str
    attributes: str
    # How it is protected.
    signing: str
    algorithm: str
    encryption: str
    # The identity provider's own values.
    sso_url: str
    issuer: str
    certificate: str
    new_certificate: str
    # Who may use the app, what their sign-in asks for, and one person's email address.
    people: str
    policy: str
    person: str

    @property
    def on_the_way(self) -> str:
        """The places to check when no response arrives."""
        return f"{self.people}; {self.acs_url}; {self.sso_url}"

    @property
    def both_addresses(self) -> str:
        """The places that set the two email addresses of a response."""
        return f"{self.name_id}; {self.attributes}"


CLOCK_OF_A_SERVICE = gettext_noop(
    "Start again. If it happens to everybody, send the reference to JustCall support."
)
CLOCK_OF_A_SERVER = gettext_noop(
    "Start again. If it happens to everybody, set the clock of the server it runs on by NTP."
)
# For a page that no public document describes more closely.
NO_ACCESS = gettext_noop("A page that says you have no access, are not assigned or are not authorized")
_NOT_REWRITTEN = gettext_noop(
    "Check that the app is one for SAML 2.0, and that nothing on the way to JustCall rewrites its messages. If it "
    "stays, send the reference to JustCall support."
)
_ACS_URL = gettext_noop("Paste the ACS URL from JustCall and save.")

# The place, by its name in `Places`, and what to do there.
_USUAL = {
    Refusal.NO_RESPONSE: (
        "on_the_way",
        gettext_noop(
            "Check three things: the person may use the app, the ACS URL there is the one shown in JustCall, and "
            "the SSO URL saved in JustCall is the one shown there."
        ),
    ),
    Refusal.TOO_LARGE: (
        "attributes",
        gettext_noop("Send fewer values, above all no groups: email and both names are all JustCall needs."),
    ),
    Refusal.FORBIDDEN_XML: ("app", _NOT_REWRITTEN),
    Refusal.UNEXPECTED_STRUCTURE: ("app", _NOT_REWRITTEN),
    Refusal.NOT_CONFIRMED: ("app", _NOT_REWRITTEN),
    Refusal.NOT_AUTHENTICATED: ("app", _NOT_REWRITTEN),
    Refusal.SECOND_LOCK: ("app", _NOT_REWRITTEN),
    Refusal.WRONG_VERSION: ("new_app", gettext_noop("Make the app for JustCall as one for SAML 2.0.")),
    Refusal.IDP_REFUSED: (
        "people",
        gettext_noop(
            "The identity provider itself said no. Check that the person may use the app, and look into its own log."
        ),
    ),
    Refusal.NOT_SIGNED: (
        "signing",
        gettext_noop("Let the assertion, the response or both be signed, and save."),
    ),
    Refusal.SIGNATURE_INVALID: (
        "certificate",
        gettext_noop(
            "Get the certificate again and save it in JustCall. If it is the same, look for a proxy or browser "
            "extension that rewrites the page."
        ),
    ),
    Refusal.CERTIFICATE_REPLACED: (
        "certificate",
        gettext_noop("Get the certificate that is in use now, enter it as Certificate in JustCall and save."),
    ),
    Refusal.WEAK_ALGORITHM: ("algorithm", gettext_noop("Choose SHA-256 or stronger, and save.")),
    Refusal.CANNOT_DECRYPT: (
        "encryption",
        gettext_noop(
            "Encrypt with JustCall's certificate, shown on the Single Sign-On page, or switch the encryption of "
            "assertions off."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: (
        "new_certificate",
        gettext_noop("Make a new certificate there, then enter it as Certificate in JustCall and save."),
    ),
    Refusal.WRONG_ISSUER: (
        "issuer",
        gettext_noop("Copy this value into Issuer / Entity ID in JustCall, letter by letter as it stands."),
    ),
    Refusal.WRONG_AUDIENCE: (
        "entity_id",
        gettext_noop(
            "Paste the Entity ID from JustCall so that it matches exactly, with the slash at its end and nothing before "
            "or after it, and save."
        ),
    ),
    Refusal.WRONG_DESTINATION: ("acs_url", _ACS_URL),
    Refusal.WRONG_RECIPIENT: ("acs_url", _ACS_URL),
    Refusal.NAME_ID_MISSING: (
        "name_id",
        gettext_noop("Send the person's email address as NameID, and check that the person has one."),
    ),
    Refusal.NAME_ID_TRANSIENT: (
        "name_id",
        gettext_noop("Send the person's email address as NameID, in the format of an email address."),
    ),
    Refusal.NAME_ID_NOT_EMAIL: (
        "name_id",
        gettext_noop("Send the person's email address as NameID, not a user name, and save."),
    ),
    Refusal.EMAIL_MISSING: (
        "attributes",
        gettext_noop("Add email, spelt like this, with the person's email address, and save."),
    ),
    Refusal.EMAIL_UNUSABLE: ("person", gettext_noop("Correct the person's email address there.")),
    Refusal.EMAIL_AMBIGUOUS: (
        "attributes",
        gettext_noop("Let email have one value alone, the person's email address, and save."),
    ),
    Refusal.NAME_ID_EMAIL_DISAGREE: (
        "both_addresses",
        gettext_noop("Send the same address in both, the person's email address, and save."),
    ),
    Refusal.NAMES_MISSING: (
        "attributes",
        gettext_noop("Add firstName and lastName, spelt like this, with the person's names, and save."),
    ),
}


def usual_cures(places: Places, *, clock: str, tile: str) -> dict[Refusal, Fix]:
    """A cure for every refusal. `clock` is for EXPIRED, `tile` for TILE_NOT_ALLOWED."""
    there = {
        refusal: Fix(getattr(places, place), instruction, places.title)
        for refusal, (place, instruction) in _USUAL.items()
    }
    return (
        CURED_HERE
        | there
        | {
            Refusal.EXPIRED: Fix(places.app, clock, places.title),
            Refusal.TILE_NOT_ALLOWED: here(SSO_SETTINGS, tile),
        }
    )
