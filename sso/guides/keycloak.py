"""Keycloak, and the Red Hat build of it: the words of its admin console.

Sources: Keycloak, Server Administration Guide ("Creating a SAML client", "Configuring realm keys", "IDP Initiated
login", "OIDC token and SAML assertion mappings") and Securing Applications ("Keycloak specific errors"); the labels
of its SAML mappers; Rancher's "Configure Keycloak (SAML)" and Metabase's "SAML with Keycloak" for the page of a
refused request, the dedicated client scope and the predefined mappers.
"""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import (
    NEVER,
    AttributeMapping,
    CloserFixes,
    Fix,
    Guide,
    Parameter,
    Setting,
    ShownError,
    UrlShapes,
)
from sso.guides.usual import CLOCK_OF_A_SERVER, NO_ACCESS, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "Keycloak"
_CLIENT = "Clients → the client for JustCall"
_SETTINGS = f"{_CLIENT} → Settings"
_SIGNATURE = f"{_SETTINGS} → Signature and Encryption"
_MAPPERS = f"{_CLIENT} → Client scopes → the scope that ends in -dedicated → Mappers"
_KEYS = f"{_CLIENT} → Keys"
_METADATA = "Realm settings → General → Endpoints → SAML 2.0 Identity Provider Metadata"

PLACES = Places(
    title=TITLE,
    app=_CLIENT,
    new_app="Clients → Create client",
    acs_url=f"{_SETTINGS} → Valid Redirect URIs and Master SAML Processing URL",
    entity_id=f"{_SETTINGS} → Client ID",
    name_id=f"{_SETTINGS} → SAML capabilities → Name ID Format",
    attributes=_MAPPERS,
    signing=f"{_SIGNATURE} → Sign Documents, Sign Assertions",
    algorithm=f"{_SIGNATURE} → Signature Algorithm",
    encryption=f"{_KEYS} → Encrypt Assertions",
    sso_url=f"{_METADATA} → SingleSignOnService",
    issuer=f"{_METADATA} → entityID",
    certificate="Realm settings → Keys → the RS256 key → Certificate",
    new_certificate="Realm settings → Keys → Providers → Add provider → rsa-generated",
    people="Users → the person",
    policy=f"{_CLIENT} → Advanced → Authentication flow overrides",
    person="Users → the person → Email",
)


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_UNSIGNED = gettext_noop(
    "Switch Client Signature Required off, because JustCall does not sign its requests, and save. Check that the Client "
    "ID is JustCall's Entity ID."
)
# What its predefined mapper "X500 email" calls the email address: a name that JustCall does not read.
_PKCS9_EMAIL = "urn:oid:1.2.840.113549.1.9.1"

