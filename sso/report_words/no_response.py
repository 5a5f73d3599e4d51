"""The usual causes when no response comes, by what the identity provider showed instead.

JustCall cannot see that page, so the admin says which one it was.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sso.guides import Fix, Guide, Setting


@dataclass(frozen=True, slots=True)
class Cause:
    """What somebody saw, what it means, and the cure."""

    name: str
    seen: str
    meaning: str
    fix: Fix


def usual_causes(guide: Guide, *, of_tile: bool = False) -> list[Cause]:
    """The usual causes, most frequent first, in the terms of an identity provider.

    A sign-in from the tile does not use the SSO URL, so it cannot be the cause there.
    """
    words = {"idp": guide.title, "acs": guide.acs_url.label, "sso": guide.sso_url.label}
    causes = [
        Cause(
            "not_assigned",
            _(guide.unassigned),
            _("You are not assigned to the app."),
            Fix(guide.people_path, guide.people_how, guide.title),
        ),
        *(Cause(error.name, _(error.seen), _(error.meaning), error.fix) for error in guide.shown_errors),
    ]
    if guide.acs_url_validator is not None:
        causes.append(_validator(guide, guide.acs_url_validator))
    causes += [
        Cause(
            "sso_url",
            _("Page not found, an unknown application, or an app that is not JustCall"),
            _("The SSO URL saved in JustCall is not the one of this app."),
            guide.saved_here(
                Fix(
                    guide.sso_url.menu_path,
                    _("Copy the %(sso)s, paste it into SSO URL in JustCall, and click Save Configuration.")
                    % words,
                    guide.title,
                ),
                "Settings → Security → Single Sign-On → SSO URL",
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
                pasted=("acs_url",),
            ),
        ),
    ]
    return [cause for cause in causes if not (of_tile and cause.name == "sso_url")]


def _validator(guide: Guide, validator: Setting) -> Cause:
    return Cause(
        "validator",
        _("An error about the ACS URL, the consumer or the recipient"),
        _("The %(validator)s does not match the ACS URL.") % {"validator": validator.label},
        Fix(
            validator.menu_path,
            _("Copy both ACS URL Validator and ACS URL from JustCall once more, and paste them. Click Save."),
            guide.title,
            pasted=("acs_url_validator", "acs_url"),
        ),
    )
