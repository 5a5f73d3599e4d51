"""Microsoft Entra ID (once Azure AD): the words of the Microsoft Entra admin center."""

from __future__ import annotations

from sso.guides.cures import CURED_HERE, SSO_SETTINGS, cures_by_status, here
from sso.guides.guide import AttributeMapping, CloserFixes, Fix, Guide, Parameter, Setting, UrlShapes
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "Microsoft Entra ID"
_APP = "Enterprise applications → JustCall"
_SINGLE_SIGN_ON = f"{_APP} → Single sign-on"
_BASIC = f"{_SINGLE_SIGN_ON} → Basic SAML Configuration → Edit"
_CLAIMS = f"{_SINGLE_SIGN_ON} → Attributes & Claims → Edit"
_NAME_ID = f"{_CLAIMS} → Unique User Identifier (Name ID)"
_CERTIFICATES = f"{_SINGLE_SIGN_ON} → SAML Certificates"
_SET_UP = f"{_SINGLE_SIGN_ON} → Set up JustCall"
_PEOPLE = f"{_APP} → Users and groups"
_NAMESPACE = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_APPLICATION = gettext_noop(
    "Check that single sign-on of the application is SAML, and that nothing between Microsoft and JustCall rewrites its "
    "messages. If it stays, send the reference to JustCall support."
)
_CLOCKS = gettext_noop(
    "Start again. Microsoft's time is right, so if it happens to everybody, send the reference to JustCall support."
)
_SAME_ADDRESS = gettext_noop(
    "Set the source attribute to user.mail and the name identifier format to Email address, so that it is the same "
    "address as emailaddress. Click Save."
)

