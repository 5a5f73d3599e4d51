"""Any other identity provider: the terms of SAML 2.0 and of most consoles."""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import NEVER, AttributeMapping, Guide, Parameter, Setting, UrlShapes
from sso.guides.usual import CLOCK_OF_A_SERVICE, NO_ACCESS, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = gettext_noop("your identity provider")
_APP = "The app for JustCall"
_ITS_METADATA = "Its metadata or setup instructions"

PLACES = Places(
    title=TITLE,
    app=_APP,
    new_app="The list of apps → a new app for SAML 2.0",
    acs_url=f"{_APP} → ACS URL",
    entity_id=f"{_APP} → Entity ID",
    name_id=f"{_APP} → NameID",
    attributes=f"{_APP} → attributes",
    signing=f"{_APP} → what is signed",
    algorithm=f"{_APP} → signature algorithm",
    encryption=f"{_APP} → encryption",
    sso_url=f"{_ITS_METADATA} → SSO URL",
    issuer=f"{_ITS_METADATA} → Entity ID",
    certificate=f"{_ITS_METADATA} → signing certificate",
    new_certificate=f"{_ITS_METADATA} → signing certificate",
    people=f"{_APP} → people and groups",
    policy=f"{_APP} → sign-in policy",
    person="The list of people → the person → email address",
)

OTHER = Guide(
    name="other",
    title=TITLE,
    choice=gettext_noop("Another identity provider (SAML 2.0)"),
    tile=gettext_noop("tile of your identity provider"),
    # No value is recognised as its own.
    recognised="",
    steps=(
        gettext_noop(
            "At your identity provider, make a new **app for SAML 2.0** of your own, not one from its catalogue. "
            "Name it **JustCall**."
        ),
        gettext_noop(
            "Paste these two values, or import JustCall's metadata, linked below. Set the NameID to the person's "
            "**email address**, in the format emailAddress. Let the assertion, the response or both be **signed "
            "with SHA-256**. Requests from JustCall are not signed."
        ),
    ),
    acs_url=Setting(
        "ACS URL",
        f"{PLACES.acs_url}, also called Assertion Consumer Service URL, Single Sign-On URL, Reply URL or Recipient",
    ),
    entity_id=Setting(
        "Entity ID", f"{PLACES.entity_id}, also called Audience, SP Entity ID, Identifier or Client ID"
    ),
    acs_url_validator=None,
    login_url=Setting(
        "Login URL", f"{_APP} → login URL, also called Start URL, Sign-on URL or Service Provider Login URL"
    ),
    encryption=Setting("Encryption certificate", PLACES.encryption),
    mapping=AttributeMapping(
        title=gettext_noop("Attributes"),
        menu_path=PLACES.attributes,
        instruction=gettext_noop(
            "Send these three. Spell the names like this; the usual addresses of claims and urn:oid names are read, too."
        ),
        columns=(gettext_noop("Name"), gettext_noop("Value")),
        rows=(
            Parameter("email", "the person's email address"),
            Parameter("firstName", "the person's first name"),
            Parameter("lastName", "the person's last name"),
        ),
    ),
    sso_url=Setting(
        "SSO URL",
        f"{PLACES.sso_url}, also called SingleSignOnService (HTTP-Redirect), Login URL, Sign-in URL or SAML endpoint",
    ),
    issuer=Setting("Entity ID", f"{PLACES.issuer}, also called Issuer, IdP Entity ID or entityID"),
    certificate=Setting("Signing certificate", f"{PLACES.certificate}, also called X.509 certificate"),
    metadata_path=f"{_ITS_METADATA} → the address or the file of its metadata",
    people_path=PLACES.people,
    people_how=gettext_noop("Let yourself and everybody else who shall use JustCall use the app, and save."),
    unassigned=NO_ACCESS,
    url_shapes=UrlShapes(hosts=NEVER, sso=NEVER, issuer=NEVER, telling=()),
    fixes=usual_cures(
        PLACES,
        clock=CLOCK_OF_A_SERVICE,
        tile=gettext_noop(
            "Tick Allow sign-in from the tile of your identity provider and save, or tell people to start with Sign in "
            "with SSO."
        ),
    ),
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
