"""Okta: the words of its Admin Console."""

from __future__ import annotations

from sso.guides.cures import CURED_HERE, SSO_SETTINGS, cures_by_status, here
from sso.guides.guide import AttributeMapping, CloserFixes, Fix, Guide, Parameter, Setting, UrlShapes
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "Okta"
_APP = "Applications → Applications → JustCall"
_SAML = f"{_APP} → General → SAML Settings → Edit"
_ADVANCED = f"{_SAML} → Show Advanced Settings"
_ATTRIBUTES = f"{_SAML} → Attribute Statements"
_SIGN_ON = f"{_APP} → Sign On"
_INSTRUCTIONS = f"{_SIGN_ON} → View SAML setup instructions"
_PEOPLE = f"{_APP} → Assignments"


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_INTEGRATION = gettext_noop(
    "Check that the app is a SAML 2.0 app integration of your own, and that nothing between Okta and JustCall rewrites "
    "its messages. If it stays, send the reference to JustCall support."
)
_CLOCKS = gettext_noop(
    "Start again. Okta's time is right, so if it happens to everybody, send the reference to JustCall support."
)
_ONE_URL = gettext_noop(
    "Paste the ACS URL from JustCall and tick Use this for Recipient URL and Destination URL. Click Next, then Finish."
)

