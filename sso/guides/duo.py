"""Duo Single Sign-On: the words of the Duo Admin Panel.

Sources: duo.com/docs/sso-generic ("Duo Single Sign-On for Generic SAML Service Providers"); the Duo guides of
Bitwarden, WorkOS, Turbo Server and SAFE for the labels of the Service Provider and SAML Response sections;
openZro's for User access. No public document was found for encryption or for what somebody sees who may not use an
application.
"""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import AttributeMapping, Fix, Guide, Parameter, Setting, UrlShapes
from sso.guides.usual import CLOCK_OF_A_SERVICE, NO_ACCESS, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "Duo"
_APP = "Applications → JustCall"
_PROVIDER = f"{_APP} → Service Provider"
_RESPONSE = f"{_APP} → SAML Response"
_CERTIFICATE = f"{_APP} → Downloads → Download certificate"

PLACES = Places(
    title=TITLE,
    app=_APP,
    new_app="Applications → Protect an Application → Generic SAML Service Provider",
    acs_url=f"{_PROVIDER} → Assertion Consumer Service (ACS) URL",
    entity_id=f"{_PROVIDER} → Entity ID",
    name_id=f"{_RESPONSE} → NameID format, NameID attribute",
    attributes=f"{_RESPONSE} → Map attributes",
    signing=f"{_RESPONSE} → Signing options",
    algorithm=f"{_RESPONSE} → Signature algorithm",
    encryption=_APP,
    sso_url=f"{_APP} → Metadata → Single Sign-On URL",
    issuer=f"{_APP} → Metadata → Entity ID",
    certificate=_CERTIFICATE,
    new_certificate=_CERTIFICATE,
    people=f"{_APP} → User access",
    policy=f"{_APP} → Policy",
    person="Users → the person → Email",
)


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_NAME_ID = gettext_noop(
    "Choose the format that ends in emailAddress and the attribute <Email Address>. Click Save. Check that the "
    "person has an email where your people come from."
)

FIXES = usual_cures(
    PLACES,
    clock=CLOCK_OF_A_SERVICE,
    tile=gettext_noop(
        "Tick Allow sign-in from the Duo Central tile and save. Or, in Duo, fill in the Service Provider Login URL "
        "with your company's sign-in address."
    ),
) | {
    Refusal.NO_RESPONSE: _there(
        PLACES.on_the_way,
        gettext_noop(
            "Check three things: User access lets the person in, the ACS URL is the one shown in JustCall, and the "
            "SSO URL saved in JustCall is the Single Sign-On URL."
        ),
    ),
    Refusal.WRONG_VERSION: _there(
        PLACES.new_app,
        gettext_noop("Protect JustCall as a Generic SAML Service Provider: it speaks SAML 2.0."),
    ),
    Refusal.NOT_SIGNED: _there(
        PLACES.signing, gettext_noop("Tick Sign response, Sign assertion or both. Click Save.")
    ),
    Refusal.WEAK_ALGORITHM: _there(PLACES.algorithm, gettext_noop("Choose SHA256. Click Save.")),
    Refusal.NAME_ID_MISSING: _there(PLACES.name_id, _NAME_ID),
    Refusal.NAME_ID_TRANSIENT: _there(PLACES.name_id, _NAME_ID),
    Refusal.NAME_ID_NOT_EMAIL: _there(PLACES.name_id, _NAME_ID),
    Refusal.EMAIL_MISSING: _there(
        PLACES.attributes,
        gettext_noop(
            "Map <Email Address> to the SAML Response Attribute email, spelt like this. Click Save."
        ),
    ),
    Refusal.NAMES_MISSING: _there(
        PLACES.attributes,
        gettext_noop("Map <First Name> to firstName and <Last Name> to lastName. Click Save."),
    ),
}

DUO = Guide(
    name="duo",
    title=TITLE,
    tile=gettext_noop("Duo Central tile"),
    recognised=gettext_noop("This looks like a Duo URL. Use the Duo guide?"),
    steps=(
        gettext_noop(
            "In the Duo Admin Panel, go to **Applications → Protect an Application**, search for **Generic SAML Service "
            "Provider** and click Protect. Duo Single Sign-On must be set up with an authentication source before."
        ),
        gettext_noop(
            "Under Service Provider, paste these two values. Under SAML Response, choose the NameID format that "
            "ends in **emailAddress**, the NameID attribute **<Email Address>** and **SHA256**. Name it "
            "**JustCall** and click Save."
        ),
    ),
    acs_url=Setting("Assertion Consumer Service (ACS) URL", PLACES.acs_url),
    entity_id=Setting("Entity ID", PLACES.entity_id),
    acs_url_validator=None,
    login_url=Setting("Service Provider Login URL", f"{_PROVIDER} → Service Provider Login URL"),
    encryption=None,
    mapping=AttributeMapping(
        title=gettext_noop("Map attributes"),
        menu_path=PLACES.attributes,
        instruction=gettext_noop("Add these three, then click Save."),
        columns=(gettext_noop("SAML Response Attribute"), gettext_noop("IdP Attribute")),
        rows=(
            Parameter("email", "<Email Address>"),
            Parameter("firstName", "<First Name>"),
            Parameter("lastName", "<Last Name>"),
        ),
    ),
    sso_url=Setting("Single Sign-On URL", PLACES.sso_url),
    issuer=Setting("Entity ID", PLACES.issuer),
    certificate=Setting("Certificate", _CERTIFICATE),
    metadata_path=f"{_APP} → Metadata → Metadata URL",
    people_path=PLACES.people,
    people_how=gettext_noop(
        "Choose Enable for all users, or Enable only for permitted groups and a group you are in. Click Save."
    ),
    unassigned=NO_ACCESS,
    url_shapes=UrlShapes(
        hosts=r"(?:[\w-]+\.)*duosecurity\.com",
        sso=r"/saml2/sp/\w+/sso/?",
        slo=r"/saml2/sp/\w+/slo/?",
        issuer=r"/saml2/sp/\w+/metadata/?",
        telling=("sso", "slo", "issuer"),
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
