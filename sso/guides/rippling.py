"""Rippling: the words of its IT pages.

Sources: the Rippling guides of WorkOS, Ory Polis (once BoxyHQ Jackson), Frontegg and StrongDM; public metadata and
login addresses for the shapes. No page of Rippling's own was found, and none at all for the NameID, for what is
signed, for encryption, for what somebody sees who may not use an app, or for where JustCall's two values are changed
after the set-up.
"""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import AttributeMapping, Fix, Guide, Parameter, Setting, UrlShapes
from sso.guides.usual import CLOCK_OF_A_SERVICE, NO_ACCESS, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "Rippling"
_APP = "The JustCall app"
_SETTINGS = f"{_APP} → Settings"
_ADVANCED = f"{_SETTINGS} → Advanced SAML Settings"
_INSTRUCTIONS = f"{_APP} → SSO Setup Instructions"
_METADATA = f"{_INSTRUCTIONS} → IdP Metadata"
_DISABLE = f"{_ADVANCED} → Disable InResponseTo field in assertions for IdP initiated SSO"

PLACES = Places(
    title=TITLE,
    app=_APP,
    new_app="IT Management → Custom App (or IT → Third-Party Access) → Create New App",
    acs_url=f"{_INSTRUCTIONS} → Assertion Consumer Service URL",
    entity_id=f"{_INSTRUCTIONS} → Service Provider Entity ID",
    name_id=_APP,
    attributes=f"{_SETTINGS} → SAML Attributes",
    signing=_APP,
    algorithm=_APP,
    encryption=_APP,
    sso_url=f"{_METADATA} → SingleSignOnService",
    issuer=f"{_METADATA} → entityID",
    certificate=f"{_METADATA} → X509Certificate",
    new_certificate=_METADATA,
    people=f"{_APP} → access rules",
    policy=_APP,
    person="The person's profile → email address",
)


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


FIXES = usual_cures(
    PLACES,
    clock=CLOCK_OF_A_SERVICE,
    tile=gettext_noop(
        "Tick Allow sign-in from the Rippling tile and save, or tell people to start with Sign in with SSO."
    ),
) | {
    Refusal.WRONG_VERSION: _there(
        PLACES.new_app, gettext_noop("Make JustCall a custom app of the type Single Sign-On (SAML).")
    ),
    # From its tile it answers a request that nobody has sent, unless it is told not to.
    Refusal.UNKNOWN_REQUEST: _there(
        _DISABLE,
        gettext_noop(
            "Start the sign-in again. If it happens whenever people click JustCall in Rippling, tick this setting "
            "and save."
        ),
    ),
    Refusal.EMAIL_MISSING: _there(
        PLACES.attributes,
        gettext_noop("Create the global attribute email, spelt like this, with the User's email address."),
    ),
    Refusal.NAMES_MISSING: _there(
        PLACES.attributes,
        gettext_noop(
            "Create the global attributes firstName with the User's Legal first name and lastName with the User's "
            "Legal last name."
        ),
    ),
}

RIPPLING = Guide(
    name="rippling",
    title=TITLE,
    tile=gettext_noop("Rippling tile"),
    recognised=gettext_noop("This looks like a Rippling URL. Use the Rippling guide?"),
    steps=(
        gettext_noop(
            "In Rippling, go to **IT Management → Custom App** (or IT → Third-Party Access) **→ Create New App**. "
            "Name it **JustCall**, choose **Single Sign-On (SAML)**, click Continue and say that you install it."
        ),
        gettext_noop(
            "Below the SSO Setup Instructions, paste these two values and move to the next step. Under Settings → "
            "Advanced SAML Settings, tick **Disable InResponseTo field in assertions for IdP initiated SSO**."
        ),
    ),
    acs_url=Setting("Assertion Consumer Service URL", PLACES.acs_url),
    entity_id=Setting("Service Provider Entity ID", PLACES.entity_id),
    acs_url_validator=None,
    login_url=None,
    encryption=None,
    mapping=AttributeMapping(
        title=gettext_noop("SAML Attributes"),
        menu_path=PLACES.attributes,
        instruction=gettext_noop("Add these three with **Create new**, as global attributes."),
        columns=(gettext_noop("Attribute"), gettext_noop("Value")),
        rows=(
            Parameter("email", "User's email address"),
            Parameter("firstName", "User's Legal first name"),
            Parameter("lastName", "User's Legal last name"),
        ),
    ),
    sso_url=Setting("SingleSignOnService", PLACES.sso_url),
    issuer=Setting("entityID", PLACES.issuer),
    certificate=Setting("X509Certificate", PLACES.certificate),
    metadata_path=f"{_METADATA} → its address or its file",
    people_path=PLACES.people,
    people_how=gettext_noop(
        "Choose who gets access: everybody, a group, or people you select. You must be among them."
    ),
    unassigned=NO_ACCESS,
    url_shapes=UrlShapes(
        hosts=r"(?:app|www)\.rippling\.com",
        sso=r"/api/platform/sso/sp-initiated/[\w-]+/?",
        issuer=r"/[\w-]+/idp\.xml",
        metadata=r"/api/platform/sso/idp-metadata/[\w-]+/?",
        tile=r"/apps_sso_direct/[\w-]+/?",
        telling=("sso", "metadata", "tile"),
    ),
    fixes=FIXES,
    closer_fixes={
        Refusal.IDP_REFUSED: cures_by_status(
            TITLE,
            app=PLACES.entity_id,
            people=PLACES.people,
            name_id=PLACES.name_id,
            policy=PLACES.policy,
            sso_url=PLACES.sso_url,
        )
    },
)
