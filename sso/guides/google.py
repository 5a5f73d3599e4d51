"""Google Workspace: the words of the Google Admin console."""

from __future__ import annotations

from sso.guides.cures import CURED_HERE, SSO_SETTINGS, cures_by_status, here
from sso.guides.guide import AttributeMapping, CloserFixes, Fix, Guide, Parameter, Setting, UrlShapes
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "Google Workspace"
_APP = "Apps → Web and mobile apps → JustCall"
_PROVIDER = f"{_APP} → Service provider details"
_MAPPING = f"{_APP} → SAML attribute mapping"
_METADATA = f"{_APP} → Download metadata"
_PEOPLE = f"{_APP} → User access"


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_CUSTOM_APP = gettext_noop(
    "Check that the app is a custom SAML app, and that nothing between Google and JustCall rewrites its messages. If it "
    "stays, send the reference to JustCall support."
)
_CLOCKS = gettext_noop(
    "Start again. Google's time is right, so if it happens to everybody, send the reference to JustCall support."
)
_PRIMARY_EMAIL = gettext_noop(
    "Set Name ID format to EMAIL and Name ID to Basic Information > Primary email. Click Save."
)
_MAP_EMAIL = gettext_noop("Map Primary email to email, spelt like this. Click Save.")

FIXES = CURED_HERE | {
    Refusal.NO_RESPONSE: _there(
        f"{_PEOPLE}; {_PROVIDER} → ACS URL, Entity ID; {_METADATA} → SSO URL",
        gettext_noop(
            "Check four things: the app is ON for the person (else app_not_enabled_for_user), the Entity ID is the one "
            "shown in JustCall (app_not_configured_for_user), so is the ACS URL, and the SSO URL saved in JustCall is "
            "Google's."
        ),
    ),
    Refusal.TOO_LARGE: _there(
        _MAPPING,
        gettext_noop(
            "Send fewer values, above all no groups: email, firstName and lastName are all JustCall needs."
        ),
    ),
    Refusal.FORBIDDEN_XML: _there(_APP, _CUSTOM_APP),
    Refusal.UNEXPECTED_STRUCTURE: _there(_APP, _CUSTOM_APP),
    Refusal.WRONG_VERSION: _there(
        "Apps → Web and mobile apps → Add app → Add custom SAML app",
        gettext_noop("Add JustCall as a custom SAML app: it speaks SAML 2.0."),
    ),
    Refusal.IDP_REFUSED: _there(
        _PEOPLE,
        gettext_noop(
            "Google itself said no. Check that the app is ON for the person's organizational unit or group."
        ),
    ),
    Refusal.NOT_SIGNED: _there(
        f"{_PROVIDER} → Signed response",
        gettext_noop(
            "Tick or untick Signed response: Google signs the response or the assertion, never neither. Click Save."
        ),
    ),
    Refusal.SIGNATURE_INVALID: _there(
        f"{_METADATA} → Certificate",
        gettext_noop(
            "Download the certificate again and upload it in JustCall. If it is the same, look for a proxy or browser "
            "extension that rewrites the page."
        ),
    ),
    Refusal.CERTIFICATE_REPLACED: _there(
        f"{_PROVIDER} → Certificate",
        gettext_noop(
            "See which certificate the app uses, download it, upload it as Certificate in JustCall and save."
        ),
    ),
    Refusal.WEAK_ALGORITHM: _there(
        f"{_PROVIDER} → Certificate",
        gettext_noop(
            "Google signs with SHA-256: choose a certificate made by Google, and check that nothing else answers for it."
        ),
    ),
    Refusal.CANNOT_DECRYPT: _there(
        _APP,
        gettext_noop(
            "Google does not encrypt assertions. Check that nothing between Google and JustCall rewrites its messages."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: _there(
        "Security → Authentication → SSO with SAML applications → Certificates",
        gettext_noop(
            "Add a certificate, choose it in the app's Service provider details, then upload it as Certificate in "
            "JustCall and save."
        ),
    ),
    Refusal.WRONG_ISSUER: _there(
        f"{_METADATA} → Entity ID",
        gettext_noop("Copy Google's Entity ID into Issuer / Entity ID in JustCall, whole with its idpid."),
    ),
    Refusal.WRONG_AUDIENCE: _there(
        f"{_PROVIDER} → Entity ID",
        gettext_noop(
            "Paste the Entity ID from JustCall so that it matches exactly, with the slash at its end and nothing "
            "before or after it. Click Save."
        ),
    ),
    Refusal.WRONG_DESTINATION: _there(
        f"{_PROVIDER} → ACS URL", gettext_noop("Paste the ACS URL from JustCall. Click Save.")
    ),
    Refusal.WRONG_RECIPIENT: _there(
        f"{_PROVIDER} → ACS URL", gettext_noop("Paste the ACS URL from JustCall. Click Save.")
    ),
    Refusal.NOT_CONFIRMED: _there(_APP, _CUSTOM_APP),
    Refusal.NOT_AUTHENTICATED: _there(_APP, _CUSTOM_APP),
    Refusal.EXPIRED: _there(_APP, _CLOCKS),
    Refusal.TILE_NOT_ALLOWED: here(
        SSO_SETTINGS,
        gettext_noop(
            "Tick Allow sign-in from the Google apps menu and save. Or, in Google's Service provider details, fill in "
            "the Start URL with your company's sign-in address."
        ),
    ),
    Refusal.SECOND_LOCK: _there(_APP, _CUSTOM_APP),
    Refusal.NAME_ID_MISSING: _there(f"{_PROVIDER} → Name ID", _PRIMARY_EMAIL),
    Refusal.NAME_ID_TRANSIENT: _there(f"{_PROVIDER} → Name ID format", _PRIMARY_EMAIL),
    Refusal.NAME_ID_NOT_EMAIL: _there(f"{_PROVIDER} → Name ID", _PRIMARY_EMAIL),
    Refusal.EMAIL_MISSING: _there(_MAPPING, _MAP_EMAIL),
    Refusal.EMAIL_UNUSABLE: _there(
        "Directory → Users → the person → Rename user",
        gettext_noop("Correct the person's primary email in Google Workspace."),
    ),
    Refusal.EMAIL_AMBIGUOUS: _there(
        _MAPPING, gettext_noop("Map Primary email alone to email, and nothing else. Click Save.")
    ),
    Refusal.NAME_ID_EMAIL_DISAGREE: _there(
        f"{_PROVIDER} → Name ID; SAML attribute mapping → email",
        gettext_noop("Let both be Primary email, so that they are the same address. Click Save."),
    ),
    Refusal.NAMES_MISSING: _there(
        _MAPPING, gettext_noop("Map First name to firstName and Last name to lastName. Click Save.")
    ),
}

CLOSER_FIXES: dict[Refusal, CloserFixes] = {
    Refusal.IDP_REFUSED: cures_by_status(
        TITLE,
        app=f"{_PROVIDER} → ACS URL, Entity ID",
        people=_PEOPLE,
        name_id=f"{_PROVIDER} → Name ID format",
        policy="Security → Access and data control → Context-Aware Access",
        sso_url=f"{_METADATA} → SSO URL",
    )
}

GOOGLE = Guide(
    name="google",
    title=TITLE,
    tile=gettext_noop("Google apps menu"),
    recognised=gettext_noop("This looks like a Google Workspace URL. Use the Google Workspace guide?"),
    steps=(
        gettext_noop(
            "In the Google Admin console, go to **Apps → Web and mobile apps → Add app → Add custom SAML app**. Set the "
            "App name to **JustCall** and click Continue."
        ),
        gettext_noop(
            "Google shows its SSO URL, Entity ID and Certificate first: step 2 below needs them. Click Continue, paste "
            "these two values, set Name ID format to **EMAIL** and Name ID to **Basic Information > Primary email**."
        ),
    ),
    acs_url=Setting("ACS URL", f"{_PROVIDER} → ACS URL"),
    entity_id=Setting("Entity ID", f"{_PROVIDER} → Entity ID"),
    acs_url_validator=None,
    login_url=Setting("Start URL", f"{_PROVIDER} → Start URL (optional)"),
    encryption=None,
    mapping=AttributeMapping(
        title=gettext_noop("Attribute mapping"),
        menu_path=_MAPPING,
        instruction=gettext_noop("Click Continue, add these three with **Add mapping**, then click Finish."),
        columns=(gettext_noop("App attributes"), gettext_noop("Google Directory attributes")),
        rows=(
            Parameter("email", "Basic Information > Primary email"),
            Parameter("firstName", "Basic Information > First name"),
            Parameter("lastName", "Basic Information > Last name"),
        ),
    ),
    sso_url=Setting("SSO URL", f"{_METADATA} → SSO URL"),
    issuer=Setting("Entity ID", f"{_METADATA} → Entity ID"),
    certificate=Setting("Certificate", f"{_METADATA} → Certificate"),
    metadata_path=f"{_METADATA} → Download metadata",
    people_path=_PEOPLE,
    people_how=gettext_noop(
        "Choose ON for everyone, or turn it on for an organizational unit or group. Click Save."
    ),
    unassigned=gettext_noop("403 app_not_enabled_for_user, or “app_not_configured_for_user”"),
    url_shapes=UrlShapes(
        hosts=r"accounts\.google\.com",
        sso=r"/o/saml2/idp",
        issuer=r"/o/saml2",
    ),
    fixes=FIXES,
    closer_fixes=CLOSER_FIXES,
)