FIXES = CURED_HERE | {
    Refusal.NO_RESPONSE: _there(
        f"{_PEOPLE}; {_SAML} → Single sign-on URL; {_INSTRUCTIONS}",
        gettext_noop(
            "Check three things: the person is assigned to the app, the Single sign-on URL is the ACS URL shown in "
            "JustCall, and the SSO URL saved in JustCall is the Identity Provider Single Sign-On URL."
        ),
    ),
    Refusal.TOO_LARGE: _there(
        _ATTRIBUTES,
        gettext_noop(
            "Send fewer values, above all no Group Attribute Statements: email, firstName and lastName are enough."
        ),
    ),
    Refusal.FORBIDDEN_XML: _there(_APP, _INTEGRATION),
    Refusal.UNEXPECTED_STRUCTURE: _there(_APP, _INTEGRATION),
    Refusal.WRONG_VERSION: _there(
        "Applications → Applications → Create App Integration",
        gettext_noop(
            "Create the app integration as SAML 2.0. The sign-on method of an app can't be changed afterwards."
        ),
    ),
    Refusal.IDP_REFUSED: _there(
        f"{_PEOPLE}; {_SIGN_ON} → User authentication",
        gettext_noop(
            "Okta itself said no. Check that the person is assigned, and what the app's authentication policy asks for."
        ),
    ),
    Refusal.NOT_SIGNED: _there(
        f"{_ADVANCED} → Response, Assertion Signature",
        gettext_noop("Set both to Signed. Click Next, then Finish."),
    ),
    Refusal.SIGNATURE_INVALID: _there(
        f"{_INSTRUCTIONS} → X.509 Certificate",
        gettext_noop(
            "Copy the certificate again and save it in JustCall. If it is the same, look for a proxy or browser "
            "extension that rewrites the page."
        ),
    ),
    Refusal.CERTIFICATE_REPLACED: _there(
        f"{_SIGN_ON} → SAML Signing Certificates",
        gettext_noop(
            "Find the certificate that is Active, download it under Actions, paste it into Certificate in JustCall "
            "and save."
        ),
    ),
    Refusal.WEAK_ALGORITHM: _there(
        f"{_ADVANCED} → Signature Algorithm, Digest Algorithm",
        gettext_noop("Choose RSA-SHA256 and SHA256. Click Next, then Finish."),
    ),
    Refusal.UNKNOWN_ENCRYPTION: _there(
        f"{_ADVANCED} → Encryption Algorithm, Key Transport Algorithm",
        gettext_noop("Choose AES256-GCM and RSA-OAEP. Click Next, then Finish."),
    ),
    Refusal.CANNOT_DECRYPT: _there(
        f"{_ADVANCED} → Assertion Encryption, Encryption Certificate",
        gettext_noop(
            "Upload JustCall's certificate, shown on the Single Sign-On page, as Encryption Certificate, or set "
            "Assertion Encryption to Unencrypted. Click Next, then Finish."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: _there(
        f"{_SIGN_ON} → SAML Signing Certificates → Generate new certificate",
        gettext_noop(
            "Make a new certificate and activate it under Actions, then paste it into Certificate in JustCall and save."
        ),
    ),
    Refusal.WRONG_ISSUER: _there(
        f"{_INSTRUCTIONS} → Identity Provider Issuer",
        gettext_noop(
            "Copy the Identity Provider Issuer into Issuer / Entity ID in JustCall. It begins with http://, as it stands."
        ),
    ),
    Refusal.WRONG_AUDIENCE: _there(
        f"{_SAML} → Audience URI (SP Entity ID)",
        gettext_noop(
            "Paste the Entity ID from JustCall so that it matches exactly, with the slash at its end and nothing "
            "before or after it. Click Next, then Finish."
        ),
    ),
    Refusal.WRONG_DESTINATION: _there(
        f"{_SAML} → Single sign-on URL",
        _ONE_URL,
    ),
    Refusal.WRONG_RECIPIENT: _there(
        f"{_SAML} → Single sign-on URL",
        _ONE_URL,
    ),
    Refusal.NOT_CONFIRMED: _there(_APP, _INTEGRATION),
    Refusal.NOT_AUTHENTICATED: _there(_APP, _INTEGRATION),
    Refusal.EXPIRED: _there(_APP, _CLOCKS),
    Refusal.TILE_NOT_ALLOWED: here(
        SSO_SETTINGS,
        gettext_noop(
            "Tick Allow sign-in from the Okta tile and save, or tell people to start with Sign in with SSO."
        ),
    ),
    Refusal.SECOND_LOCK: _there(_APP, _INTEGRATION),
    Refusal.NAME_ID_MISSING: _there(
        f"{_SAML} → Name ID format, Application username",
        gettext_noop(
            "Choose EmailAddress, and Email as the Application username. Check that the person has an email."
        ),
    ),
    Refusal.NAME_ID_TRANSIENT: _there(
        f"{_SAML} → Name ID format", gettext_noop("Choose EmailAddress. Click Next, then Finish.")
    ),
    Refusal.NAME_ID_NOT_EMAIL: _there(
        f"{_SAML} → Application username",
        gettext_noop(
            "Choose Email. Click Next, then Finish. People assigned before keep their old username until it is updated."
        ),
    ),
    Refusal.EMAIL_MISSING: _there(
        _ATTRIBUTES,
        gettext_noop(
            "Add an attribute named email, spelt like this, with the value user.email. Click Next, then Finish."
        ),
    ),
    Refusal.EMAIL_UNUSABLE: _there(
        "Directory → People → the person → Profile → Primary email",
        gettext_noop("Correct the person's email address in Okta."),
    ),
    Refusal.EMAIL_AMBIGUOUS: _there(
        _ATTRIBUTES,
        gettext_noop("Let email have the value user.email alone, in one row. Click Next, then Finish."),
    ),
    Refusal.NAME_ID_EMAIL_DISAGREE: _there(
        f"{_SAML} → Application username; Attribute Statements → email",
        gettext_noop(
            "Choose Email as the Application username, and user.email for email, so that both are the same address."
        ),
    ),
    Refusal.NAMES_MISSING: _there(
        _ATTRIBUTES,
        gettext_noop(
            "Add firstName with user.firstName and lastName with user.lastName. Click Next, then Finish."
        ),
    ),
}

CLOSER_FIXES: dict[Refusal, CloserFixes] = {
    Refusal.IDP_REFUSED: cures_by_status(
        TITLE,
        app=f"{_SAML} → Single sign-on URL, Audience URI (SP Entity ID)",
        people=_PEOPLE,
        name_id=f"{_SAML} → Name ID format",
        policy=f"{_SIGN_ON} → User authentication",
        sso_url=f"{_INSTRUCTIONS} → Identity Provider Single Sign-On URL",
    )
}

OKTA = Guide(
    name="okta",
    title=TITLE,
    tile=gettext_noop("Okta tile"),
    recognised=gettext_noop("This looks like an Okta URL. Use the Okta guide?"),
    steps=(
        gettext_noop(
            "In the Okta Admin Console, go to **Applications → Applications → Create App Integration**, choose "
            "**SAML 2.0** and click Next. Set the App name to **JustCall** and click Next."
        ),
        gettext_noop(
            "Paste these two values. Tick **Use this for Recipient URL and Destination URL**. Set Name ID format to "
            "**EmailAddress** and Application username to **Email**."
        ),
    ),
    acs_url=Setting("Single sign-on URL", f"{_SAML} → Single sign-on URL"),
    entity_id=Setting("Audience URI (SP Entity ID)", f"{_SAML} → Audience URI (SP Entity ID)"),
    acs_url_validator=None,
    login_url=None,
    encryption=Setting("Encryption Certificate", f"{_ADVANCED} → Encryption Certificate"),
    mapping=AttributeMapping(
        title=gettext_noop("Attribute Statements"),
        menu_path=_ATTRIBUTES,
        instruction=gettext_noop(
            "Add these three, with the Name format Unspecified. Then click Next and **Finish**."
        ),
        columns=(gettext_noop("Name"), gettext_noop("Value")),
        rows=(
            Parameter("email", "user.email"),
            Parameter("firstName", "user.firstName"),
            Parameter("lastName", "user.lastName"),
        ),
    ),
    sso_url=Setting(
        "Identity Provider Single Sign-On URL", f"{_INSTRUCTIONS} → Identity Provider Single Sign-On URL"
    ),
    issuer=Setting("Identity Provider Issuer", f"{_INSTRUCTIONS} → Identity Provider Issuer"),
    certificate=Setting("X.509 Certificate", f"{_INSTRUCTIONS} → X.509 Certificate"),
    metadata_path=f"{_SIGN_ON} → SAML Signing Certificates → Actions → View IdP metadata",
    people_path=_PEOPLE,
    people_how=gettext_noop(
        "Click Assign, then Assign to People or Assign to Groups. Choose who shall use JustCall. Click Done."
    ),
    unassigned=gettext_noop(
        "“You are not assigned this app in Okta”, or “User is not assigned to this application”"
    ),
    # Companies may give Okta a domain of their own; the paths stay.
    url_shapes=UrlShapes(
        hosts=r"[\w-]+(?:\.[\w-]+)*\.(?:okta|oktapreview|okta-emea|okta-gov)\.com",
        sso=r"/app/[\w-]+/exk\w+/sso/saml/?",
        slo=r"/app/[\w-]+/exk\w+/slo/saml/?",
        issuer=r"/exk\w+/?",
        metadata=r"/app/exk\w+/sso/saml/metadata/?",
        tile=r"/home/[\w-]+/\w+/\w+/?",
    ),
    fixes=FIXES,
    closer_fixes=CLOSER_FIXES,
)
