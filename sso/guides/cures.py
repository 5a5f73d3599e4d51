"""The cures that all guides share: those in JustCall itself, and those that are in no menu."""

from __future__ import annotations

from dataclasses import replace

from sso.guides.guide import Fix
from sso.phrases import Phrase, gettext_noop
from sso.refusals import Refusal

SSO_SETTINGS = "Settings → Security → Single Sign-On"
DOMAINS = "Settings → Security → Verified domains"
TEAM = "Settings → Team members"


def here(menu_path: str, instruction: str) -> Fix:
    """A cure in JustCall."""
    return Fix(menu_path, instruction, "JustCall")


def nowhere(instruction: str) -> Fix:
    """A cure that is not in a menu."""
    return Fix("", instruction, "")


START_AGAIN = gettext_noop("Start the sign-in again, from your company portal or with Sign in with SSO.")

_CLOCK_AHEAD = gettext_noop(
    "Your identity provider's clock is ahead of JustCall's. Set the clock of its server by NTP. If it is a service on "
    "the web, send the reference to JustCall support."
)

# The same for every identity provider.
CURED_HERE: dict[Refusal, Fix] = {
    Refusal.UNKNOWN_DOMAIN: here(
        DOMAINS, gettext_noop("Verify the email domain of your people, or correct the address.")
    ),
    Refusal.SSO_OFF: here(SSO_SETTINGS, gettext_noop("Test the connection, then turn single sign-on on.")),
    Refusal.PLAN_LAPSED: nowhere(
        gettext_noop(
            "The owner asks JustCall support to move the company to Business. The configuration works again at once."
        )
    ),
    Refusal.NOT_A_RESPONSE: nowhere(
        gettext_noop("Start the sign-in again. If it stays, send the reference to JustCall support.")
    ),
    Refusal.NOT_BASE64: nowhere(
        gettext_noop(
            "The identity provider's software must encode the XML in base64, once, and let the browser's form do the "
            "rest (SAML bindings 3.5.4)."
        )
    ),
    Refusal.IDP_TIMED_OUT: nowhere(START_AGAIN),
    Refusal.AUTHENTICATED_LATER: nowhere(_CLOCK_AHEAD),
    Refusal.NOT_YET_VALID: nowhere(_CLOCK_AHEAD),
    Refusal.SESSION_OVER: nowhere(
        gettext_noop(
            "Let sessions last longer at your identity provider, and look at the clock of its server. If both are right, "
            "its SAML software writes a wrong SessionNotOnOrAfter."
        )
    ),
    Refusal.TIME_NOT_UTC: nowhere(
        gettext_noop(
            "Your identity provider's SAML software must write every time in UTC with a Z, such as 2026-01-31T09:00:00Z. "
            "Update it, or show this to its makers (SAML core 1.3.3)."
        )
    ),
    Refusal.UNKNOWN_REQUEST: nowhere(START_AGAIN),
    Refusal.REQUEST_NOT_OURS: nowhere(
        gettext_noop(
            "Your identity provider's SAML software must leave InResponseTo out when nobody asked, as from the tile. "
            "Until it does, people start at JustCall with Sign in with SSO."
        )
    ),
    Refusal.IN_RESPONSE_TO_MISSING: nowhere(
        gettext_noop(
            "That is a fault of your identity provider's SAML software: update it, or show this to its makers (SAML "
            "profiles 4.1.4.2). Until it is mended, people can start from your company portal."
        )
    ),
    Refusal.OTHER_BROWSER: nowhere(
        gettext_noop(
            "Start the sign-in again and finish it in the same browser window. Private windows count as another one."
        )
    ),
    Refusal.REPLAYED: nowhere(START_AGAIN),
    Refusal.DOMAIN_NOT_VERIFIED: here(
        DOMAINS, gettext_noop("Verify this domain, or correct the person's email at your identity provider.")
    ),
    Refusal.MEMBER_DEACTIVATED: here(
        TEAM, gettext_noop("Reactivate the member, or unassign the person at your identity provider.")
    ),
    Refusal.CREATION_OFF: here(
        TEAM,
        gettext_noop("Invite the person, or tick Create members automatically on the Single Sign-On page."),
    ),
    Refusal.NO_SEAT: here(TEAM, gettext_noop("Deactivate a member who has left, or add seats to your plan.")),
    Refusal.EMAIL_ELSEWHERE: nowhere(gettext_noop("Send the reference to JustCall support.")),
    # Changing a member's email is not there yet: then this cure is it.
    Refusal.EMAIL_CHANGED: nowhere(
        gettext_noop(
            "JustCall can't change a member's email yet: set the person's email back at your identity provider. Do not "
            "use Reset SSO link: the next sign-in would make a second member."
        )
    ),
    Refusal.LINK_MOVED: here(
        TEAM, gettext_noop("If it is the same person under a new NameID, use Reset SSO link at this member.")
    ),
    Refusal.OUR_FAULT: nowhere(
        gettext_noop("Try again. If it stays, send the reference to JustCall support.")
    ),
}


