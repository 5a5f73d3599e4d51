"""Cures that follow from where a field is: the same words for each identity provider, with the path of its guide."""

from __future__ import annotations

from sso.phrases import gettext_noop
from sso.refusals import Refusal

# The name of the guide's setting, and what to do there.
AT_SETTING: dict[Refusal, tuple[str, str]] = {
    Refusal.LOGOUT_AT_ACS: (
        "acs_url",
        gettext_noop(
            "On the same page, leave the address for signing out (single logout, SLO) empty: JustCall has no single "
            "logout."
        ),
    ),
    Refusal.WRONG_ADDRESS: (
        "acs_url",
        gettext_noop(
            "Your identity provider's ACS URL must be the ACS URL shown in JustCall, with the slash at its end. Paste it "
            "there."
        ),
    ),
    Refusal.NOT_BY_POST: (
        "acs_url",
        gettext_noop("Let the response be sent to the ACS URL by HTTP-POST, not by HTTP-Redirect."),
    ),
}
