"""CyberArk Identity (once Idaptive or Centrify): the words of its Identity Administration portal.

Sources: docs.cyberark.com ("Deploy a web SAML Application", "SAML application scripting", the integration pages'
Trust step); the CyberArk guides of WorkOS, Couchbase Capella, Practice Protect and Bitrise; the labels in
Centrify's Terraform provider. No public document was found for what somebody sees who may not use an application.
"""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import AttributeMapping, Fix, Guide, Parameter, Setting, UrlShapes
from sso.guides.usual import CLOCK_OF_A_SERVICE, NO_ACCESS, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "CyberArk"
_APPS = "Apps & Widgets → Web Apps"
_APP = f"{_APPS} → JustCall"
_TRUST = f"{_APP} → Trust"
_IDP = f"{_TRUST} → Identity Provider Configuration"
_SP = f"{_TRUST} → Service Provider Configuration"
_CERTIFICATE = f"{_IDP} → Signing Certificate → Download"

PLACES = Places(
    title=TITLE,
    app=_APP,
    new_app=f"{_APPS} → Add Web Apps → Custom → SAML",
    acs_url=f"{_SP} → Assertion Consumer Service (ACS) URL",
    entity_id=f"{_SP} → SP Entity ID / Issuer / Audience",
    name_id=f"{_SP} → NameID Format",
    attributes=f"{_APP} → SAML Response",
    signing=f"{_SP} → Sign Response or Assertion?",
    algorithm=_TRUST,
    encryption=f"{_SP} → Encrypt SAML Response Assertion",
    sso_url=f"{_IDP} → Single Sign On URL",
    issuer=f"{_IDP} → IdP Entity ID / Issuer",
    certificate=_CERTIFICATE,
    new_certificate=f"{_IDP} → Signing Certificate",
    people=f"{_APP} → Permissions",
    policy=_APP,
    person="Core Services → Users → the person",
)


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_NAME_ID = gettext_noop(
    "Choose emailAddress. Let the user name of this app be the person's email address. Click Save."
)

FIXES = usual_cures(
    PLACES,
    clock=CLOCK_OF_A_SERVICE,
    tile=gettext_noop(
        "Tick Allow sign-in from the CyberArk User Portal tile and save, or tell people to start with Sign in with SSO."
    ),
) | {
    Refusal.NO_RESPONSE: _there(
        PLACES.on_the_way,
        gettext_noop(
            "Check three things: the person or a role of theirs has the permission Run and the app is Deployed, the "
            "ACS URL is the one shown in JustCall, and the SSO URL saved in JustCall is the Single Sign On URL."
        ),
    ),
    Refusal.WRONG_VERSION: _there(
        PLACES.new_app, gettext_noop("Add JustCall as a custom SAML app, with SAML 2.0.")
    ),
    Refusal.NOT_SIGNED: _there(PLACES.signing, gettext_noop("Choose Both. Click Save.")),
    Refusal.WRONG_RECIPIENT: _there(
        f"{_SP} → Recipient",
        gettext_noop("Tick Same As ACS URL, or paste the ACS URL from JustCall. Click Save."),
    ),
    Refusal.CANNOT_DECRYPT: _there(
        PLACES.encryption,
        gettext_noop(
            "Use JustCall's certificate, shown on the Single Sign-On page, for encryption, or untick Encrypt SAML "
            "Response Assertion. Click Save."
        ),
    ),
    Refusal.NAME_ID_MISSING: _there(PLACES.name_id, _NAME_ID),
    Refusal.NAME_ID_TRANSIENT: _there(PLACES.name_id, _NAME_ID),
    Refusal.NAME_ID_NOT_EMAIL: _there(PLACES.name_id, _NAME_ID),
    Refusal.EMAIL_MISSING: _there(
        PLACES.attributes,
        gettext_noop("Add the attribute email, spelt like this, with the value LoginUser.Email. Click Save."),
    ),
    Refusal.NAMES_MISSING: _there(
        PLACES.attributes,
        gettext_noop(
            "Add firstName with LoginUser.FirstName and lastName with LoginUser.LastName. Click Save."
        ),
    ),
}

_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

CYBERARK = Guide(
    name="cyberark",
    title=TITLE,
    tile=gettext_noop("CyberArk User Portal tile"),
    recognised=gettext_noop("This looks like a CyberArk Identity URL. Use the CyberArk guide?"),
    steps=(
        gettext_noop(
            "In the Identity Administration portal, go to **Apps & Widgets → Web Apps → Add Web Apps → Custom**, "
            "click Add beside **SAML**, then Yes and Close. Set the Name to **JustCall** and click Save."
        ),
        gettext_noop(
            "On the Trust page, under Service Provider Configuration, choose **Manual Configuration**, paste these "
            "two values, choose **Both** under Sign Response or Assertion and **emailAddress** as NameID Format. "
            "Click Save."
        ),
    ),
    acs_url=Setting("Assertion Consumer Service (ACS) URL", PLACES.acs_url),
    entity_id=Setting("SP Entity ID / Issuer / Audience", PLACES.entity_id),
    acs_url_validator=None,
    login_url=None,
    encryption=Setting("Encrypt SAML Response Assertion", PLACES.encryption),
    mapping=AttributeMapping(
        title=gettext_noop("SAML Response"),
        menu_path=PLACES.attributes,
        instruction=gettext_noop("Add these three with **Add**, then click Save."),
        columns=(gettext_noop("Attribute Name"), gettext_noop("Attribute Value")),
        rows=(
            Parameter("email", "LoginUser.Email"),
            Parameter("firstName", "LoginUser.FirstName"),
            Parameter("lastName", "LoginUser.LastName"),
        ),
    ),
    sso_url=Setting("Single Sign On URL", PLACES.sso_url),
    issuer=Setting("IdP Entity ID / Issuer", PLACES.issuer),
    certificate=Setting("Signing Certificate", _CERTIFICATE),
    metadata_path=f"{_IDP} → Metadata → Copy URL or Download Metadata File",
    people_path=PLACES.people,
    people_how=gettext_noop(
        "Click Add, choose yourself and every user, group or role that shall use JustCall, and click Save. The "
        "status of the app turns to Deployed."
    ),
    unassigned=NO_ACCESS,
    url_shapes=UrlShapes(
        hosts=r"(?:[\w-]+\.)+(?:cyberark\.cloud|idaptive\.app|centrify\.(?:com|net))",
        sso=rf"(?i)/applogin/appkey/{_GUID}/customerid/\w+/?",
        slo=rf"(?i)/applogout(?:/appkey/{_GUID}/customerid/\w+)?/?",
        issuer=rf"(?i)/{_GUID}/?",
        metadata=r"(?i)/saasmanage/downloadsamlmetadataforapp/?",
        telling=("sso", "slo", "metadata"),
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
