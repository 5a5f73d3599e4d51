"""Shibboleth Identity Provider 3 to 5: its files, for it has no console.

Sources: the Shibboleth wiki, spaces IDP4 and IDP5 ("MetadataConfiguration", "AttributeFilterConfiguration",
"NameIDGenerationConfiguration", "RelyingPartyConfiguration", "SAML2SSOConfiguration",
"UnsolicitedSSOConfiguration"); the tutorials of Consortium GARR for the files and elements; Gluu's and others'
notes that quote the page of an unknown service.
"""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import NEVER, AttributeMapping, Fix, Guide, Parameter, Setting, ShownError, UrlShapes
from sso.guides.usual import CLOCK_OF_A_SERVER, NO_ACCESS, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "Shibboleth"
_OUR_METADATA = "conf/metadata-providers.xml → JustCall's metadata"
_PROFILE = "conf/relying-party.xml → SAML2.SSO"
_FILTER = "conf/attribute-filter.xml"
_NAME_IDS = "conf/saml-nameid.xml → shibboleth.SAML2NameIDGenerators"
_ITS_METADATA = "metadata/idp-metadata.xml"
_CREDENTIALS = "credentials/idp-signing.crt"

PLACES = Places(
    title=TITLE,
    app=_PROFILE,
    new_app="conf/metadata-providers.xml",
    acs_url=f"{_OUR_METADATA} → AssertionConsumerService",
    entity_id=f"{_OUR_METADATA} → entityID",
    name_id=_NAME_IDS,
    attributes=_FILTER,
    signing=f"{_PROFILE} → p:signAssertions, p:signResponses",
    algorithm=f"{_PROFILE} → p:securityConfiguration-ref",
    encryption=f"{_PROFILE} → p:encryptAssertions",
    sso_url=f"{_ITS_METADATA} → SingleSignOnService (HTTP-Redirect)",
    issuer=f"{_ITS_METADATA} → entityID",
    certificate=_CREDENTIALS,
    new_certificate=_CREDENTIALS,
    people="conf/intercept/context-check-intercept-config.xml",
    policy="conf/relying-party.xml",
    person="The directory that conf/attribute-resolver.xml reads → mail",
)


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_NAME_ID = gettext_noop(
    "Add a generator for the format emailAddress with the source attribute mail, for JustCall's Entity ID, and "
    "reload the service."
)
_METADATA = gettext_noop(
    "Save JustCall's metadata anew, as the Single Sign-On page offers it, and reload the metadata: it holds both values."
)
_MAIL = gettext_noop(
    "Release mail to JustCall's Entity ID, with the usual name urn:oid:0.9.2342.19200300.100.1.3, and reload the "
    "service. Check that the person has a mail."
)

FIXES = usual_cures(
    PLACES,
    clock=CLOCK_OF_A_SERVER,
    tile=gettext_noop(
        "Tick Allow sign-in from the Shibboleth sign-in link and save, or tell people to start with Sign in with SSO."
    ),
) | {
    Refusal.NO_RESPONSE: _there(
        "conf/metadata-providers.xml; logs/idp-process.log",
        gettext_noop(
            "Check that JustCall's metadata is loaded, and that the SSO URL saved in JustCall is the "
            "SingleSignOnService for HTTP-Redirect. The log names the reason of anything else."
        ),
    ),
    Refusal.TOO_LARGE: _there(
        _FILTER, gettext_noop("Release mail, givenName and sn to JustCall's Entity ID, and nothing else.")
    ),
    Refusal.WRONG_VERSION: _there(
        _PROFILE, gettext_noop("Let the relying party for JustCall use the profile SAML2.SSO.")
    ),
    Refusal.IDP_REFUSED: _there(
        "logs/idp-process.log",
        gettext_noop("The identity provider itself said no. Its log names the reason."),
    ),
    Refusal.NOT_SIGNED: _there(
        PLACES.signing,
        gettext_noop("Set one or both to true for JustCall's Entity ID, and reload the service."),
    ),
    Refusal.CANNOT_DECRYPT: _there(
        PLACES.encryption,
        gettext_noop(
            "Save JustCall's metadata anew, so that it encrypts with JustCall's certificate, or set this to false for "
            "JustCall's Entity ID."
        ),
    ),
    Refusal.ENCRYPTED_PART: _there(
        f"{_PROFILE} → p:encryptNameIDs, p:encryptAttributes",
        gettext_noop(
            "Set both to false for JustCall's Entity ID (encryptNameIDs=false), and reload the service. JustCall opens "
            "encrypted assertions, not parts of them."
        ),
    ),
    Refusal.WEAK_ALGORITHM: _there(
        PLACES.algorithm,
        gettext_noop(
            "Use the default security configuration, which signs with SHA-256, for JustCall's Entity ID."
        ),
    ),
    Refusal.WRONG_AUDIENCE: _there(PLACES.entity_id, _METADATA),
    Refusal.WRONG_DESTINATION: _there(PLACES.acs_url, _METADATA),
    Refusal.WRONG_RECIPIENT: _there(PLACES.acs_url, _METADATA),
    Refusal.NAME_ID_MISSING: _there(_NAME_IDS, _NAME_ID),
    Refusal.NAME_ID_TRANSIENT: _there(_NAME_IDS, _NAME_ID),
    Refusal.NAME_ID_NOT_EMAIL: _there(_NAME_IDS, _NAME_ID),
    Refusal.EMAIL_MISSING: _there(_FILTER, _MAIL),
    Refusal.EMAIL_AMBIGUOUS: _there(
        "conf/attribute-resolver.xml → mail", gettext_noop("Let mail have one value alone for each person.")
    ),
    Refusal.NAMES_MISSING: _there(
        _FILTER, gettext_noop("Release givenName and sn to JustCall's Entity ID, and reload the service.")
    ),
}

