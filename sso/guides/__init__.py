"""One module of data for each identity provider: menu paths, hints, shapes of addresses, and a cure a refusal."""

from __future__ import annotations

from sso.guides.guide import Fix, Guide, Parameter, Setting, UrlShapes
from sso.guides.onelogin import ONELOGIN
from sso.refusals import Refusal

__all__ = ["GUIDES", "Fix", "Guide", "Parameter", "Setting", "UrlShapes", "fix_for", "guide_named"]

GUIDES: dict[str, Guide] = {ONELOGIN.name: ONELOGIN}


def guide_named(name: str) -> Guide:
    """The guide of that name. A name this release does not know gets OneLogin's, so that no page fails over it."""
    return GUIDES.get(name, ONELOGIN)


def fix_for(guide_name: str, refusal: Refusal) -> Fix:
    """The cure of a refusal in the words of that identity provider."""
    return guide_named(guide_name).fixes[refusal]