FIXES = CURED_HERE | {
    Refusal.NO_RESPONSE: _there(
        f"{_PEOPLE}; {_BASIC} → Reply URL, Identifier; {_SET_UP} → Login URL",
        gettext_noop(
            "Check four things: the person or their group is assigned (else AADSTS50105), the Reply URL is the ACS URL "
            "shown in JustCall (AADSTS50011), the Identifier is its Entity ID (AADSTS700016), and the SSO URL saved in "
            "JustCall is the Login URL."
        ),
    ),
    Refusal.TOO_LARGE: _there(
        _CLAIMS,
        gettext_noop(
            "Remove the group claim, or limit it to groups assigned to the application: JustCall needs no groups."
        ),
    ),
    Refusal.FORBIDDEN_XML: _there(_SINGLE_SIGN_ON, _APPLICATION),
    Refusal.UNEXPECTED_STRUCTURE: _there(_SINGLE_SIGN_ON, _APPLICATION),
    Refusal.WRONG_VERSION: _there(
        _SINGLE_SIGN_ON,
        gettext_noop("Choose SAML as the single sign-on method of an application of your own."),
    ),
    Refusal.IDP_REFUSED: _there(
        f"{_PEOPLE}; {_APP} → Sign-in logs",
        gettext_noop(
            "Microsoft itself said no. Look the sign-in up in the Sign-in logs: they name the policy or assignment."
        ),
    ),
    Refusal.NOT_SIGNED: _there(
        f"{_CERTIFICATES} → Edit → Signing Option",
        gettext_noop("Choose Sign SAML response and assertion. Click Save."),
    ),
    Refusal.SIGNATURE_INVALID: _there(
        f"{_CERTIFICATES} → Certificate (Base64)",
        gettext_noop(
            "Download the certificate again and upload it in JustCall. If it is the same, look for a proxy or browser "
            "extension that rewrites the page."
        ),
    ),
    Refusal.CERTIFICATE_REPLACED: _there(
        f"{_CERTIFICATES} → Certificate (Base64)",
        gettext_noop(
            "Download the certificate that is Active, upload it as Certificate in JustCall and save."
        ),
    ),
    Refusal.WEAK_ALGORITHM: _there(
        f"{_CERTIFICATES} → Edit → Signing Algorithm", gettext_noop("Choose SHA-256. Click Save.")
    ),
    Refusal.CANNOT_DECRYPT: _there(
        f"{_APP} → Token encryption",
        gettext_noop(
            "Import JustCall's certificate, shown on the Single Sign-On page, and activate token encryption with it, or "
            "deactivate token encryption."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: _there(
        f"{_CERTIFICATES} → Edit → New Certificate",
        gettext_noop(
            "Make a new certificate and make it active, then upload its Certificate (Base64) in JustCall and save."
        ),
    ),
    Refusal.WRONG_ISSUER: _there(
        f"{_SET_UP} → Microsoft Entra Identifier",
        gettext_noop(
            "Copy the Microsoft Entra Identifier into Issuer / Entity ID in JustCall, with the slash at its end."
        ),
    ),
    Refusal.WRONG_AUDIENCE: _there(
        f"{_BASIC} → Identifier (Entity ID)",
        gettext_noop(
            "Paste the Entity ID from JustCall so that it matches exactly, with the slash at its end, and make it the "
            "default one. Click Save."
        ),
    ),
    Refusal.WRONG_DESTINATION: _there(
        f"{_BASIC} → Reply URL (Assertion Consumer Service URL)",
        gettext_noop("Paste the ACS URL from JustCall and make it the default one. Click Save."),
    ),
    Refusal.WRONG_RECIPIENT: _there(
        f"{_BASIC} → Reply URL (Assertion Consumer Service URL)",
        gettext_noop("Paste the ACS URL from JustCall and make it the default one. Click Save."),
    ),
    Refusal.NOT_CONFIRMED: _there(_SINGLE_SIGN_ON, _APPLICATION),
    Refusal.NOT_AUTHENTICATED: _there(_SINGLE_SIGN_ON, _APPLICATION),
    Refusal.EXPIRED: _there(_SINGLE_SIGN_ON, _CLOCKS),
    Refusal.TILE_NOT_ALLOWED: here(
        SSO_SETTINGS,
        gettext_noop(
            "Tick Allow sign-in from the My Apps tile and save. Or, in Microsoft Entra ID, fill in the Sign on URL in "
            "Basic SAML Configuration, so that the tile starts at JustCall."
        ),
    ),
    Refusal.SECOND_LOCK: _there(_SINGLE_SIGN_ON, _APPLICATION),
    Refusal.NAME_ID_MISSING: _there(
        _NAME_ID,
        gettext_noop(
            "Set the source attribute to user.mail. Check that the person has an Email in their properties."
        ),
    ),
    Refusal.NAME_ID_TRANSIENT: _there(_NAME_ID, _SAME_ADDRESS),
    Refusal.NAME_ID_NOT_EMAIL: _there(_NAME_ID, _SAME_ADDRESS),
    Refusal.EMAIL_MISSING: _there(
        f"{_CLAIMS} → Additional claims",
        gettext_noop(
            "The claim emailaddress must have the value user.mail. If it is there, this person has no Email in their "
            "properties: fill it in."
        ),
    ),
    Refusal.EMAIL_UNUSABLE: _there(
        "Users → the person → Properties → Email",
        gettext_noop("Correct the person's email address in Microsoft Entra ID."),
    ),
    Refusal.EMAIL_AMBIGUOUS: _there(
        f"{_CLAIMS} → Additional claims",
        gettext_noop("Let the claim emailaddress have the value user.mail alone. Click Save."),
    ),
    Refusal.NAME_ID_EMAIL_DISAGREE: _there(_NAME_ID, _SAME_ADDRESS),
    Refusal.NAMES_MISSING: _there(
        f"{_CLAIMS} → Additional claims",
        gettext_noop(
            "The claims givenname and surname must have the values user.givenname and user.surname. Click Save."
        ),
    ),
}

CLOSER_FIXES: dict[Refusal, CloserFixes] = {
    Refusal.IDP_REFUSED: cures_by_status(
        TITLE,
        app=f"{_BASIC} → Identifier (Entity ID), Reply URL",
        people=_PEOPLE,
        name_id=_NAME_ID,
        policy="Protection → Conditional Access → Policies",
        sso_url=f"{_SET_UP} → Login URL",
    )
}

ENTRA = Guide(
    name="entra",
    title=TITLE,
    tile=gettext_noop("My Apps tile"),
    recognised=gettext_noop("This looks like a Microsoft Entra ID URL. Use the Microsoft Entra ID guide?"),
    steps=(
        gettext_noop(
            "In the Microsoft Entra admin center, go to **Enterprise applications → New application → Create your own "
            "application**. Name it **JustCall**, choose **Integrate any other application you don't find in the gallery "
            "(Non-gallery)** and click Create."
        ),
        gettext_noop(
            "Go to **Single sign-on → SAML**, edit Basic SAML Configuration, paste these two values and click Save."
        ),
    ),
    acs_url=Setting(
        "Reply URL (Assertion Consumer Service URL)", f"{_BASIC} → Reply URL (Assertion Consumer Service URL)"
    ),
    entity_id=Setting("Identifier (Entity ID)", f"{_BASIC} → Identifier (Entity ID)"),
    acs_url_validator=None,
    login_url=Setting("Sign on URL", f"{_BASIC} → Sign on URL (Optional)"),
    encryption=Setting("Token encryption", f"{_APP} → Token encryption → Import Certificate"),
    mapping=AttributeMapping(
        title=gettext_noop("Attributes & Claims"),
        menu_path=_CLAIMS,
        instruction=gettext_noop(
            "Set **Unique User Identifier (Name ID)** to user.mail: it is the sign-in name otherwise, which may differ "
            "from the email. These three claims are there from the start; check their values."
        ),
        columns=(gettext_noop("Claim name"), gettext_noop("Value")),
        rows=(
            Parameter(f"{_NAMESPACE}emailaddress", "user.mail"),
            Parameter(f"{_NAMESPACE}givenname", "user.givenname"),
            Parameter(f"{_NAMESPACE}surname", "user.surname"),
        ),
    ),
    sso_url=Setting("Login URL", f"{_SET_UP} → Login URL"),
    issuer=Setting("Microsoft Entra Identifier", f"{_SET_UP} → Microsoft Entra Identifier"),
    certificate=Setting("Certificate (Base64)", f"{_CERTIFICATES} → Certificate (Base64) → Download"),
    metadata_path=f"{_CERTIFICATES} → Federation Metadata XML → Download",
    people_path=_PEOPLE,
    people_how=gettext_noop("Click Add user/group, choose who shall use JustCall, and click Assign."),
    unassigned=gettext_noop(
        "AADSTS50105, “… has not been assigned” or “is blocked because they are not a direct member”"
    ),
    # Its Logout URL is its Login URL.
    url_shapes=UrlShapes(
        hosts=r"login\.microsoftonline\.(?:com|us)|login\.(?:partner\.microsoftonline|chinacloudapi)\.cn"
        r"|sts\.(?:windows\.net|chinacloudapi\.cn)",
        sso=r"/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/saml2/?",
        issuer=r"/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/?",
        metadata=r"/[\w.-]+/federationmetadata/2007-06/federationmetadata\.xml",
    ),
    fixes=FIXES,
    closer_fixes=CLOSER_FIXES,
    status_messages=r"\bAADSTS\d+\b",
)
