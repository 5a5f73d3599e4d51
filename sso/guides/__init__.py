"""The guides: for each identity provider a module with its menu paths, addresses and cures."""

from __future__ import annotations

from sso.guides.adfs import ADFS
from sso.guides.cyberark import CYBERARK
from sso.guides.duo import DUO
from sso.guides.entra import ENTRA
from sso.guides.google import GOOGLE
from sso.guides.guide import AttributeMapping, Fix, Guide, Parameter, Setting, ShownError, UrlShapes
from sso.guides.jumpcloud import JUMPCLOUD
from sso.guides.keycloak import KEYCLOAK
from sso.guides.lastpass import LASTPASS
from sso.guides.okta import OKTA
from sso.guides.onelogin import ONELOGIN
from sso.guides.other import OTHER
from sso.guides.pingone import PINGONE
from sso.guides.rippling import RIPPLING
from sso.guides.shibboleth import SHIBBOLETH
from sso.guides.simplesamlphp import SIMPLESAMLPHP
from sso.phrases import Text
from sso.refusals import Refusal

__all__ = [
    "FREQUENT",
    "GUIDES",
    "OTHER",
    "AttributeMapping",
    "Fix",
    "Guide",
    "Parameter",
    "Setting",
    "ShownError",
    "UrlShapes",
    "fix_for",
    "guide_named",
]

# The page has a button for each of these. It shows the first until an address is recognised or somebody chooses.
FREQUENT = (ONELOGIN, OKTA, ENTRA, GOOGLE)
_OTHERS = (
    ADFS,
    CYBERARK,
    DUO,
    JUMPCLOUD,
    KEYCLOAK,
    LASTPASS,
    PINGONE,
    RIPPLING,
    SHIBBOLETH,
    SIMPLESAMLPHP,
    OTHER,
)

# In the order the page offers them.
GUIDES: dict[str, Guide] = {guide.name: guide for guide in (*FREQUENT, *_OTHERS)}


def guide_named(name: str) -> Guide:
    """The guide with this name. For no name or an unknown one, the guide for any other provider."""
    return GUIDES.get(name, OTHER)


def fix_for(guide_name: str, refusal: Refusal, received: Text = "") -> Fix:
    """The cure of a refusal in the words of an identity provider. `received` may select a closer one."""
    return guide_named(guide_name).fix_for(refusal, received)
