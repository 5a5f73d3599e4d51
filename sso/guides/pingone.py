"""PingOne of Ping Identity (not PingFederate, whose menus differ): the words of its admin console.

Sources: docs.pingidentity.com/pingone ("Editing an application - SAML", "Application access control", "Control user
access", "Applying authentication policies", "Add a SAML app", "SAML 2.0" of its API) and Ping's own "Configuring
SAML SSO with Asana and PingOne"; WorkOS' and Redis Cloud's PingOne guides for the attribute mapping and the labels
of its own values. No public document was found that shows what somebody sees who may not use an application.
"""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import AttributeMapping, Fix, Guide, Parameter, Setting, UrlShapes
from sso.guides.usual import CLOCK_OF_A_SERVICE, NO_ACCESS, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "PingOne"
_APP = "Applications → Applications → JustCall"
_CONFIGURATION = f"{_APP} → Configuration"
_CERTIFICATE = f"{_CONFIGURATION} → Download Signing Certificate"

PLACES = Places(
    title=TITLE,
    app=_APP,
    new_app="Applications → Applications → + → SAML Application",
    acs_url=f"{_CONFIGURATION} → ACS URLs",
    entity_id=f"{_CONFIGURATION} → Entity ID",
    name_id=f"{_APP} → Attribute Mappings → saml_subject",
    attributes=f"{_APP} → Attribute Mappings",
    signing=f"{_CONFIGURATION} → Signing Key",
    algorithm=f"{_CONFIGURATION} → Signing Key",
    encryption=f"{_CONFIGURATION} → Encryption",
    sso_url=f"{_CONFIGURATION} → Single Signon Service",
    issuer=f"{_CONFIGURATION} → Issuer ID",
    certificate=_CERTIFICATE,
    new_certificate=f"{_CONFIGURATION} → Signing Key",
    people=f"{_APP} → Access",
    policy=f"{_APP} → Policies",
    person="Directory → Users → the person → Email",
)


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_SUBJECT = gettext_noop(
    "Map saml_subject to Email Address, and set the Subject NameID Format on the Configuration tab to emailAddress. "
    "Click Save."
)

FIXES = usual_cures(
    PLACES,
    clock=CLOCK_OF_A_SERVICE,
    tile=gettext_noop(
        "Tick Allow sign-in from the PingOne tile and save. Or, in PingOne, fill in the Signon URL with your company's "
        "sign-in address."
    ),
) | {
    Refusal.NO_RESPONSE: _there(
        PLACES.on_the_way,
        gettext_noop(
            "Check four things: the application is switched on, the person is in a group that has access, the ACS "
            "URL is the one shown in JustCall, and the SSO URL saved in JustCall is the Single Signon Service."
        ),
    ),
    Refusal.WRONG_VERSION: _there(
        PLACES.new_app, gettext_noop("Add JustCall as a SAML Application: it speaks SAML 2.0.")
    ),
    Refusal.IDP_REFUSED: _there(
        f"{PLACES.people}; {PLACES.policy}",
        gettext_noop(
            "PingOne itself said no. Check that the person is in a group that has access, and what the policy of the "
            "application asks for."
        ),
    ),
    Refusal.NOT_SIGNED: _there(
        PLACES.signing, gettext_noop("Choose to sign the assertion, the response or both. Click Save.")
    ),
    Refusal.WEAK_ALGORITHM: _there(
        PLACES.algorithm, gettext_noop("Choose RSA_SHA256 as the signing algorithm. Click Save.")
    ),
    Refusal.CANNOT_DECRYPT: _there(
        PLACES.encryption,
        gettext_noop(
            "Choose AES_256 and JustCall's certificate, shown on the Single Sign-On page, or switch Encryption off. "
            "Click Save."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: _there(
        PLACES.new_certificate,
        gettext_noop(
            "Choose a newer key, download its certificate, enter it as Certificate in JustCall and save."
        ),
    ),
    Refusal.EXPIRED: _there(
        f"{_CONFIGURATION} → Assertion Validity Duration",
        gettext_noop("Start again. If it happens to everybody, set it to 300 seconds. Click Save."),
    ),
    Refusal.NAME_ID_MISSING: _there(PLACES.name_id, _SUBJECT),
    Refusal.NAME_ID_TRANSIENT: _there(
        f"{_CONFIGURATION} → Subject NameID Format", gettext_noop("Choose emailAddress. Click Save.")
    ),
    Refusal.NAME_ID_NOT_EMAIL: _there(PLACES.name_id, _SUBJECT),
    Refusal.EMAIL_MISSING: _there(
        PLACES.attributes, gettext_noop("Map email, spelt like this, to Email Address. Click Save.")
    ),
    Refusal.NAMES_MISSING: _there(
        PLACES.attributes,
        gettext_noop("Map firstName to Given Name and lastName to Family Name. Click Save."),
    ),
}

_ENVIRONMENT = r"/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

PINGONE = Guide(
    name="pingone",
    title=TITLE,
    tile=gettext_noop("PingOne tile"),
    recognised=gettext_noop("This looks like a PingOne URL. Use the PingOne guide?"),
    steps=(
        gettext_noop(
            "In the PingOne admin console, go to **Applications → Applications**, click **+**, name it "
            "**JustCall**, choose **SAML Application** and click Configure."
        ),
        gettext_noop(
            "Choose **Manually Enter**, paste these two values and click Save. Then switch the application on with "
            "the toggle beside its name."
        ),
    ),
    acs_url=Setting("ACS URLs", PLACES.acs_url),
    entity_id=Setting("Entity ID", PLACES.entity_id),
    acs_url_validator=None,
    login_url=Setting("Signon URL", f"{_APP} → Overview → Signon URL"),
    encryption=Setting("Encryption", PLACES.encryption),
    mapping=AttributeMapping(
        title=gettext_noop("Attribute Mappings"),
        menu_path=PLACES.attributes,
        instruction=gettext_noop("Map **saml_subject** to Email Address, add these three, then click Save."),
        columns=(gettext_noop("Attributes"), gettext_noop("PingOne Mappings")),
        rows=(
            Parameter("email", "Email Address"),
            Parameter("firstName", "Given Name"),
            Parameter("lastName", "Family Name"),
        ),
    ),
    sso_url=Setting("Single Signon Service", PLACES.sso_url),
    issuer=Setting("Issuer ID", PLACES.issuer),
    certificate=Setting("Signing Certificate", _CERTIFICATE),
    metadata_path=f"{_CONFIGURATION} → IDP Metadata URL or Download Metadata",
    people_path=PLACES.people,
    people_how=gettext_noop(
        "Without a group, everybody may use it. Else tick a group you are in and every other that shall use JustCall. "
        "Click Save."
    ),
    unassigned=NO_ACCESS,
    # A domain of a company's own stands for host and environment.
    url_shapes=UrlShapes(
        hosts=r"auth\.pingone\.(?:com|eu|ca|asia|sg|com\.au)",
        sso=rf"(?:{_ENVIRONMENT})?/saml20/idp/sso/?",
        slo=rf"(?:{_ENVIRONMENT})?/saml20/idp/slo/?",
        issuer=rf"{_ENVIRONMENT}/?",
        metadata=rf"(?:{_ENVIRONMENT})?/saml20/metadata/[\w-]+/?",
        tile=rf"(?:{_ENVIRONMENT})?/saml20/idp/startsso/?",
        telling=("sso", "slo", "metadata", "tile"),
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
