"""LastPass Business: the words of its Admin Console.

Sources: support.lastpass.com and support.logmeininc.com/lastpass ("How do I add SSO apps for LastPass users?", "Add
LastPass SSO Apps", the integration pages' tables of settings); WorkOS' LastPass guide. No public document was found
for what somebody sees who may not use an app.
"""

from __future__ import annotations

from sso.guides.cures import cures_by_status
from sso.guides.guide import AttributeMapping, Fix, Guide, Parameter, Setting, UrlShapes
from sso.guides.usual import CLOCK_OF_A_SERVICE, NO_ACCESS, Places, usual_cures
from sso.phrases import gettext_noop
from sso.refusals import Refusal

TITLE = "LastPass"
_APPS = "Applications → SSO apps"
_APP = f"{_APPS} → JustCall"
_ITS_VALUES = f"{_APP} → Set up app"
_OURS = f"{_APP} → Set up LastPass"
_ADVANCED = f"{_OURS} → Advanced settings"
_SIGNING = f"{_ADVANCED} → Signing and encryption"

PLACES = Places(
    title=TITLE,
    app=_APP,
    new_app=f"{_APPS} → Add app → Add an unlisted app",
    acs_url=f"{_OURS} → ACS",
    entity_id=f"{_ADVANCED} → Entity ID",
    name_id=f"{_ADVANCED} → Identifier",
    attributes=f"{_ADVANCED} → Custom attributes",
    signing=_SIGNING,
    algorithm=f"{_ADVANCED} → SAML signature method",
    encryption=f"{_SIGNING} → Encrypt assertion, Upload partner certificate",
    sso_url=f"{_ITS_VALUES} → SSO endpoint",
    issuer=f"{_ITS_VALUES} → Entity ID",
    certificate=f"{_ITS_VALUES} → Certificate",
    new_certificate=f"{_ITS_VALUES} → Certificate",
    people=f"{_APP} → Users, groups & roles",
    policy=_APP,
    person="Users → Users → the person",
)


def _there(menu_path: str, instruction: str) -> Fix:
    return Fix(menu_path, instruction, TITLE)


_IDENTIFIER = gettext_noop("Choose Email and save. Check that it is the person's email address at work.")

FIXES = usual_cures(
    PLACES,
    clock=CLOCK_OF_A_SERVICE,
    tile=gettext_noop(
        "Tick Allow sign-in from LastPass Cloud Apps and save, or tell people to start with Sign in with SSO."
    ),
) | {
    Refusal.NO_RESPONSE: _there(
        PLACES.on_the_way,
        gettext_noop(
            "Check three things: the person is assigned to the app, the ACS is the ACS URL shown in JustCall, and "
            "the SSO URL saved in JustCall is the SSO endpoint."
        ),
    ),
    Refusal.NOT_SIGNED: _there(
        PLACES.signing, gettext_noop("Tick Sign assertion, Sign response or both, and save.")
    ),
    Refusal.WEAK_ALGORITHM: _there(PLACES.algorithm, gettext_noop("Choose SHA256, not SHA1, and save.")),
    Refusal.CANNOT_DECRYPT: _there(
        PLACES.encryption,
        gettext_noop(
            "Upload JustCall's certificate, shown on the Single Sign-On page, as the partner certificate, or untick "
            "Encrypt assertion. Save."
        ),
    ),
    Refusal.CERTIFICATE_EXPIRED: _there(
        PLACES.new_certificate,
        gettext_noop("Select another certificate there, download it, enter it in JustCall and save."),
    ),
    Refusal.NAME_ID_MISSING: _there(PLACES.name_id, _IDENTIFIER),
    Refusal.NAME_ID_NOT_EMAIL: _there(PLACES.name_id, _IDENTIFIER),
    Refusal.EMAIL_MISSING: _there(
        PLACES.attributes,
        gettext_noop("Click Add SAML attribute, choose Email, name it email, spelt like this, and save."),
    ),
    Refusal.NAMES_MISSING: _there(
        PLACES.attributes,
        gettext_noop("Add First Name as firstName and Last Name as lastName, spelt like this, and save."),
    ),
}

LASTPASS = Guide(
    name="lastpass",
    title=TITLE,
    tile=gettext_noop("LastPass Cloud Apps"),
    recognised=gettext_noop("This looks like a LastPass URL. Use the LastPass guide?"),
    steps=(
        gettext_noop(
            "In the LastPass Admin Console, go to **Applications → SSO apps → Add app → Add an unlisted app**. Name it "
            "**JustCall** and click Continue."
        ),
        gettext_noop(
            "Under Set up LastPass, paste the ACS URL as **ACS**. Under Advanced settings, paste the Entity ID, "
            "choose Email as Identifier and **SHA256**, and tick **Sign assertion**."
        ),
    ),
    acs_url=Setting("ACS", PLACES.acs_url),
    entity_id=Setting("Entity ID", PLACES.entity_id),
    acs_url_validator=None,
    login_url=None,
    encryption=Setting("Upload partner certificate", f"{_ADVANCED} → Upload partner certificate"),
    mapping=AttributeMapping(
        title=gettext_noop("Custom attributes"),
        menu_path=PLACES.attributes,
        instruction=gettext_noop(
            "Add these three with **Add SAML attribute**, then click Save & assign users."
        ),
        columns=(gettext_noop("Attribute name"), gettext_noop("LastPass field")),
        rows=(
            Parameter("email", "Email"),
            Parameter("firstName", "First Name"),
            Parameter("lastName", "Last Name"),
        ),
    ),
    sso_url=Setting("SSO endpoint", PLACES.sso_url),
    issuer=Setting("Entity ID", PLACES.issuer),
    certificate=Setting("Certificate", PLACES.certificate),
    metadata_path=f"{_ITS_VALUES} → Download metadata (XML)",
    people_path=PLACES.people,
    people_how=gettext_noop(
        "Click Assign users, groups & roles, choose yourself and whoever else shall use JustCall, and click Save & "
        "continue."
    ),
    unassigned=NO_ACCESS,
    # The issuer is its host alone, the same for every company.
    url_shapes=UrlShapes(
        hosts=r"identity\.lastpass\.(?:com|eu)",
        sso=r"(?i)/saml/ssoservice(?:/[\w-]+)?/?",
        slo=r"(?i)/login/logout/?",
        issuer=r"/?",
        telling=(),
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
