"""SimpleSAMLphp 1.x and 2.x as an identity provider: its files, for it has no console.

Sources: simplesamlphp.org/docs ("Identity Provider QuickStart", "SP remote metadata reference", "IdP hosted
metadata reference", "NameID generation filters", "Authentication Processing Filters"), and its module authorize for
the page of somebody who is not let in.
"""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import NEVER, AttributeMapping, Fix, Guide, Parameter, Setting, UrlShapes
from sso.guides.usual import CLOCK_OF_A_SERVER, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "SimpleSAMLphp"
_JUSTCALL = "metadata/saml20-sp-remote.php → JustCall"
_HOSTED = "metadata/saml20-idp-hosted.php"
_ITS_METADATA = "Its metadata"

PLACES = Places(
    title=TITLE,
    app=_JUSTCALL,
    new_app="metadata/saml20-sp-remote.php",
    acs_url=f"{_JUSTCALL} → AssertionConsumerService",
    entity_id=f"{_JUSTCALL} → the index of the entry",
    name_id=f"{_JUSTCALL} → authproc → saml:AttributeNameID",
    attributes=f"{_JUSTCALL} → authproc → core:AttributeMap",
    signing=f"{_JUSTCALL} → saml20.sign.assertion, saml20.sign.response",
    algorithm=f"{_JUSTCALL} → signature.algorithm",
    encryption=f"{_JUSTCALL} → assertion.encryption, certData",
    sso_url=f"{_ITS_METADATA} → SingleSignOnService",
    issuer=f"{_ITS_METADATA} → entityID",
    certificate=f"{_HOSTED} → certificate",
    new_certificate=f"{_HOSTED} → certificate, privatekey",
    people=f"{_JUSTCALL} → authproc",
    policy=f"{_HOSTED} → auth",
    person="The authentication source in config/authsources.php → mail",
)


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_NAME_ID = gettext_noop(
    "Add the filter saml:AttributeNameID with the identifyingAttribute mail and the Format "
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress."
)

FIXES = usual_cures(
    PLACES,
    clock=CLOCK_OF_A_SERVER,
    tile=gettext_noop(
        "Tick Allow sign-in from the SimpleSAMLphp sign-in link and save, or tell people to start with Sign in with SSO."
    ),
) | {
    Refusal.NO_RESPONSE: _there(
        "metadata/saml20-sp-remote.php",
        gettext_noop(
            "Check that the entry for JustCall has JustCall's Entity ID as its index and the ACS URL as "
            "AssertionConsumerService, and that the SSO URL saved in JustCall is the one of its metadata. Its log "
            "says more."
        ),
    ),
    Refusal.WRONG_VERSION: _there(
        "config/config.php → enable.saml20-idp",
        gettext_noop("Set it to true, and use the addresses of SAML 2.0."),
    ),
    Refusal.NOT_SIGNED: _there(
        PLACES.signing,
        gettext_noop("Set one or both to true, or remove both: they are true unless something else is said."),
    ),
    Refusal.WEAK_ALGORITHM: _there(
        PLACES.algorithm,
        gettext_noop("Remove it, or set it to http://www.w3.org/2001/04/xmldsig-more#rsa-sha256."),
    ),
    Refusal.ENCRYPTED_PART: _there(
        f"{_JUSTCALL} → nameid.encryption",
        gettext_noop(
            "Remove it, or set it to false. JustCall opens encrypted assertions, not parts of them."
        ),
    ),
    Refusal.UNKNOWN_ENCRYPTION: _there(
        f"{_JUSTCALL} → sharedkey_algorithm",
        gettext_noop("Remove it, or set it to http://www.w3.org/2009/xmlenc11#aes256-gcm."),
    ),
    Refusal.CANNOT_DECRYPT: _there(
        PLACES.encryption,
        gettext_noop(
            "Put JustCall's certificate, shown on the Single Sign-On page, into certData, or set "
            "assertion.encryption to false."
        ),
    ),
    Refusal.WRONG_AUDIENCE: _there(
        PLACES.entity_id,
        gettext_noop("Let JustCall's Entity ID, with the slash at its end, be the index of the entry."),
    ),
    Refusal.NAME_ID_MISSING: _there(PLACES.name_id, _NAME_ID),
    Refusal.NAME_ID_TRANSIENT: _there(PLACES.name_id, _NAME_ID),
    Refusal.NAME_ID_NOT_EMAIL: _there(PLACES.name_id, _NAME_ID),
    Refusal.EMAIL_MISSING: _there(
        PLACES.attributes,
        gettext_noop("Map mail to email, or add the map name2oid. Check that the person has a mail."),
    ),
    Refusal.NAMES_MISSING: _there(
        PLACES.attributes,
        gettext_noop("Map givenName to firstName and sn to lastName, or add the map name2oid."),
    ),
}

_ROOT = r"(?:/[\w.-]+)*"

SIMPLESAMLPHP = Guide(
    name="simplesamlphp",
    title=TITLE,
    tile=gettext_noop("SimpleSAMLphp sign-in link"),
    recognised=gettext_noop("This looks like a SimpleSAMLphp URL. Use the SimpleSAMLphp guide?"),
    steps=(
        gettext_noop(
            "Turn JustCall's metadata, linked below, into an entry of **metadata/saml20-sp-remote.php**: its own "
            "metadata converter does that. Or write the entry yourself, with these two values."
        ),
        gettext_noop(
            "Add to its **authproc** the filter **saml:AttributeNameID** with the identifyingAttribute mail and the "
            "Format urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress."
        ),
    ),
    acs_url=Setting("AssertionConsumerService", PLACES.acs_url),
    entity_id=Setting("the index of the entry", PLACES.entity_id),
    acs_url_validator=None,
    login_url=None,
    encryption=Setting("certData", f"{_JUSTCALL} → certData, with assertion.encryption"),
    mapping=AttributeMapping(
        title=gettext_noop("Attributes"),
        menu_path=PLACES.attributes,
        instruction=gettext_noop(
            "Rename these three with a filter **core:AttributeMap**. With the map **name2oid**, the usual urn:oid "
            "names are read as well."
        ),
        columns=(gettext_noop("New name"), gettext_noop("Attribute")),
        rows=(Parameter("email", "mail"), Parameter("firstName", "givenName"), Parameter("lastName", "sn")),
    ),
    sso_url=Setting("SingleSignOnService", PLACES.sso_url),
    issuer=Setting("entityID", PLACES.issuer),
    certificate=Setting("X509Certificate", f"{_ITS_METADATA} → X509Certificate"),
    metadata_path="The address saml2/idp/metadata.php below its own, or module.php/saml/idp/metadata",
    people_path=PLACES.people,
    people_how=gettext_noop(
        "Everybody who can sign in there may use JustCall, unless a filter says otherwise. Let the filter let you "
        "in if so."
    ),
    unassigned=gettext_noop(
        "“Access forbidden: You don't have the needed privileges to access this application.”"
    ),
    # Release 2 has new addresses; the entity ID is mostly the address of the metadata.
    url_shapes=UrlShapes(
        hosts=NEVER,
        sso=rf"{_ROOT}/(?:saml2/idp/SSOService\.php|module\.php/saml/idp/singleSignOnService)/?",
        slo=rf"{_ROOT}/(?:saml2/idp/SingleLogoutService\.php|module\.php/saml/idp/singleLogout)/?",
        issuer=rf"{_ROOT}/(?:saml2/idp/metadata\.php|module\.php/saml/idp/metadata(?:\.php)?)/?",
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
