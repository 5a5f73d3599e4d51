"""When nothing comes back: the usual causes, by what the identity provider showed instead. Only the admin can tell."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sso.guides import Fix, Guide


@dataclass(frozen=True, slots=True)
class Cause:
    """What somebody saw, what it means, and the cure of just that."""

    name: str
    seen: str
    meaning: str
    fix: Fix


def usual_causes(guide: Guide) -> list[Cause]:
    """The usual causes of silence, most frequent first, in the words of a guide."""
    words = {
        "idp": guide.title,
        "validator": guide.acs_url_validator.label,
        "acs": guide.acs_url.label,
        "sso": guide.sso_url.label,
    }
    causes = [
        Cause(
            "not_assigned",
            _("“You do not have access to this application”, or “not assigned”"),
            _("You are not assigned to the app."),
            Fix(
                guide.people_path,
                _(
                    "Add yourself, or a role or group you are in, and everybody else who shall use JustCall. Click Save."
                ),
                guide.title,
            ),
        ),
        Cause(
            "validator",
            _("An error about the ACS URL, the consumer or the recipient"),
            _("The %(validator)s does not match the ACS URL.") % words,
            Fix(
                guide.acs_url_validator.menu_path,
                _(
                    "Copy both ACS URL Validator and ACS URL from JustCall once more, and paste them. Click Save."
                ),
                guide.title,
            ),
        ),
        Cause(
            "sso_url",
            _("Page not found, an unknown application, or an app that is not JustCall"),
            _("The SSO URL saved in JustCall is not the one of this app."),
            Fix(
                guide.sso_url.menu_path,
                _("Copy the %(sso)s, paste it into SSO URL in JustCall, and click Save Configuration.")
                % words,
                guide.title,
            ),
        ),
        Cause(
            "acs_url",
            _("You signed in, and then met a page that was not found or did not open"),
            _("The response went to another address: %(acs)s is not the one shown in JustCall.") % words,
            Fix(
                guide.acs_url.menu_path,
                _("Copy the ACS URL from JustCall and paste it. Click Save."),
                guide.title,
            ),
        ),
    ]
    return [cause for cause in causes if cause.fix.menu_path]
