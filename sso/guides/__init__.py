"""One module of data for each identity provider: menu paths, hints, shapes of addresses, and a cure a refusal."""

from __future__ import annotations

from sso.guides.entra import ENTRA
from sso.guides.google import GOOGLE
from sso.guides.guide import AttributeMapping, Fix, Guide, Parameter, Setting, UrlShapes
from sso.guides.okta import OKTA
from sso.guides.onelogin import ONELOGIN
from sso.phrases import Text
from sso.refusals import Refusal

__all__ = [
    "GUIDES",
    "AttributeMapping",
    "Fix",
    "Guide",
    "Parameter",
    "Setting",
    "UrlShapes",
    "fix_for",
    "guide_named",
]

# In the order the page offers them; the first is preselected.
GUIDES: dict[str, Guide] = {guide.name: guide for guide in (ONELOGIN, OKTA, ENTRA, GOOGLE)}


def guide_named(name: str) -> Guide:
    """The guide of that name. A name this release does not know gets OneLogin's, so that no page fails over it."""
    return GUIDES.get(name, ONELOGIN)


def fix_for(guide_name: str, refusal: Refusal, received: Text = "") -> Fix:
    """The cure of a refusal in the words of that identity provider, as close as what was received allows."""
    return guide_named(guide_name).fix_for(refusal, received)