# A status or a text in a status message; the menu with its cure, or none; and what to do there. The first one that was
# received counts: texts come first, then second-level statuses, then first-level ones (SAML core 3.2.2.2).
_CURES_BY_STATUS = (
    # For events of an earlier release: today it is a cause of its own.
    ("authentication_expired", "", START_AGAIN),
    (
        "NoAuthnContext",
        "policy",
        gettext_noop(
            "The person could not sign in by any method that is allowed for this app. Look at its sign-in policy, "
            "such as a second factor the person has not set up."
        ),
    ),
    (
        "RequestDenied",
        "people",
        gettext_noop(
            "It does not let this person use the app. Check that the person is assigned and not suspended."
        ),
    ),
    (
        "AuthnFailed",
        "people",
        gettext_noop(
            "The person did not manage to sign in there: a wrong password, a cancelled or failed second factor, or "
            "a locked account. Let them try again, then look at their account."
        ),
    ),
    (
        "NoPassive",
        "",
        gettext_noop(
            "It would have had to ask the person something and was not allowed to. Start the sign-in again."
        ),
    ),
    (
        "InvalidNameIDPolicy",
        "name_id",
        gettext_noop("It can't send an email address as the NameID. Set the format to an email address."),
    ),
    (
        "UnknownPrincipal",
        "people",
        gettext_noop("It does not know this person. Check that the account exists and is assigned."),
    ),
    (
        "UnsupportedBinding",
        "sso_url",
        gettext_noop(
            "The SSO URL saved in JustCall takes another kind of request. Copy the one for HTTP-Redirect into SSO URL in "
            "JustCall and save."
        ),
    ),
    (
        "RequestUnsupported",
        "app",
        gettext_noop(
            "It does not take this kind of request. Check that the app is one for SAML 2.0, and that a sign-in may be "
            "started at JustCall."
        ),
    ),
    (
        "VersionMismatch",
        "app",
        gettext_noop("It does not take SAML 2.0 requests. Make the app a SAML 2.0 one."),
    ),
    (
        "Requester",
        "app",
        gettext_noop(
            "It could not use JustCall's request. Check that Entity ID and ACS URL there are the ones JustCall "
            "shows."
        ),
    ),
)


def cures_by_status(
    system: str, *, app: str, people: str, name_id: str, policy: str, sso_url: str
) -> dict[str | Phrase, Fix]:
    """The cures for the statuses that an identity provider may send instead of Success.

    The arguments are menu paths of its console, and `system` is its name.
    """
    menu_paths = {"app": app, "people": people, "name_id": name_id, "policy": policy, "sso_url": sso_url}
    cures: dict[str | Phrase, Fix] = {
        status: Fix(menu_paths[menu], instruction, system) if menu else nowhere(instruction)
        for status, menu, instruction in _CURES_BY_STATUS
    }
    saved = here(f"{SSO_SETTINGS} → SSO URL", cures["UnsupportedBinding"].instruction)
    return cures | {"UnsupportedBinding": replace(saved, copied_from=f"{system}: {sso_url}")}