FIXES = usual_cures(
    PLACES,
    clock=CLOCK_OF_A_SERVER,
    tile=gettext_noop(
        "Tick Allow sign-in from the Keycloak sign-in link and save, or tell people to start with Sign in with SSO."
    ),
) | {
    Refusal.NO_RESPONSE: _there(
        f"{_KEYS} → Client Signature Required; {PLACES.entity_id}; {PLACES.acs_url}",
        gettext_noop(
            "Check four things: Client Signature Required is off, the Client ID is the Entity ID shown in JustCall, the "
            "ACS URL is among the Valid Redirect URIs, and the SSO URL saved in JustCall is this realm's."
        ),
    ),
    Refusal.WRONG_VERSION: _there(PLACES.new_app, gettext_noop("Create the client with the type SAML.")),
    Refusal.NOT_SIGNED: _there(PLACES.signing, gettext_noop("Switch Sign Assertions on and save.")),
    Refusal.WEAK_ALGORITHM: _there(PLACES.algorithm, gettext_noop("Choose RSA_SHA256 and save.")),
    Refusal.OTHER_CANONICALIZATION: _there(
        f"{_SIGNATURE} → Canonicalization Method",
        gettext_noop("Choose EXCLUSIVE and save. The Signature Algorithm may stay."),
    ),
    Refusal.CANNOT_DECRYPT: _there(
        PLACES.encryption,
        gettext_noop(
            "Import JustCall's certificate, shown on the Single Sign-On page, as the key for encryption, or switch "
            "Encrypt Assertions off."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: _there(
        PLACES.new_certificate,
        gettext_noop(
            "Add a key with a higher priority, which makes it the active one, then enter its certificate as Certificate "
            "in JustCall and save."
        ),
    ),
    Refusal.NAME_ID_TRANSIENT: _there(
        PLACES.name_id, gettext_noop("Choose email, switch Force Name ID Format on and save.")
    ),
    Refusal.NAME_ID_NOT_EMAIL: _there(
        PLACES.name_id, gettext_noop("Choose email, switch Force Name ID Format on and save.")
    ),
    Refusal.NAME_ID_MISSING: _there(
        PLACES.name_id, gettext_noop("Choose email and save. Check that the user has an email.")
    ),
    Refusal.EMAIL_MISSING: _there(
        _MAPPERS,
        gettext_noop(
            "Add a mapper of the type User Property with the property email and the SAML Attribute Name email, and save."
        ),
    ),
    Refusal.NAMES_MISSING: _there(
        _MAPPERS,
        gettext_noop(
            "Add two mappers of the type User Property: the properties firstName and lastName, with SAML Attribute "
            "Names of the same spelling."
        ),
    ),
}

CLOSER_FIXES: dict[Refusal, CloserFixes] = {
    Refusal.IDP_REFUSED: cures_by_status(
        TITLE,
        app=PLACES.entity_id,
        people=PLACES.people,
        name_id=PLACES.name_id,
        policy=PLACES.policy,
        sso_url=PLACES.sso_url,
    )
    | {
        "RequestDenied": _there(
            _SETTINGS,
            gettext_noop(
                "The person cancelled the sign-in or did not give consent. Let them try again, or switch Consent "
                "required off."
            ),
        )
    },
    Refusal.EMAIL_MISSING: {
        _PKCS9_EMAIL: _there(
            f"{_MAPPERS} → X500 email → SAML Attribute Name",
            gettext_noop(
                "The predefined mapper X500 email sends it under a name of its own. Set the SAML Attribute Name to "
                "email and save."
            ),
        )
    },
}

KEYCLOAK = Guide(
    name="keycloak",
    title=TITLE,
    tile=gettext_noop("Keycloak sign-in link"),
    recognised=gettext_noop("This looks like a Keycloak URL. Use the Keycloak guide?"),
    steps=(
        gettext_noop(
            "In Keycloak's admin console, choose the realm of your people. Go to **Clients → Create client**, set "
            "Client type to **SAML**, paste the Entity ID below as **Client ID** and save."
        ),
        gettext_noop(
            "On the Settings tab, paste the ACS URL into both fields, set Name ID Format to **email**, and switch "
            "Force Name ID Format and **Sign Assertions** on. On the Keys tab, switch **Client Signature Required** "
            "off. Save."
        ),
    ),
    acs_url=Setting("Valid Redirect URIs and Master SAML Processing URL", PLACES.acs_url),
    entity_id=Setting("Client ID", PLACES.entity_id),
    acs_url_validator=None,
    login_url=Setting("Home URL", f"{_SETTINGS} → Access Settings → Home URL"),
    encryption=Setting("Encrypt Assertions", PLACES.encryption),
    mapping=AttributeMapping(
        title=gettext_noop("Mappers"),
        menu_path=_MAPPERS,
        instruction=gettext_noop(
            "Add three mappers, each of the type **User Property**, with the SAML Attribute NameFormat Basic. The "
            "predefined mapper X500 email sends a name that JustCall does not read."
        ),
        columns=(gettext_noop("SAML Attribute Name"), gettext_noop("Property")),
        rows=(
            Parameter("email", "email"),
            Parameter("firstName", "firstName"),
            Parameter("lastName", "lastName"),
        ),
    ),
    sso_url=Setting("SingleSignOnService", f"{PLACES.sso_url}, ends in /protocol/saml"),
    issuer=Setting("entityID", f"{PLACES.issuer}, ends in /realms/ and the realm's name"),
    certificate=Setting("Certificate", PLACES.certificate),
    metadata_path=_METADATA,
    people_path=PLACES.people,
    people_how=gettext_noop(
        "Every enabled user of the realm may use the client, unless its authentication flow overrides say "
        "otherwise. Check that you are a user of this realm."
    ),
    unassigned=NO_ACCESS,
    # Older servers have /auth in front. It signs out where it signs in.
    url_shapes=UrlShapes(
        hosts=NEVER,
        sso=r"(?:/[\w.-]+)?/realms/[^/]+/protocol/saml/?",
        issuer=r"(?:/[\w.-]+)?/realms/[^/]+/?",
        metadata=r"(?:/[\w.-]+)?/realms/[^/]+/protocol/saml/descriptor/?",
        tile=r"(?:/[\w.-]+)?/realms/[^/]+/protocol/saml/clients/[^/]+/?",
        telling=("sso", "issuer", "metadata", "tile"),
    ),
    fixes=FIXES,
    closer_fixes=CLOSER_FIXES,
    shown_errors=(
        ShownError(
            "invalid_requester",
            gettext_noop("“We are sorry…” with “Invalid requester”"),
            gettext_noop("Keycloak wants a signed request, or knows no client by JustCall's Entity ID."),
            _there(f"{_KEYS} → Client Signature Required; {PLACES.entity_id}", _UNSIGNED),
        ),
        ShownError(
            "invalid_redirect",
            gettext_noop("“We are sorry…” with “Invalid redirect uri”"),
            gettext_noop("The ACS URL is not among the addresses that Keycloak may send a response to."),
            _there(
                f"{_SETTINGS} → Valid Redirect URIs",
                gettext_noop("Paste the ACS URL from JustCall and save."),
            ),
        ),
    ),
    status_messages=r"\bauthentication_expired\b",
)
