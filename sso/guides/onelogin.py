"""OneLogin: the words of its console, as the help article uses them."""

from __future__ import annotations

from sso.guides.cures import CURED_HERE, SSO_SETTINGS, cures_by_status, here
from sso.guides.guide import AttributeMapping, CloserFixes, Fix, Guide, Parameter, Setting, UrlShapes
from sso.phrases import Phrase, gettext_noop
from sso.refusals import Refusal

TITLE = "OneLogin"
_APP = "Applications → Applications → JustCall"
_CONFIGURATION = f"{_APP} → Configuration"
_PARAMETERS = f"{_APP} → Parameters"
_SSO = f"{_APP} → SSO"
_PEOPLE = f"{_APP} → Users (or Access)"


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_CONNECTOR = gettext_noop(
    "Check that the app is a SAML Custom Connector (Advanced), and that nothing between OneLogin and JustCall "
    "rewrites its messages. If it stays, send the reference to JustCall support."
)

FIXES = CURED_HERE | {
    Refusal.NO_RESPONSE: _there(
        f"{_PEOPLE}; {_CONFIGURATION} → ACS URL Validator; {_SSO} → SAML 2.0 Endpoint (HTTP)",
        gettext_noop(
            "Check four things: the person is assigned to the app, the ACS URL Validator matches the ACS URL, the "
            "ACS (Consumer) URL is the one shown in JustCall, and the SSO URL saved in JustCall is the SAML 2.0 "
            "Endpoint (HTTP)."
        ),
    ),
    Refusal.TOO_LARGE: _there(
        _PARAMETERS, gettext_noop("Send fewer values: email, firstName and lastName are all JustCall needs.")
    ),
    Refusal.FORBIDDEN_XML: _there(_APP, _CONNECTOR),
    Refusal.UNEXPECTED_STRUCTURE: _there(_APP, _CONNECTOR),
    Refusal.WRONG_VERSION: _there(
        "Applications → Applications → Add App",
        gettext_noop("Add the app as SAML Custom Connector (Advanced): it speaks SAML 2.0."),
    ),
    Refusal.IDP_REFUSED: _there(
        _PEOPLE,
        gettext_noop(
            "OneLogin itself said no. Check that the person is assigned to the app, may sign in by its policy, and "
            "try again."
        ),
    ),
    Refusal.NOT_SIGNED: _there(
        f"{_CONFIGURATION} → SAML signature element",
        gettext_noop("Choose Assertion, Response or Both. Click Save."),
    ),
    Refusal.SIGNATURE_INVALID: _there(
        f"{_SSO} → X.509 Certificate",
        gettext_noop(
            "Open View Details, copy the certificate again and save it in JustCall. If it is the same, look for a "
            "proxy or browser extension that rewrites the page."
        ),
    ),
    Refusal.CERTIFICATE_REPLACED: _there(
        f"{_SSO} → X.509 Certificate → View Details",
        gettext_noop(
            "Copy the certificate OneLogin uses now, paste it into Certificate in JustCall and save."
        ),
    ),
    Refusal.WEAK_ALGORITHM: _there(
        f"{_SSO} → SAML Signature Algorithm", gettext_noop("Choose SHA-256 or stronger. Click Save.")
    ),
    Refusal.CANNOT_DECRYPT: _there(
        f"{_CONFIGURATION} → SAML Encryption",
        gettext_noop(
            "Paste JustCall's certificate, shown on the Single Sign-On page, as the public key, or switch Encrypt "
            "assertion off. Click Save."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: _there(
        f"{_SSO} → X.509 Certificate → Change",
        gettext_noop(
            "Choose or make a new certificate, then paste it into Certificate in JustCall and save."
        ),
    ),
    Refusal.WRONG_ISSUER: _there(
        f"{_SSO} → Issuer URL",
        gettext_noop("Copy the Issuer URL into Issuer / Entity ID in JustCall and click Save Configuration."),
    ),
    Refusal.WRONG_AUDIENCE: _there(
        f"{_CONFIGURATION} → Audience (EntityID)",
        gettext_noop(
            "Paste the Entity ID from JustCall so that it matches exactly, with the slash at its end and nothing "
            "before or after it. Click Save."
        ),
    ),
    Refusal.WRONG_DESTINATION: _there(
        f"{_CONFIGURATION} → ACS (Consumer) URL", gettext_noop("Paste the ACS URL from JustCall. Click Save.")
    ),
    Refusal.WRONG_RECIPIENT: _there(
        f"{_CONFIGURATION} → Recipient",
        gettext_noop("Paste the ACS URL from JustCall as the Recipient too. Click Save."),
    ),
    Refusal.NOT_CONFIRMED: _there(_APP, _CONNECTOR),
    Refusal.NOT_AUTHENTICATED: _there(_APP, _CONNECTOR),
    Refusal.EXPIRED: _there(
        f"{_CONFIGURATION} → SAML not valid on or after",
        gettext_noop(
            "Start again. If it happens to everybody, set it to 3 minutes or more, and check the clocks."
        ),
    ),
    Refusal.NOT_YET_VALID: _there(
        f"{_CONFIGURATION} → SAML not valid before",
        gettext_noop(
            "Set it to 3 minutes or more. Click Save. If it stays, send the reference to JustCall support."
        ),
    ),
    Refusal.TILE_NOT_ALLOWED: here(
        SSO_SETTINGS,
        gettext_noop(
            "Tick Allow sign-in from the OneLogin tile and save. Or, in OneLogin, set the SAML initiator to Service "
            "Provider and fill in the Login URL."
        ),
    ),
    Refusal.SECOND_LOCK: _there(_APP, _CONNECTOR),
    Refusal.NAME_ID_MISSING: _there(
        f"{_CONFIGURATION} → SAML nameID format",
        gettext_noop("Choose Email. Click Save. Check that the person has an email."),
    ),
    Refusal.NAME_ID_TRANSIENT: _there(
        f"{_CONFIGURATION} → SAML nameID format", gettext_noop("Choose Email. Click Save.")
    ),
    Refusal.NAME_ID_NOT_EMAIL: _there(
        f"{_PARAMETERS} → NameID value",
        gettext_noop("Set the value to Email, and the SAML nameID format to Email. Click Save."),
    ),
    Refusal.EMAIL_MISSING: _there(
        f"{_PARAMETERS} → email",
        gettext_noop(
            "Add a parameter named email, spelt like this, with the value Email. Tick Include in SAML assertion. "
            "Click Save."
        ),
    ),
    Refusal.EMAIL_UNUSABLE: _there(
        "Users → Users → the person → Email", gettext_noop("Correct the person's email address in OneLogin.")
    ),
    Refusal.EMAIL_AMBIGUOUS: _there(
        f"{_PARAMETERS} → email",
        gettext_noop("Set the value to Email alone, without a second value. Click Save."),
    ),
    Refusal.NAME_ID_EMAIL_DISAGREE: _there(
        f"{_PARAMETERS} → NameID value and email", gettext_noop("Set both to Email. Click Save.")
    ),
    Refusal.NAMES_MISSING: _there(
        f"{_PARAMETERS} → firstName, lastName",
        gettext_noop(
            "Add firstName with First Name and lastName with Last Name. Tick Include in SAML assertion for both."
        ),
    ),
}

_GENERIC_ISSUER = _there(
    f"{_CONFIGURATION} → SAML issuer type",
    gettext_noop("OneLogin sends its generic issuer. Set the SAML issuer type to Specific. Click Save."),
)
_NO_RECIPIENT = _there(
    f"{_CONFIGURATION} → Recipient",
    gettext_noop("The field is empty. Paste the ACS URL from JustCall into it. Click Save."),
)

CLOSER_FIXES: dict[Refusal, CloserFixes] = {
    Refusal.IDP_REFUSED: cures_by_status(
        TITLE,
        app=f"{_CONFIGURATION} → Audience (EntityID) and ACS (Consumer) URL",
        people=_PEOPLE,
        name_id=f"{_CONFIGURATION} → SAML nameID format",
        policy=f"{_APP} → Access → Policy",
        sso_url=f"{_SSO} → SAML 2.0 Endpoint (HTTP)",
    ),
    Refusal.WRONG_AUDIENCE: {
        "{audience}": _there(
            f"{_CONFIGURATION} → Audience (EntityID)",
            gettext_noop("The field is empty. Paste the Entity ID from JustCall into it. Click Save."),
        )
    },
    Refusal.WRONG_RECIPIENT: {"{recipient}": _NO_RECIPIENT, Phrase.NO_RECIPIENT: _NO_RECIPIENT},
    # It writes the Recipient field there, too.
    Refusal.WRONG_DESTINATION: {
        "{recipient}": _NO_RECIPIENT,
        Phrase.EMPTY_DESTINATION: _NO_RECIPIENT,
        Phrase.NO_DESTINATION: _NO_RECIPIENT,
    },
    Refusal.UNKNOWN_ENCRYPTION: {
        "tripledes": _there(
            f"{_CONFIGURATION} → SAML encryption method",
            gettext_noop("Choose AES-256-CBC, not TRIPLEDES-CBC. Click Save."),
        )
    },
    # What the generic issuer type sends: the address without an app's ID.
    Refusal.WRONG_ISSUER: {
        "https://app.onelogin.com/saml/metadata$": _GENERIC_ISSUER,
        "https://app.onelogin.com/saml/metadata/$": _GENERIC_ISSUER,
    },
}

ONELOGIN = Guide(
    name="onelogin",
    title=TITLE,
    tile=gettext_noop("OneLogin tile"),
    recognised=gettext_noop("This looks like a OneLogin URL. Use the OneLogin guide?"),
    steps=(
        gettext_noop(
            "In OneLogin's Admin Console, go to **Applications → Applications → Add App**, search for **SAML Custom "
            "Connector (Advanced)** and select it. Set the Display Name to **JustCall** and click Save."
        ),
        gettext_noop(
            "On the Configuration tab, paste these three values, set SAML nameID format to Email, and click Save."
        ),
    ),
    acs_url=Setting("ACS (Consumer) URL", f"{_CONFIGURATION} → ACS (Consumer) URL"),
    entity_id=Setting("Audience (EntityID)", f"{_CONFIGURATION} → Audience (EntityID)"),
    acs_url_validator=Setting("ACS URL Validator", f"{_CONFIGURATION} → ACS URL Validator"),
    login_url=Setting("Login URL", f"{_CONFIGURATION} → Login URL"),
    encryption=Setting("SAML Encryption", f"{_CONFIGURATION} → SAML Encryption → Public key"),
    mapping=AttributeMapping(
        title=gettext_noop("Parameters"),
        menu_path=_PARAMETERS,
        instruction=gettext_noop(
            "Add these three with the + icon. Tick **Include in SAML assertion** for each, then click Save."
        ),
        columns=(gettext_noop("Field Name"), gettext_noop("Value (OneLogin Field)")),
        rows=(
            Parameter("email", "Email"),
            Parameter("firstName", "First Name"),
            Parameter("lastName", "Last Name"),
        ),
    ),
    sso_url=Setting("SAML 2.0 Endpoint (HTTP)", f"{_SSO} → SAML 2.0 Endpoint (HTTP)"),
    issuer=Setting("Issuer URL", f"{_SSO} → Issuer URL"),
    certificate=Setting("X.509 Certificate", f"{_SSO} → X.509 Certificate → View Details"),
    metadata_path=f"{_APP} → More Actions → SAML Metadata",
    people_path=_PEOPLE,
    people_how=gettext_noop(
        "Add yourself, or a role or group you are in, and everybody else who shall use JustCall. Click Save."
    ),
    unassigned=gettext_noop("“You do not have access to this application”, or “not assigned”"),
    # The id is a number on old apps and a GUID on new ones. The issuer is the metadata's address.
    url_shapes=UrlShapes(
        hosts=r"[\w-]+(?:\.[\w-]+)*\.onelogin\.com",
        sso=r"/trust/saml2/(?:http-post|http-redirect|soap)/sso/[\w-]+/?",
        slo=r"/trust/saml2/[\w-]+/slo/[\w-]+/?",
        issuer=r"/saml/metadata/[\w-]+/?",
        tile=r"/launch/\d+/?",
    ),
    fixes=FIXES,
    closer_fixes=CLOSER_FIXES,
)