_SAML2 = r"(?:/[\w.-]+)?/profile/SAML2"

SHIBBOLETH = Guide(
    name="shibboleth",
    title=TITLE,
    tile=gettext_noop("Shibboleth sign-in link"),
    recognised=gettext_noop("This looks like a Shibboleth URL. Use the Shibboleth guide?"),
    steps=(
        gettext_noop(
            "Save JustCall's metadata, linked below, into the folder **metadata** of the identity provider. It "
            "holds these two values and the certificate for encryption. Name it in **conf/metadata-providers.xml** "
            "with a FilesystemMetadataProvider."
        ),
        gettext_noop(
            "In **conf/saml-nameid.xml**, add a generator of the format **emailAddress** with the source attribute "
            "**mail**. Then reload the services."
        ),
    ),
    acs_url=Setting("AssertionConsumerService", PLACES.acs_url),
    entity_id=Setting("entityID", PLACES.entity_id),
    acs_url_validator=None,
    login_url=None,
    encryption=Setting("p:encryptAssertions", PLACES.encryption),
    mapping=AttributeMapping(
        title=gettext_noop("Attribute release"),
        menu_path=_FILTER,
        instruction=gettext_noop(
            "Add an attribute filter policy for JustCall's Entity ID that releases these three. The names are the "
            "usual ones."
        ),
        columns=(gettext_noop("Sent as"), gettext_noop("attributeID")),
        rows=(
            Parameter("urn:oid:0.9.2342.19200300.100.1.3", "mail"),
            Parameter("urn:oid:2.5.4.42", "givenName"),
            Parameter("urn:oid:2.5.4.4", "sn"),
        ),
    ),
    sso_url=Setting("SingleSignOnService", PLACES.sso_url),
    issuer=Setting("entityID", PLACES.issuer),
    certificate=Setting("Signing certificate", f"{_CREDENTIALS}, or the first of {_ITS_METADATA}"),
    metadata_path=f"{_ITS_METADATA}, often served at /idp/shibboleth",
    people_path=PLACES.people,
    people_how=gettext_noop(
        "Everybody who can sign in there may use JustCall, unless a context check says otherwise. Add yourself to "
        "it if so."
    ),
    unassigned=NO_ACCESS,
    # The entity ID is mostly the address of the metadata.
    url_shapes=UrlShapes(
        hosts=NEVER,
        sso=rf"{_SAML2}/(?:Redirect|POST|POST-SimpleSign)/SSO/?",
        slo=rf"{_SAML2}/(?:Redirect|POST|POST-SimpleSign|SOAP)/SLO/?",
        issuer=r"/idp/shibboleth/?",
        tile=rf"{_SAML2}/Unsolicited/SSO/?",
        telling=("sso", "slo", "issuer", "tile"),
    ),
    fixes=FIXES,
    closer_fixes={
        Refusal.IDP_REFUSED: cures_by_status(
            TITLE,
            app=_OUR_METADATA,
            people=PLACES.people,
            name_id=_NAME_IDS,
            policy=PLACES.policy,
            sso_url=PLACES.sso_url,
        )
        | {"InvalidNameIDPolicy": _there(_NAME_IDS, _NAME_ID)}
    },
    shown_errors=(
        ShownError(
            "unknown_service",
            gettext_noop(
                "“Unsupported Request: The application you have accessed is not registered for use with this service.”"
            ),
            gettext_noop("JustCall's metadata is not loaded, or holds another Entity ID."),
            _there("conf/metadata-providers.xml", _METADATA),
        ),
    ),
)
