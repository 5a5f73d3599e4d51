"""AD FS (Active Directory Federation Services): the words of the AD FS Management console.

Sources: Microsoft Learn, AD FS operations ("Create a Relying Party Trust", "Create a Rule to Send LDAP Attributes
as Claims", "Create a Rule to Transform an Incoming Claim", "Access Control Policies in AD FS", "Custom error
messages for AD FS sign-in page"); Azure AD B2C's AD FS page for Set-AdfsRelyingPartyTrust -SamlResponseSignature;
Bitwarden's and WorkOS' AD FS guides for the tabs of a trust and the places of certificate and identifier; the event
log's messages as public reports of django-saml2-auth, openunison, Rocket.Chat and Kasm quote them; "Obtain and
Configure TS and TD Certificates" for the yearly change.
"""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import (
    NEVER,
    AttributeMapping,
    CloserFixes,
    Fix,
    Guide,
    Parameter,
    Setting,
    ShownError,
    UrlShapes,
)
from sso.guides.usual import CLOCK_OF_A_SERVER, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "AD FS"
_TRUST = "AD FS → Relying Party Trusts → JustCall"
_PROPERTIES = f"{_TRUST} → Properties"
_RULES = f"{_TRUST} → Edit Claim Issuance Policy"
_ENDPOINTS = "AD FS → Service → Endpoints"
_CERTIFICATES = "AD FS → Service → Certificates → Token-signing"
_NAMESPACE = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

PLACES = Places(
    title=TITLE,
    app=_TRUST,
    new_app="AD FS → Relying Party Trusts → Add Relying Party Trust",
    acs_url=f"{_PROPERTIES} → Endpoints → SAML Assertion Consumer Endpoints",
    entity_id=f"{_PROPERTIES} → Identifiers",
    name_id=f"{_RULES} → Transform an Incoming Claim",
    attributes=f"{_RULES} → Send LDAP Attributes as Claims",
    signing="Windows PowerShell → Set-AdfsRelyingPartyTrust → SamlResponseSignature",
    algorithm=f"{_PROPERTIES} → Advanced → Secure hash algorithm",
    encryption=f"{_PROPERTIES} → Encryption",
    sso_url=f"{_ENDPOINTS} → /adfs/ls/",
    issuer="AD FS → Edit Federation Service Properties → Federation Service identifier",
    certificate=_CERTIFICATES,
    new_certificate=_CERTIFICATES,
    people=f"{_TRUST} → Edit Access Control Policy",
    policy=f"{_TRUST} → Edit Access Control Policy",
    person="Active Directory Users and Computers → the person → E-mail",
)


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_NAME_ID = gettext_noop(
    "Below the rule that sends E-Mail Address, have a rule with the incoming claim E-Mail Address, the outgoing "
    "claim Name ID and the outgoing name ID format Email. Click OK."
)
_EMAIL = gettext_noop(
    "Map the LDAP attribute E-Mail-Addresses to the outgoing claim E-Mail Address. If it is mapped, the person has "
    "no E-mail in Active Directory: fill it in."
)
_REGISTERED = gettext_noop(
    "Paste the Entity ID from JustCall as an identifier of the trust, with the slash at its end, and click OK."
)
_PERMIT = gettext_noop(
    "Choose a policy that lets the person in, such as Permit everyone or one for a group, and click OK."
)

