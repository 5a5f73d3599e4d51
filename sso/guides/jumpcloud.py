"""JumpCloud: the words of its Admin Portal.

Sources: jumpcloud.com/support ("SSO Application Connector Fields", "Authorize Users to an SSO Application"); the
JumpCloud guides of Bitwarden, WorkOS, Cryptr, Gospel and GroWrk for the way to a custom application and for Sign.
No public document was found that shows a setting for encryption or what somebody sees who may not use an
application.
"""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import NEVER, AttributeMapping, Fix, Guide, Parameter, Setting, UrlShapes
from sso.guides.usual import CLOCK_OF_A_SERVICE, NO_ACCESS, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "JumpCloud"
_APPS = "User Authentication → SSO Applications"
_APP = f"{_APPS} → JustCall"
_SSO = f"{_APP} → SSO"
_CERTIFICATE = f"{_SSO} → IDP Certificate → Download certificate"

PLACES = Places(
    title=TITLE,
    app=_APP,
    new_app=f"{_APPS} → Add New Application",
    acs_url=f"{_SSO} → ACS URLs",
    entity_id=f"{_SSO} → SP Entity ID",
    name_id=f"{_SSO} → SAMLSubject NameID, SAMLSubject NameID Format",
    attributes=f"{_SSO} → Attributes",
    signing=f"{_SSO} → Sign",
    algorithm=f"{_SSO} → Signature Algorithm",
    encryption=_SSO,
    sso_url=f"{_SSO} → IDP URL",
    issuer=f"{_SSO} → IdP Entity ID",
    certificate=_CERTIFICATE,
    new_certificate=f"{_SSO} → IDP Certificate",
    people=f"{_APP} → User Groups",
    policy=_APP,
    person="User Management → Users → the person",
)


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_NAME_ID = gettext_noop(
    "Choose email as SAMLSubject NameID and emailAddress as its format. Click Save. Check that the user has an email."
)

FIXES = usual_cures(
    PLACES,
    clock=CLOCK_OF_A_SERVICE,
    tile=gettext_noop(
        "Tick Allow sign-in from the JumpCloud tile and save. Or, in JumpCloud, fill in the Login URL with your "
        "company's sign-in address."
    ),
) | {
    Refusal.NO_RESPONSE: _there(
        PLACES.on_the_way,
        gettext_noop(
            "Check three things: a user group of the person is ticked, the ACS URL is the one shown in JustCall, "
            "and the SSO URL saved in JustCall is the IDP URL."
        ),
    ),
    Refusal.WRONG_VERSION: _there(
        PLACES.new_app,
        gettext_noop(
            "Add JustCall as a Custom Application with Configure SSO with SAML: it speaks SAML 2.0."
        ),
    ),
    Refusal.IDP_REFUSED: _there(
        PLACES.people,
        gettext_noop("JumpCloud itself said no. Check that a user group of the person is ticked."),
    ),
    Refusal.NOT_SIGNED: _there(
        PLACES.signing, gettext_noop("Choose Assertion, Response or Assertion & Response. Click Save.")
    ),
    Refusal.WEAK_ALGORITHM: _there(PLACES.algorithm, gettext_noop("Choose RSA-SHA256. Click Save.")),
    Refusal.WRONG_ISSUER: _there(
        PLACES.issuer,
        gettext_noop(
            "You choose this value yourself. Copy it into Issuer / Entity ID in JustCall, letter by letter."
        ),
    ),
    Refusal.NAME_ID_MISSING: _there(PLACES.name_id, _NAME_ID),
    Refusal.NAME_ID_TRANSIENT: _there(PLACES.name_id, _NAME_ID),
    Refusal.NAME_ID_NOT_EMAIL: _there(PLACES.name_id, _NAME_ID),
    Refusal.EMAIL_MISSING: _there(
        PLACES.attributes,
        gettext_noop(
            "Add the Service Provider Attribute Name email, spelt like this, with the JumpCloud Attribute Name "
            "email. Click Save."
        ),
    ),
    Refusal.NAMES_MISSING: _there(
        PLACES.attributes,
        gettext_noop("Add firstName with firstname and lastName with lastname, spelt like this. Click Save."),
    ),
}

JUMPCLOUD = Guide(
    name="jumpcloud",
    title=TITLE,
    tile=gettext_noop("JumpCloud tile"),
    recognised=gettext_noop("This looks like a JumpCloud URL. Use the JumpCloud guide?"),
    steps=(
        gettext_noop(
            "In the JumpCloud Admin Portal, go to **User Authentication → SSO Applications → Add New Application → "
            "Custom Application**. Choose **Manage Single Sign-On (SSO)** and **Configure SSO with SAML**, name it "
            "**JustCall**."
        ),
        gettext_noop(
            "On the SSO tab, enter an IdP Entity ID of your choice and paste these two values. Choose **email** as "
            "SAMLSubject NameID, **emailAddress** as its format, RSA-SHA256, and tick **Declare Redirect Endpoint**."
        ),
    ),
    acs_url=Setting("ACS URLs", PLACES.acs_url),
    entity_id=Setting("SP Entity ID", PLACES.entity_id),
    acs_url_validator=None,
    login_url=Setting("Login URL", f"{_SSO} → Login URL"),
    encryption=None,
    mapping=AttributeMapping(
        title=gettext_noop("Attributes"),
        menu_path=PLACES.attributes,
        instruction=gettext_noop("Add these three with **add attribute**, then click Save."),
        columns=(gettext_noop("Service Provider Attribute Name"), gettext_noop("JumpCloud Attribute Name")),
        rows=(
            Parameter("email", "email"),
            Parameter("firstName", "firstname"),
            Parameter("lastName", "lastname"),
        ),
    ),
    sso_url=Setting("IDP URL", PLACES.sso_url),
    issuer=Setting("IdP Entity ID", PLACES.issuer),
    certificate=Setting("IDP Certificate", _CERTIFICATE),
    metadata_path=f"{_SSO} → JumpCloud Metadata → Copy Metadata URL or Export Metadata",
    people_path=PLACES.people,
    people_how=gettext_noop(
        "Tick the user groups whose members shall use JustCall, one of yours among them. Click Save."
    ),
    unassigned=NO_ACCESS,
    # The entity ID is whatever the admin has entered. Where it signs in is where its tile leads.
    url_shapes=UrlShapes(
        hosts=r"(?:[\w-]+\.)*jumpcloud\.com", sso=r"/saml2/[\w.%-]+/?", issuer=NEVER, telling=()
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