FIXES = usual_cures(
    PLACES,
    clock=CLOCK_OF_A_SERVER,
    tile=gettext_noop(
        "Tick Allow sign-in from the AD FS sign-on page and save, or tell people to start with Sign in with SSO."
    ),
) | {
    Refusal.WRONG_VERSION: _there(
        PLACES.new_app,
        gettext_noop(
            "Enable support for the SAML 2.0 WebSSO protocol in the trust for JustCall, not WS-Federation."
        ),
    ),
    Refusal.IDP_REFUSED: _there(
        f"{PLACES.people}; {PLACES.name_id}",
        gettext_noop(
            "AD FS itself said no. Check that the access control policy lets the person in, and that a rule sends "
            "the Name ID in the format Email. Its event log names the reason."
        ),
    ),
    Refusal.NOT_SIGNED: _there(
        PLACES.signing, gettext_noop("Set it to AssertionOnly, MessageOnly or MessageAndAssertion.")
    ),
    Refusal.SIGNATURE_INVALID: _there(
        _CERTIFICATES,
        gettext_noop(
            "Export the certificate again with Copy to File, Base-64 encoded, and save it in JustCall. If it is the "
            "same, look for a proxy or browser extension that rewrites the page."
        ),
    ),
    Refusal.CERTIFICATE_REPLACED: _there(
        _CERTIFICATES,
        gettext_noop(
            "AD FS changes this certificate by itself about once a year. Export the primary one with Copy to File, "
            "Base-64 encoded, upload it as Certificate in JustCall and save."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: _there(
        _CERTIFICATES,
        gettext_noop(
            "Export the certificate that is the primary one now with Copy to File, Base-64 encoded, upload it as "
            "Certificate in JustCall and save."
        ),
    ),
    Refusal.CANNOT_DECRYPT: _there(
        PLACES.encryption,
        gettext_noop(
            "Browse to JustCall's certificate, shown on the Single Sign-On page, or remove the one that is there. "
            "Click OK."
        ),
    ),
    Refusal.NAME_ID_MISSING: _there(PLACES.name_id, _NAME_ID),
    Refusal.NAME_ID_TRANSIENT: _there(PLACES.name_id, _NAME_ID),
    Refusal.NAME_ID_NOT_EMAIL: _there(PLACES.name_id, _NAME_ID),
    Refusal.EMAIL_MISSING: _there(PLACES.attributes, _EMAIL),
    Refusal.EMAIL_AMBIGUOUS: _there(
        PLACES.attributes,
        gettext_noop("Let one rule alone send E-Mail Address, with E-Mail-Addresses alone."),
    ),
    Refusal.NAMES_MISSING: _there(
        PLACES.attributes,
        gettext_noop("Map Given-Name to Given Name, and Surname to Surname, in the same rule. Click OK."),
    ),
}

CLOSER_FIXES: dict[Refusal, CloserFixes] = {
    Refusal.IDP_REFUSED: {
        "MSIS7070": _there(PLACES.name_id, _NAME_ID),
        "MSIS5007": _there(PLACES.people, _PERMIT),
        "MSIS7007": _there(PLACES.entity_id, _REGISTERED),
        "MSIS3020": _there(PLACES.entity_id, _REGISTERED),
    }
    | cures_by_status(
        TITLE,
        app=PLACES.entity_id,
        people=PLACES.people,
        name_id=PLACES.name_id,
        policy=PLACES.policy,
        sso_url=PLACES.sso_url,
    )
    | {"InvalidNameIDPolicy": _there(PLACES.name_id, _NAME_ID)}
}

ADFS = Guide(
    name="adfs",
    title=TITLE,
    tile=gettext_noop("AD FS sign-on page"),
    recognised=gettext_noop("This looks like an AD FS URL. Use the AD FS guide?"),
    steps=(
        gettext_noop(
            "In AD FS Management, click **Relying Party Trusts → Add Relying Party Trust**, choose **Claims aware** "
            "and **Enter data about the relying party manually**. Name it **JustCall**."
        ),
        gettext_noop(
            "Tick **Enable support for the SAML 2.0 WebSSO protocol** and paste the ACS URL. On Configure "
            "Identifiers, add the Entity ID. Choose an access control policy that lets your people in."
        ),
    ),
    acs_url=Setting("SAML Assertion Consumer Endpoints", PLACES.acs_url),
    entity_id=Setting("Identifiers", PLACES.entity_id),
    acs_url_validator=None,
    login_url=None,
    encryption=Setting("Encryption", PLACES.encryption),
    mapping=AttributeMapping(
        title=gettext_noop("Claim rules"),
        menu_path=_RULES,
        instruction=gettext_noop(
            "Add a rule **Send LDAP Attributes as Claims** with the three rows below. Then add a rule **Transform "
            "an Incoming Claim**: from E-Mail Address to **Name ID** with the format **Email**. The order matters."
        ),
        columns=(gettext_noop("Sent as"), gettext_noop("LDAP Attribute → Outgoing Claim Type")),
        rows=(
            Parameter(f"{_NAMESPACE}emailaddress", "E-Mail-Addresses → E-Mail Address"),
            Parameter(f"{_NAMESPACE}givenname", "Given-Name → Given Name"),
            Parameter(f"{_NAMESPACE}surname", "Surname → Surname"),
        ),
    ),
    sso_url=Setting(
        "SAML 2.0 endpoint /adfs/ls/",
        f"{PLACES.sso_url}, with the address of your federation service in front",
    ),
    issuer=Setting(
        "Federation Service identifier", f"{PLACES.issuer}, often with http:// in front, as it stands"
    ),
    certificate=Setting("Token-signing certificate", f"{_CERTIFICATES} → Details → Copy to File"),
    metadata_path=f"{_ENDPOINTS} → Metadata → /FederationMetadata/2007-06/FederationMetadata.xml",
    people_path=PLACES.people,
    people_how=_PERMIT,
    unassigned=gettext_noop("“An error occurred” or an authorization error; MSIS5007 in the event log"),
    # Windows does not care for capital letters. It signs out where it signs in.
    url_shapes=UrlShapes(
        hosts=NEVER,
        sso=r"(?i)/adfs/ls/?",
        issuer=r"(?i)/adfs/services/trust/?",
        metadata=r"(?i)/federationmetadata/2007-06/federationmetadata\.xml",
        tile=r"(?i)/adfs/ls/idpinitiatedsignon(?:\.aspx|\.htm)?/?",
        telling=("sso", "issuer", "metadata", "tile"),
    ),
    fixes=FIXES,
    closer_fixes=CLOSER_FIXES,
    shown_errors=(
        ShownError(
            "unknown_relying_party",
            gettext_noop("“An error occurred”; MSIS7007 or MSIS3020 in the event log"),
            gettext_noop("AD FS knows no relying party by JustCall's Entity ID."),
            _there(PLACES.entity_id, _REGISTERED),
        ),
        ShownError(
            "authentication_method",
            gettext_noop("“An error occurred”; MSIS7102 in the event log"),
            gettext_noop("AD FS asks for a way of signing in that is not enabled, or not for this person."),
            _there(
                PLACES.policy, gettext_noop("Look at the policy of the trust and at the enabled methods.")
            ),
        ),
    ),
    status_messages=r"\bMSIS\d{4}\b",
)
